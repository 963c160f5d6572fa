using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Sales;

/// <summary>What somebody is asked before a deal moves: what its checklist lacks, the amount and competitors known so far.</summary>
/// <param name="HasLines">The amount comes from product lines and is changed there.</param>
/// <param name="MayForce">The actor may pass over the checklist.</param>
public sealed record MovePreview(Guid OpportunityId, string Name, StageRow Destination, IReadOnlyList<Requirement> Missing, decimal Amount, bool HasLines, Guid InstitutionId, IReadOnlyList<string> Competitors, bool MayForce);

/// <summary>The door of deals: creates, edits, moves, puts to sleep, removes them.</summary>
public sealed class Opportunities(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ILogger<Opportunities> logger)
{
    private const string Gone = "Cette affaire n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>The tags or competitors in use on deals that the actor sees, the most used first.</summary>
    public async Task<IReadOnlyList<string>> LabelsInUseAsync(OpportunityLabelKind kind, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        return await db.Opportunities.VisibleTo(actor)
            .SelectMany(deal => deal.Labels)
            .Where(label => label.Kind == kind)
            .GroupBy(label => label.Text)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
            .Select(group => group.Key)
            .Take(200)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Creates a deal in an open stage, on top of its column. Without an owner it belongs to the actor.</summary>
    /// <exception cref="BusinessRuleException">A field is refused, or the stage's checklist is not met.</exception>
    public async Task<Done> CreateAsync(OpportunityDetails details, Guid stageId, MoveTerms? terms = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditSales);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        details = details with { OwnerId = details.OwnerId ?? actor.Id };
        details = details with { TeamId = await Assignment.TeamAsync(db, null, details.OwnerId, details.TeamId, cancellationToken) };
        await CheckLinksAsync(db, actor, details, null, cancellationToken);
        await Links.CheckContactAsync(db, actor, terms?.ContactId, before: null, cancellationToken);
        var stage = await Transition.StageAsync(db, stageId, cancellationToken);

        Opportunity deal = null!;
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var rank = await ColumnOrder.RankAsync(db, stageId, Guid.Empty, null, cancellationToken);
                deal = new Opportunity(details, stage, rank, actor, clock.UtcNow, Transition.Allowed(terms, actor));
                gesture.Sentence = $"Affaire « {deal.Name} » créée";
                db.Opportunities.Add(deal);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(deal.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Takes new values, joined with what others saved since the form was opened. A new owner brings the deal into their team.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields meanwhile.</exception>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public Task<Done> EditAsync(Guid opportunityId, OpportunityDetails seen, OpportunityDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(() => EditOnceAsync(opportunityId, seen, mine, cancellationToken));

    /// <summary>Moves a deal to another stage, to a place in its column, or both. A win makes the institution a customer; a loss may plan its revival, in the same gesture.</summary>
    /// <exception cref="StageGateException">The stage's checklist lacks items.</exception>
    /// <exception cref="StaleRecordException">Somebody changed the deal since it was shown.</exception>
    /// <exception cref="BusinessRuleException">The move is refused.</exception>
    public async Task<Done> MoveAsync(Guid opportunityId, Guid stageId, Guid seenVersion, CardPlace? place = null, MoveTerms? terms = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditSales);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var destination = await Transition.StageAsync(db, stageId, cancellationToken);
                var deal = await ForMoving(db, actor).SingleOrDefaultAsync(o => o.Id == opportunityId, cancellationToken) ?? throw new StaleRecordException(Gone);
                db.Expect(deal, seenVersion);
                await Links.CheckContactAsync(db, actor, terms?.ContactId, before: null, cancellationToken);

                gesture.Sentence = deal.StageId == stageId ? $"« {deal.Name} » replacée dans {destination.Name}" : SentenceOf(deal, destination);
                await Transition.MoveAsync(new ListScope(db, actor, clock), deal, destination, terms, cancellationToken);
                deal.RankAt(await ColumnOrder.RankAsync(db, stageId, deal.Id, place, cancellationToken));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        logger.LogInformation("Opportunity {OpportunityId} moved to stage {StageId}", opportunityId, stageId);
        return new Done(opportunityId, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>What a move will ask for, without moving.</summary>
    /// <exception cref="BusinessRuleException">The deal or the stage is gone.</exception>
    public async Task<MovePreview> PreviewMoveAsync(Guid opportunityId, Guid stageId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var destination = await Transition.StageAsync(db, stageId, cancellationToken);
        var deal = await ForMoving(db, actor).Include(o => o.Labels).SingleOrDefaultAsync(o => o.Id == opportunityId, cancellationToken) ?? throw new StaleRecordException(Gone);
        return new MovePreview(
            deal.Id,
            deal.Name,
            StageRow.Of(destination),
            destination.Outcome is StageOutcome.Lost ? [] : deal.MissingFor(destination),
            deal.Amount,
            deal.Lines.Count > 0,
            deal.InstitutionId,
            deal.Details().Competitors,
            actor.May(Right.ForceStageGate));
    }

    /// <summary>Not shown as dormant before a day, for a reason.</summary>
    /// <exception cref="BusinessRuleException">The day is past or the reason is missing.</exception>
    public Task<Done> SnoozeAsync(Guid opportunityId, DateOnly until, string? reason, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(opportunityId, seenVersion, deal => $"« {deal.Name} » mise en sommeil", (_, _, deal) => Done(() => deal.Snooze(until, reason, clock.Today, clock.UtcNow)), cancellationToken);

    /// <summary>Ends the snooze of a deal.</summary>
    public Task<Done> WakeUpAsync(Guid opportunityId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(opportunityId, seenVersion, deal => $"« {deal.Name} » réveillée", (_, _, deal) => Done(() => deal.WakeUp(clock.UtcNow)), cancellationToken);

    /// <summary>Replaces the product lines; the amount becomes their sum.</summary>
    /// <exception cref="BusinessRuleException">A line is incomplete.</exception>
    public Task<Done> SetLinesAsync(Guid opportunityId, IReadOnlyList<OpportunityLineDetails> lines, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(opportunityId, seenVersion, deal => $"Lignes de « {deal.Name} » modifiées", (_, _, deal) => Done(() => deal.SetLines(lines, clock.UtcNow)), cancellationToken);

    /// <summary>Replaces the contacts involved beside the main one.</summary>
    /// <exception cref="BusinessRuleException">A contact no longer exists.</exception>
    public Task<Done> SetContactsAsync(Guid opportunityId, IReadOnlyCollection<Guid> contactIds, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            opportunityId,
            seenVersion,
            deal => $"Contacts de « {deal.Name} » modifiés",
            async (db, actor, deal) =>
            {
                foreach (var contactId in contactIds.Where(id => !deal.Contacts.Any(row => row.ContactId == id)))
                {
                    await Links.CheckContactAsync(db, actor, contactId, before: null, cancellationToken);
                }

                deal.SetContacts(contactIds, clock.UtcNow);
            },
            cancellationToken);

    /// <summary>Puts a deal in the bin.</summary>
    public Task<Done> DeleteAsync(Guid opportunityId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(opportunityId, seenVersion, deal => $"Affaire « {deal.Name} » supprimée", (_, _, deal) => Done(() => deal.DeletedAt = clock.UtcNow), cancellationToken);

    /// <summary>New values of a deal, once what they refer to is known to exist and the team follows the owner.</summary>
    internal static async Task<OpportunityDetails> CheckedAsync(MedCrmDbContext db, Actor actor, OpportunityDetails details, Opportunity before, CancellationToken cancellationToken)
    {
        await CheckLinksAsync(db, actor, details, before, cancellationToken);
        return details with { TeamId = await Assignment.TeamAsync(db, before, details.OwnerId, details.TeamId, cancellationToken) };
    }

    private async Task<Done> EditOnceAsync(Guid opportunityId, OpportunityDetails seen, OpportunityDetails mine, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditSales);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var deal = await ForEditing(db, actor).SingleOrDefaultAsync(o => o.Id == opportunityId, cancellationToken) ?? throw new BusinessRuleException(Gone);
        var merged = await db.MergeAsync(deal, seen, mine, deal.Details(), cancellationToken);
        merged = await CheckedAsync(db, actor, merged, deal, cancellationToken);
        var gesture = db.Begin(actor, $"Affaire « {deal.Name} » modifiée");
        deal.Edit(merged, clock.UtcNow);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(deal.Id, gesture.Sentence, gesture.Undoable);
    }

    private async Task<Done> ChangeAsync(
        Guid opportunityId,
        Guid seenVersion,
        Func<Opportunity, string> sentenceOf,
        Func<MedCrmDbContext, Actor, Opportunity, Task> change,
        CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditSales);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var deal = await ForEditing(db, actor).SingleOrDefaultAsync(o => o.Id == opportunityId, cancellationToken) ?? throw new StaleRecordException(Gone);
        db.Expect(deal, seenVersion);
        var gesture = db.Begin(actor, sentenceOf(deal));
        await change(db, actor, deal);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(deal.Id, gesture.Sentence, gesture.Undoable);
    }

    private static IQueryable<Opportunity> ForMoving(MedCrmDbContext db, Actor actor)
        => db.Opportunities.VisibleTo(actor).Include(deal => deal.Stage).Include(deal => deal.Lines).Include(deal => deal.Contacts).AsSplitQuery();

    private static IQueryable<Opportunity> ForEditing(MedCrmDbContext db, Actor actor)
        => db.Opportunities.VisibleTo(actor).Include(deal => deal.Stage).Include(deal => deal.Lines).Include(deal => deal.Contacts).Include(deal => deal.Labels).AsSplitQuery();

    private static async Task CheckLinksAsync(MedCrmDbContext db, Actor actor, OpportunityDetails details, Opportunity? before, CancellationToken cancellationToken)
    {
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before?.InstitutionId, cancellationToken);
        await Links.CheckContactAsync(db, actor, details.ContactId, before?.ContactId, cancellationToken);
    }

    private static string SentenceOf(Opportunity deal, Stage destination) => destination.Outcome switch
    {
        StageOutcome.Won => $"« {deal.Name} » gagnée",
        StageOutcome.Lost => $"« {deal.Name} » perdue",
        _ => $"« {deal.Name} » déplacée en {destination.Name}",
    };

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
