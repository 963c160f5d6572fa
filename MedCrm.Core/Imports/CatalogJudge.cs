using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>The items that the rows of a chunk may speak of, read at once and without tracking.</summary>
internal sealed record KnownItems(IReadOnlyDictionary<Guid, CatalogItem> ById, IReadOnlyDictionary<string, CatalogItem> ByCode, ILookup<string, CatalogItem> ByName)
{
    /// <summary>Reads what the rows may match.</summary>
    public static async Task<KnownItems> FindAsync(MedCrmDbContext db, IReadOnlyCollection<CatalogSource> sources, CancellationToken cancellationToken)
    {
        var ids = sources.Select(source => source.Id).OfType<Guid>().Distinct().ToArray();
        var codes = sources.Select(source => source.Code?.ToUpperInvariant()).OfType<string>().Distinct().ToArray();
        var names = sources.Where(source => source.Code is null && source.Name is not null).Select(source => SearchKey.Fold(source.Name!)).Distinct().ToArray();
        var items = await db.CatalogItems.AsNoTracking()
            .Where(item => ids.Contains(item.Id) || (item.Code != null && codes.Contains(item.Code.ToUpper())) || (item.Code == null && names.Contains(item.SearchKey)))
            .ToListAsync(cancellationToken);
        return new KnownItems(
            items.ToDictionary(item => item.Id),
            items.Where(item => item.Code is not null).ToDictionary(item => item.Code!.ToUpperInvariant()),
            items.Where(item => item.Code is null).ToLookup(item => item.SearchKey));
    }
}

/// <summary>Judges rows of the catalogue. A row is known by its identifier, else its reference; one without reference by its name, among the items without one.</summary>
internal sealed class CatalogJudge(JudgeTerms terms) : ImportJudge<CatalogSource, CatalogItem, KnownItems>(terms)
{
    /// <inheritdoc/>
    protected override Task<KnownItems> FindKnownAsync(MedCrmDbContext db, IReadOnlyList<CatalogSource> sources, CancellationToken cancellationToken) => KnownItems.FindAsync(db, sources, cancellationToken);

    /// <inheritdoc/>
    protected override (IEnumerable<string> Sought, IEnumerable<string> Left) KeysOf(Judged row)
    {
        var keys = new List<string>();
        if (row.Source.Id is { } id)
        {
            keys.Add($"I{id}");
        }

        if (row.Source.Code is { } code)
        {
            keys.Add($"C{code.ToUpperInvariant()}");
        }

        if (keys.Count == 0)
        {
            keys.Add($"N{SearchKey.Fold(row.Source.Name!)}");
        }

        return (keys, keys);
    }

    /// <inheritdoc/>
    protected override CatalogItem? Match(Judged row)
    {
        var byCode = row.Source.Code is { } code ? row.Known.ByCode.GetValueOrDefault(code.ToUpperInvariant()) : null;
        if (row.Source.Id is { } id && row.Known.ById.GetValueOrDefault(id) is { } item)
        {
            return byCode is null || byCode.Id == item.Id ? item : throw new BusinessRuleException($"Cette référence est déjà celle de « {byCode.Name} ».", nameof(CatalogItemDetails.Code));
        }

        return byCode ?? (row.Source.Code is null && row.Source.Name is { } name ? row.Known.ByName[SearchKey.Fold(name)].FirstOrDefault(known => !Claims.IsTaken(known.Id)) : null);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IRecorded> Create(Judged row, Actor? owner)
        => row.Source.UnitPrice is null
            ? throw new BusinessRuleException("Cet article est nouveau : il lui faut un prix.", nameof(CatalogItemDetails.UnitPrice))
            : [new CatalogItem(Over(new CatalogItemDetails(), row.Source, clearsEmpty: false), Terms.Now())];

    /// <inheritdoc/>
    protected override IReadOnlyList<FieldDifference> Change(Judged row, CatalogItem item, Actor? owner)
    {
        var before = item.Details();
        var wanted = Over(before, row.Source, Terms.ClearsEmpty);
        if (FieldMerge.Differences(before, wanted).Count == 0)
        {
            return [];
        }

        var untrack = Track(row, item);
        List<FieldDifference> differences = [];
        try
        {
            item.Edit(wanted, Terms.Now());
            differences = FieldMerge.Differences(before, item.Details());
            return differences;
        }
        finally
        {
            if (differences.Count == 0)
            {
                untrack();
            }
        }
    }

    /// <inheritdoc/>
    protected override string? TextOf(Judged row, PropertyInfo field, object? value)
        => field.Name == nameof(CatalogItemDetails.VatRate) && value is decimal rate ? $"{rate.ToString("0.##", FrenchText.Culture)} %" : DisplayText.Of(value, NameOf);

    /// <inheritdoc/>
    protected override string LabelOf(string field) => Labels.Of(typeof(CatalogItemDetails), field);

    /// <inheritdoc/>
    protected override ImportField? ColumnOf(string field)
        => field == nameof(CatalogItemDetails.VatCategory) ? ImportField.ItemVatRate : Enum.TryParse<ImportField>($"Item{field}", out var column) ? column : null;

    /// <inheritdoc/>
    protected override (string Name, string? Detail) Described(CatalogSource source) => (source.Name ?? source.Code ?? "", source.Name is null ? null : source.Code);

    /// <inheritdoc/>
    protected override (string Name, string? Detail) Described(Judged row, CatalogItem item) => (item.Name, item.Code);

    // Who does not see margins neither reads nor changes what an item costs.
    private CatalogItemDetails Over(CatalogItemDetails current, CatalogSource source, bool clearsEmpty)
    {
        var merge = new FieldMerge(source, clearsEmpty);
        var (category, rate, reason) = VatOver(current, source);
        return current with
        {
            // The same reference in another case is the same reference.
            Code = string.Equals(source.Code, current.Code, StringComparison.OrdinalIgnoreCase) ? current.Code : merge.Text(ImportField.ItemCode, source.Code, current.Code),
            Name = source.Name ?? (current.Name.Length > 0 ? current.Name : source.Code ?? ""),
            Description = merge.Text(ImportField.ItemDescription, source.Description, current.Description),
            Category = merge.Text(ImportField.ItemCategory, source.Category, current.Category),
            Unit = merge.Text(ImportField.ItemUnit, source.Unit, current.Unit),
            UnitPrice = source.UnitPrice is { } price ? Money.Round(price) : current.UnitPrice,
            UnitCost = !Terms.Actor.May(Right.SeeMargins) ? current.UnitCost
                : source.UnitCost is { } cost ? Money.Round(cost)
                : merge.IsEmptied(ImportField.ItemUnitCost) ? null : current.UnitCost,
            VatCategory = category,
            VatRate = rate,
            VatReason = reason,
            Nature = source.Nature ?? current.Nature,
            Period = source.Period ?? current.Period,
            IsOffered = source.IsOffered ?? current.IsOffered,
        };
    }

    // A rate taxes, nought exempts unless the item already bears no VAT for another reason; a provision alone exempts too.
    private static (VatCategory Category, decimal Rate, string? Reason) VatOver(CatalogItemDetails current, CatalogSource source)
        => source.VatRate switch
        {
            > 0 and var rate => (VatCategory.Standard, rate, null),
            0 => (current.VatCategory is VatCategory.Standard ? VatCategory.Exempt : current.VatCategory, 0, source.VatReason ?? current.VatReason),
            _ when source.VatReason is not null && current.VatCategory is not VatCategory.Standard => (current.VatCategory, current.VatRate, source.VatReason),
            _ => (current.VatCategory, current.VatRate, current.VatReason),
        };
}
