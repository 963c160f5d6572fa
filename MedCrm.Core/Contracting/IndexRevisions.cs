using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

/// <summary>An index as it was published, and the revision it makes, being typed.</summary>
public sealed record RevisionDetails
{
    [System.ComponentModel.DataAnnotations.Display(Name = "Prend effet le")] public DateOnly? EffectiveOn { get; set; }

    /// <summary>Up to 6 decimals.</summary>
    [System.ComponentModel.DataAnnotations.Display(Name = "Valeur de l'indice")] public decimal? Index { get; set; }

    /// <summary>Any day of the month it was published for.</summary>
    [System.ComponentModel.DataAnnotations.Display(Name = "Mois de l'indice")] public DateOnly? Month { get; set; }
}

/// <summary>What a revision would make of one price. Euros excluding VAT.</summary>
public sealed record RevisedPrice(string Description, decimal Old, decimal New);

/// <summary>What a revision would make, without making it. Amounts by month, euros excluding VAT.</summary>
public sealed record RevisionPreview(decimal Coefficient, decimal OldMonthly, decimal NewMonthly, IReadOnlyList<RevisedPrice> Prices);

/// <summary>The door of price revisions: indices as published, revisions proposed, applied or set aside.</summary>
public sealed class IndexRevisions(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Contracts door, BusinessClock clock)
{
    /// <summary>What an index would make of the prices in force.</summary>
    /// <exception cref="BusinessRuleException">There is no clause, a value is missing, or a revision is there for that day.</exception>
    public async Task<RevisionPreview> PreviewAsync(Guid contractId, RevisionDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var contract = await Contracts.Whole(db.Contracts.VisibleTo(actor)).AsNoTracking().SingleOrDefaultAsync(c => c.Id == contractId, cancellationToken) ?? throw new BusinessRuleException("Ce contrat n'existe plus, ou n'est pas visible pour vous.");
        var (on, index, month) = Checked(details);
        var revision = contract.Propose(on, index, month, clock.UtcNow) ?? throw AlreadyThere();
        var formula = contract.Formula!.Value;
        return new RevisionPreview(revision.Coefficient, revision.OldMonthly, revision.NewMonthly, [.. contract.InForceOn(on).Select(line => new RevisedPrice(line.Description, line.UnitPrice, formula.Revised(line.UnitPrice, index)))]);
    }

    /// <summary>Keeps the index as published, and proposes the revision: it changes nothing until it is applied.</summary>
    /// <exception cref="BusinessRuleException">There is no clause, a value is refused, or a revision is there for that day.</exception>
    public Task<Done> ProposeAsync(Guid contractId, RevisionDetails details, Guid seenVersion, CancellationToken cancellationToken = default)
        => door.ChangeAsync(
            contractId,
            seenVersion,
            contract => $"Révision proposée pour le contrat {contract.Number}",
            async (db, _, contract) =>
            {
                var (on, index, month) = Checked(details);
                if (contract.Propose(on, index, month, clock.UtcNow) is null)
                {
                    throw AlreadyThere();
                }

                var first = new DateOnly(month.Year, month.Month, 1);
                var value = await db.IndexValues.SingleOrDefaultAsync(v => v.Name == contract.IndexName && v.Month == first, cancellationToken) ?? db.IndexValues.Add(new IndexValue(contract.IndexName!, first)).Entity;
                value.Set(index);
            },
            cancellationToken);

    /// <summary>Applies a revision that waits: it becomes an amendment.</summary>
    /// <exception cref="BusinessRuleException">It was dealt with, or changes nothing.</exception>
    public Task<Done> ApplyAsync(Guid contractId, Guid revisionId, Guid seenVersion, CancellationToken cancellationToken = default)
        => door.ChangeAsync(
            contractId,
            seenVersion,
            contract => $"Prix du contrat {contract.Number} révisés",
            (_, actor, contract) =>
            {
                contract.Apply(Of(contract, revisionId), actor, clock.UtcNow, clock.Today);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Sets a revision aside: the prices stay. Its index is forgotten when no other revision stands on it, for it may be the very thing that was wrong.</summary>
    /// <exception cref="BusinessRuleException">It was dealt with.</exception>
    public Task<Done> DropAsync(Guid contractId, Guid revisionId, Guid seenVersion, CancellationToken cancellationToken = default)
        => door.ChangeAsync(
            contractId,
            seenVersion,
            contract => $"Révision du contrat {contract.Number} écartée",
            async (db, _, contract) =>
            {
                var revision = Of(contract, revisionId);
                revision.Close(RevisionStatus.Dropped);
                var isUsed = await db.Contracts.Where(other => other.IndexName == contract.IndexName)
                    .AnyAsync(other => other.Revisions.Any(one => one.Id != revisionId && one.Status != RevisionStatus.Dropped && one.Month == revision.Month && one.Index == revision.Index), cancellationToken);
                if (!isUsed && await db.IndexValues.SingleOrDefaultAsync(value => value.Name == contract.IndexName && value.Month == revision.Month && value.Value == revision.Index, cancellationToken) is { } typed)
                {
                    db.IndexValues.Remove(typed);
                }
            },
            cancellationToken);

    /// <summary>The last value known of a series after a month; null when it is missing.</summary>
    internal static Task<IndexValue?> LastAsync(MedCrmDbContext db, string name, DateOnly? after, CancellationToken cancellationToken)
        => db.IndexValues.AsNoTracking().Where(value => value.Name == name && (after == null || value.Month > after)).OrderByDescending(value => value.Month).FirstOrDefaultAsync(cancellationToken);

    private static BusinessRuleException AlreadyThere() => new("Une révision est déjà là pour ce jour.", nameof(RevisionDetails.EffectiveOn));

    private static IndexRevision Of(Contract contract, Guid revisionId)
        => contract.Revisions.SingleOrDefault(revision => revision.Id == revisionId) ?? throw new BusinessRuleException("Cette révision n'existe plus.");

    private static (DateOnly On, decimal Index, DateOnly Month) Checked(RevisionDetails details) => (
        details.EffectiveOn ?? throw new BusinessRuleException("Indiquez le jour de la révision.", nameof(details.EffectiveOn)),
        details.Index is > 0 and { } index ? index : throw new BusinessRuleException("Indiquez la valeur publiée de l'indice.", nameof(details.Index)),
        details.Month ?? throw new BusinessRuleException("Indiquez le mois de l'indice.", nameof(details.Month)));
}
