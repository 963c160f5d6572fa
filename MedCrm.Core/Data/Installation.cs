using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Core.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Data;

/// <summary>What a database holds before its first user: the stages of the pipeline, what each role sees, and the published rates of penalties.</summary>
public sealed class Installation(IDbContextFactory<MedCrmDbContext> contexts, DataFolder folder, WriteGate gate, BusinessClock clock, ILoggerFactory loggers)
{
    private readonly DatabaseUpgrade _upgrade = new(contexts, folder, clock, loggers.CreateLogger<DatabaseUpgrade>());

    /// <summary>Brings the database to this program's schema and completes it. Who calls holds the <see cref="InstanceLock"/>.</summary>
    /// <exception cref="BusinessRuleException">The database is damaged, newer than the program, or could not be brought up to date; it stands as it was.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        // A command that was started beside the former server may still be writing.
        using (await gate.EnterAsync(cancellationToken))
        {
            await _upgrade.RunAsync(cancellationToken);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await SearchIndex.EnsureAsync(db, cancellationToken);
            await AuditGuard.EnsureAsync(db, cancellationToken);
        }

        await CompleteAsync(cancellationToken);
    }

    /// <summary>Accepts the database of a running server as it stands, without touching it.</summary>
    /// <exception cref="BusinessRuleException">It is older or newer than this program.</exception>
    public Task DemandCurrentAsync(CancellationToken cancellationToken = default) => _upgrade.DemandCurrentAsync(cancellationToken);

    /// <summary>Adds what is missing; does nothing on a complete database.</summary>
    private async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Begin(Actor.System, "Installation", ChangeOrigin.Job);

        if (!await db.Stages.AnyAsync(cancellationToken))
        {
            db.Stages.AddRange(Stage.Defaults());
        }

        if (!await db.PenaltyRates.AnyAsync(cancellationToken))
        {
            db.PenaltyRates.AddRange(PenaltyRate.Defaults());
        }

        var known = await db.RolePolicies.Select(policy => policy.Role).ToListAsync(cancellationToken);
        db.RolePolicies.AddRange(Enum.GetValues<Role>().Except(known).Select(role => new RolePolicy(role, RolePolicy.DefaultOf(role))));
        await db.SaveChangesAsync(cancellationToken);
    }
}
