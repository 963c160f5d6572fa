using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>An item of the catalogue as a line takes it. Prices are euros excluding VAT.</summary>
public sealed record CatalogHit(Guid Id, string? Code, string Name, string? Description, string? Category, string? Unit, decimal UnitPrice, decimal? UnitCost, Vat Vat, SupplyNature Nature, BillingPeriod Period)
{
    /// <summary>A line of one unit, as it stands now: what becomes of the item later does not touch it.</summary>
    public LineDetails ToLine() => new()
    {
        CatalogItemId = Id,
        Code = Code,
        Description = Description is null ? Name : $"{Name}\n{Description}",
        Unit = Unit,
        UnitPrice = UnitPrice,
        UnitCost = UnitCost,
        VatCategory = Vat.Category,
        VatRate = Vat.Rate,
        VatReason = Vat.Reason,
        Nature = Nature,
        Period = Period,
    };
}

/// <summary>An item as its panel shows it.</summary>
public sealed record CatalogSheet(Guid Id, CatalogItemDetails Details, DateTime CreatedAt, DateTime UpdatedAt, int Uses);

/// <summary>The door of the catalogue. Everybody reads it; what an item costs is told to those who may see margins.</summary>
public sealed class Catalog(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const string Gone = "Cet article n'existe plus.";
    private const int MostWords = 8;

    /// <summary>The items offered whose code or name holds every word typed, without case nor accents: a code that starts with it first, then names that do. Without text, by code and name.</summary>
    public async Task<IReadOnlyList<CatalogHit>> SearchAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var key = SearchKey.Fold(text);
        var items = db.CatalogItems.AsNoTracking().Where(item => item.IsOffered);
        foreach (var word in key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords))
        {
            items = items.Where(item => item.SearchKey.Contains(word));
        }

        // The key is the code and the name, one after the other.
        var found = await items
            .OrderBy(item => item.SearchKey.StartsWith(key) ? 0 : item.SearchKey.Contains(" " + key) ? 1 : 2).ThenBy(item => item.SearchKey).ThenBy(item => item.Id)
            .Take(take)
            .ToListAsync(cancellationToken);
        return [.. found.Select(Hit)];
    }

    /// <summary>An item as its panel shows it; null when it is gone. Without the right to see margins its cost stays unsaid.</summary>
    public async Task<CatalogSheet?> OpenAsync(Guid itemId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.CatalogItems.AsNoTracking().SingleOrDefaultAsync(item => item.Id == itemId, cancellationToken) is not { } item)
        {
            return null;
        }

        var uses = await db.QuoteLines.CountAsync(line => line.CatalogItemId == itemId, cancellationToken) + await db.InvoiceLines.CountAsync(line => line.CatalogItemId == itemId, cancellationToken);
        return new CatalogSheet(item.Id, Shown(item, actor), item.CreatedAt, item.UpdatedAt, uses);
    }

    /// <summary>The categories in use, by name.</summary>
    public async Task<IReadOnlyList<string>> CategoriesAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.CatalogItems.Where(item => item.Category != null).Select(item => item.Category!).Distinct().OrderBy(category => category).Take(200).ToListAsync(cancellationToken);
    }

    /// <summary>Creates an item.</summary>
    /// <exception cref="BusinessRuleException">A field is refused, or the code is taken.</exception>
    public async Task<Done> CreateAsync(CatalogItemDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCatalog);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var item = new CatalogItem(actor.May(Right.SeeMargins) ? details : details with { UnitCost = null }, clock.UtcNow);
        await CheckCodeAsync(db, item, cancellationToken);
        var gesture = db.Begin(actor, $"Article « {item.Name} » créé");
        db.CatalogItems.Add(item);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(item.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Takes what somebody typed; what a colleague changed meanwhile in other fields stays.</summary>
    /// <exception cref="EditConflictException">A colleague changed the same fields since <paramref name="seen"/>.</exception>
    /// <exception cref="BusinessRuleException">A field is refused, the code is taken, or the item is gone.</exception>
    public Task<Done> EditAsync(Guid itemId, CatalogItemDetails seen, CatalogItemDetails mine, CancellationToken cancellationToken = default)
        => ChangeAsync(itemId, "modifié", async (db, actor, item) =>
        {
            // Who does not see the cost neither changes nor loses it.
            var (was, wanted) = actor.May(Right.SeeMargins) ? (seen, mine) : (seen with { UnitCost = item.UnitCost }, mine with { UnitCost = item.UnitCost });
            item.Edit(await db.MergeAsync(item, was, wanted, item.Details(), cancellationToken), clock.UtcNow);
            await CheckCodeAsync(db, item, cancellationToken);
        }, cancellationToken);

    /// <summary>Offers an item on new lines, or no longer. Documents that name it keep it.</summary>
    /// <exception cref="BusinessRuleException">The item is gone.</exception>
    public Task<Done> OfferAsync(Guid itemId, bool isOffered, CancellationToken cancellationToken = default)
        => ChangeAsync(itemId, isOffered ? "proposé de nouveau" : "archivé", (_, _, item) =>
        {
            item.Offer(isOffered, clock.UtcNow);
            return Task.CompletedTask;
        }, cancellationToken);

    /// <summary>Puts an item in the bin.</summary>
    /// <exception cref="BusinessRuleException">The item is gone.</exception>
    public Task<Done> DeleteAsync(Guid itemId, CancellationToken cancellationToken = default)
        => ChangeAsync(itemId, "supprimé", (_, _, item) =>
        {
            item.DeletedAt = clock.UtcNow;
            return Task.CompletedTask;
        }, cancellationToken);

    /// <summary>Refuses a code that another item carries.</summary>
    /// <exception cref="BusinessRuleException">It is taken.</exception>
    internal static async Task CheckCodeAsync(MedCrmDbContext db, CatalogItem item, CancellationToken cancellationToken)
    {
        if (item.Code is { } code && await db.CatalogItems.Where(other => EF.Functions.Collate(other.Code, "NOCASE") == code && other.Id != item.Id).Select(other => other.Name).FirstOrDefaultAsync(cancellationToken) is { } name)
        {
            throw new BusinessRuleException($"Cette référence est déjà celle de « {name} ».", nameof(CatalogItem.Code));
        }
    }

    private static CatalogHit Hit(CatalogItem item)
        => new(item.Id, item.Code, item.Name, item.Description, item.Category, item.Unit, item.UnitPrice, item.UnitCost, new Vat(item.VatCategory, item.VatRate, item.VatReason), item.Nature, item.Period);

    private static CatalogItemDetails Shown(CatalogItem item, Actor actor) => actor.May(Right.SeeMargins) ? item.Details() : item.Details() with { UnitCost = null };

    private Task<Done> ChangeAsync(Guid itemId, string what, Func<MedCrmDbContext, Actor, CatalogItem, Task> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCatalog);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var item = await db.CatalogItems.SingleOrDefaultAsync(item => item.Id == itemId, cancellationToken) ?? throw new BusinessRuleException(Gone);
            await change(db, actor, item);
            var gesture = db.Begin(actor, $"Article « {item.Name} » {what}");
            await db.SaveChangesAsync(cancellationToken);
            return new Done(item.Id, gesture.Sentence, gesture.Undoable);
        });
}
