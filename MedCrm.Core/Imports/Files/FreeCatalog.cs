using System.Globalization;
using MedCrm.Core.Billing;

namespace MedCrm.Core.Imports.Files;

/// <summary>A catalogue in a file of any layout, once a person has matched its columns.</summary>
public static class FreeCatalog
{
    /// <summary>One line per row; a row without reference nor name is in error.</summary>
    public static IEnumerable<CatalogLine> Read(ImportTable table, ImportMapping mapping) => MappedRow.Read(table, mapping).Select(Line);

    private static CatalogLine Line(MappedRow row)
    {
        if (row.BrokenName(ImportField.ItemName, ImportField.ItemCode) is { } broken)
        {
            return new CatalogLine(row.LineNumber, null, [.. row.Notices, broken], row.Row);
        }

        if (ImportFields.Naming(ImportSubject.Catalog).All(key => row[key] is null))
        {
            return new CatalogLine(row.LineNumber, null, [.. row.Notices, new ImportNotice(row.LineNumber, NoticeSeverity.Error, "", "La ligne n'a ni référence ni nom d'article : elle ne peut pas être importée.")], row.Row);
        }

        return new CatalogLine(row.LineNumber, new CatalogSource
        {
            LineNumber = row.LineNumber,
            Id = Guid.TryParse(row[ImportField.Id], out var id) ? id : null,
            Code = row[ImportField.ItemCode],
            Name = row[ImportField.ItemName],
            Description = row[ImportField.ItemDescription],
            Category = row[ImportField.ItemCategory],
            Unit = row[ImportField.ItemUnit],
            UnitPrice = Figure(row[ImportField.ItemUnitPrice]),
            UnitCost = Figure(row[ImportField.ItemUnitCost]),
            VatRate = Figure(row[ImportField.ItemVatRate]),
            VatReason = row[ImportField.ItemVatReason],
            Nature = Enum.TryParse<SupplyNature>(row[ImportField.ItemNature], out var nature) ? nature : null,
            Period = Enum.TryParse<BillingPeriod>(row[ImportField.ItemPeriod], out var period) ? period : null,
            IsOffered = bool.TryParse(row[ImportField.ItemIsOffered], out var isOffered) ? isOffered : null,
            Emptied = row.Emptied,
        }, row.Notices, row.Row);
    }

    private static decimal? Figure(string? text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var figure) ? figure : null;
}
