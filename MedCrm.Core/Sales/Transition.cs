using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

/// <summary>The one way of every move, by hand or many at once: the entity's rules, then what follows from the outcome, in the same gesture.</summary>
internal static class Transition
{
    /// <summary>Moves a deal loaded with its stage, lines and contacts. A win makes the institution a customer; a loss may plan its revival.</summary>
    /// <exception cref="BusinessRuleException">The move is refused; nothing was taken.</exception>
    public static async Task MoveAsync(ListScope scope, Opportunity deal, Stage destination, MoveTerms? terms, CancellationToken cancellationToken)
    {
        if (deal.StageId == destination.Id)
        {
            return;
        }

        if (terms?.ReviveInMonths is < 1 or > 60)
        {
            throw new BusinessRuleException("La relance va de 1 à 60 mois.", nameof(MoveTerms.ReviveInMonths));
        }

        var clock = scope.Clock;
        deal.MoveTo(destination, scope.Actor, clock.UtcNow, clock.Today, Allowed(terms, scope.Actor));
        if (destination.Outcome is StageOutcome.Won)
        {
            var institution = await scope.Db.Institutions.SingleOrDefaultAsync(i => i.Id == deal.InstitutionId, cancellationToken);
            if (institution is { Status: not CustomerStatus.Customer })
            {
                institution.BecomeCustomer(clock.UtcNow);
            }
        }
        else if (destination.Outcome is StageOutcome.Lost && terms?.ReviveInMonths is { } months)
        {
            scope.Db.FollowUpTasks.Add(Revival(deal, months, scope.Actor, clock));
        }
    }

    /// <summary>The terms with what this actor may do.</summary>
    public static MoveTerms Allowed(MoveTerms? terms, Actor actor) => (terms ?? new MoveTerms()) with { MayForce = actor.May(Right.ForceStageGate) };

    /// <summary>A stage with its checklist.</summary>
    /// <exception cref="BusinessRuleException">It is gone.</exception>
    public static async Task<Stage> StageAsync(MedCrmDbContext db, Guid stageId, CancellationToken cancellationToken)
        => db.Stages.Local.FirstOrDefault(stage => stage.Id == stageId && db.Entry(stage).Collection(loaded => loaded.Requirements).IsLoaded)
            ?? await db.Stages.Include(stage => stage.Requirements).SingleOrDefaultAsync(stage => stage.Id == stageId, cancellationToken)
            ?? throw new BusinessRuleException("Cette étape n'existe plus.");

    private static FollowUpTask Revival(Opportunity deal, int months, Actor actor, BusinessClock clock) => new(
        new FollowUpTaskDetails
        {
            Title = Clean.Shortened($"Relancer : {deal.Name}", 200),
            DueOn = clock.Today.AddMonths(months),
            OwnerId = deal.OwnerId ?? actor.Id,
            TeamId = deal.TeamId ?? actor.TeamId,
            InstitutionId = deal.InstitutionId,
            ContactId = deal.ContactId,
            OpportunityId = deal.Id,
        },
        actor,
        clock.UtcNow);
}
