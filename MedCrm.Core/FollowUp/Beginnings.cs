using MedCrm.Core.Access;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>What makes an installation ready for work. Each step is done once for everybody.</summary>
public enum BeginningStep
{
    Institution,
    Contact,
    Deal,
    Task,
    Colleague,
}

/// <summary>The door of the first steps in a new installation: which are done, and that a person does not want to see them.</summary>
public sealed class Beginnings(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Preferences preferences)
{
    private const string Hidden = "first-steps";

    /// <summary>What each step asks of who takes it.</summary>
    public static Right RightOf(BeginningStep step) => step switch
    {
        BeginningStep.Institution => Right.Import,
        BeginningStep.Deal => Right.EditSales,
        BeginningStep.Colleague => Right.Administer,
        _ => Right.EditCustomers,
    };

    /// <summary>The steps that the actor may take, in order, and whether each is done; none once all of them are, or once the actor put them away.</summary>
    public async Task<IReadOnlyList<(BeginningStep Step, bool IsDone)>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        List<(BeginningStep Step, bool IsDone)> steps =
        [
            (BeginningStep.Institution, await db.Institutions.AnyAsync(cancellationToken)),
            (BeginningStep.Contact, await db.Contacts.AnyAsync(cancellationToken)),
            (BeginningStep.Deal, await db.Opportunities.AnyAsync(cancellationToken)),
            (BeginningStep.Task, await db.FollowUpTasks.AnyAsync(cancellationToken)),
            (BeginningStep.Colleague, await db.Users.AnyAsync(user => user.Id != actor.Id, cancellationToken)),
        ];
        steps.RemoveAll(step => !actor.May(RightOf(step.Step)));
        return steps.TrueForAll(step => step.IsDone) || await preferences.FindAsync(Hidden, cancellationToken) is not null ? [] : steps;
    }

    /// <summary>The actor does not want to see the steps any more.</summary>
    public Task HideAsync(CancellationToken cancellationToken = default) => preferences.KeepAsync(Hidden, "hidden", cancellationToken);
}
