using System.Collections.Frozen;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Imports.Files;

/// <summary>One row of a free file once its columns are matched: clean values by field, and the remarks made on the way.</summary>
/// <param name="Row">The cells it was read from.</param>
/// <param name="Values">The values that are present; a field without a value is absent.</param>
/// <param name="Emptied">The matched fields whose cells are empty.</param>
/// <param name="Notices">The remarks.</param>
public sealed record MappedRow(ImportRow Row, IReadOnlyDictionary<ImportField, string> Values, IReadOnlySet<ImportField> Emptied, IReadOnlyList<ImportNotice> Notices)
{
    private FrozenDictionary<ImportField, string> Matched { get; init; } = FrozenDictionary<ImportField, string>.Empty;

    private IReadOnlySet<ImportField> Broken { get; init; } = FrozenSet<ImportField>.Empty;

    /// <summary>The line of the file, counted from 1.</summary>
    public int LineNumber => Row.LineNumber;

    /// <summary>The value of a field, or null.</summary>
    public string? this[ImportField field] => Values.GetValueOrDefault(field);

    /// <summary>Whether the file holds something for a field, readable or not.</summary>
    public bool HasText(ImportField field) => Matched.ContainsKey(field) && !Emptied.Contains(field);

    /// <summary>Whether the cell of a field holds the error of a formula.</summary>
    public bool IsBroken(ImportField field) => Broken.Contains(field);

    /// <summary>The column that feeds a field, as the file names it; empty when none does.</summary>
    public string HeaderOf(ImportField field) => Matched.GetValueOrDefault(field, "");

    /// <summary>Reads the rows of a table under a mapping.</summary>
    public static IEnumerable<MappedRow> Read(ImportTable table, ImportMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(mapping);
        var matched = mapping.Columns.OrderBy(pair => pair.Key).DistinctBy(pair => pair.Value).ToFrozenDictionary(pair => pair.Value, pair => table.Headers.ElementAtOrDefault(pair.Key) ?? "");
        return table.Rows.Select(row => Read(table, row, mapping, matched));
    }

    /// <summary>Why the row cannot be imported when one of its names is the error of a formula; null when none is.</summary>
    internal ImportNotice? BrokenName(params ReadOnlySpan<ImportField> names)
    {
        foreach (var name in names)
        {
            if (IsBroken(name))
            {
                return new ImportNotice(LineNumber, NoticeSeverity.Error, HeaderOf(name), "Le nom est une erreur de tableur : écrivez-le, ou corrigez la formule dans le fichier.");
            }
        }

        return null;
    }

    private static MappedRow Read(ImportTable table, ImportRow row, ImportMapping mapping, FrozenDictionary<ImportField, string> matched)
    {
        var cells = new RowCells(row.LineNumber);
        if (row.HasBrokenQuotes)
        {
            cells.Note(NoticeSeverity.Warning, "", "Un guillemet est mal placé : vérifiez que les cellules ne sont pas décalées.");
        }

        if (row.Cells.Skip(table.Headers.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)))
        {
            cells.Note(NoticeSeverity.Warning, "", $"La ligne compte {row.Cells.Count} cellules pour {table.Headers.Count} colonnes : vérifiez qu'elle n'est pas décalée.");
        }

        var values = new Dictionary<ImportField, string>();
        var emptied = new HashSet<ImportField>();
        var broken = new HashSet<ImportField>();
        // Telephone numbers come last: the place tells from where they are dialled.
        foreach (var (column, field) in mapping.Columns.OrderBy(pair => IsPhone(pair.Value)).ThenBy(pair => pair.Key))
        {
            if (string.IsNullOrWhiteSpace(row[column]))
            {
                emptied.Add(field);
            }
            else if (CellText.IsError(row[column]))
            {
                broken.Add(field);
                cells.Note(NoticeSeverity.Warning, table.Headers[column], "La cellule contient une erreur de tableur : elle compte comme vide.", row[column]);
            }
            else if (Value(cells, table.Headers[column], field, row[column], mapping, values) is { } value)
            {
                values[field] = value;
            }
        }

        foreach (var (field, value) in mapping.Defaults)
        {
            values.TryAdd(field, value);
        }

        return new MappedRow(row, values, emptied, cells.Notices) { Matched = matched, Broken = broken };
    }

    private static string? Value(RowCells cells, string column, ImportField field, string raw, ImportMapping mapping, Dictionary<ImportField, string> values)
    {
        if (CellText.Clean(raw) is { } text && mapping.Values.TryGetValue((field, text), out var meant))
        {
            // A text explained as nothing leaves the field alone.
            if (meant.Length == 0)
            {
                return null;
            }

            raw = meant;
        }

        switch (field)
        {
            case ImportField.FinessEt or ImportField.FinessEj:
                return cells.Finess(column, raw);
            case ImportField.Siren:
                return cells.Siren(column, raw);
            case ImportField.Siret:
                var (siren, siret) = cells.SiretOrSiren(column, raw);
                if (siren is not null)
                {
                    values.TryAdd(ImportField.Siren, siren);
                }

                return siret;
            case ImportField.Id:
                return Guid.TryParse(raw.Trim(), out _) ? raw.Trim() : Unknown(cells, column, raw, "Cet identifiant n'a pas la forme attendue.");
            case ImportField.VatNumber:
                return CellText.Compact(raw);
            case ImportField.Category or ImportField.Ownership or ImportField.Status:
                return ImportValues.Meaning(field, raw) ?? Unknown(cells, column, raw, field is ImportField.Category
                    ? "Cette catégorie est inconnue : choisissez à quoi elle correspond."
                    : field is ImportField.Ownership ? "Public, privé lucratif ou privé non lucratif est attendu." : "Ce statut est inconnu : choisissez à quoi il correspond.");
            case ImportField.ContactInfluence or ImportField.ContactPrimary:
                return ImportValues.Meaning(field, raw) ?? Unknown(cells, column, raw, field is ImportField.ContactInfluence
                    ? "Cette influence est inconnue : le champ n'est pas modifié."
                    : "Oui ou non est attendu : le champ n'est pas modifié.");
            case ImportField.ItemNature or ImportField.ItemPeriod or ImportField.ItemIsOffered:
                return ImportValues.Meaning(field, raw) ?? Unknown(cells, column, raw, "Cette valeur est inconnue : choisissez à quoi elle correspond.");
            case ImportField.ItemUnitPrice or ImportField.ItemUnitCost:
                return cells.Amount(column, raw);
            case ImportField.ItemVatRate:
                return cells.Percent(column, raw);
            case ImportField.LegalStatus:
                return cells.Code(column, raw, 2);
            case ImportField.Postcode:
                return cells.Postcode(column, raw);
            case ImportField.InseeCode:
                return cells.Code(column, raw, 5) is { } commune ? Departments.InseeCommune(commune) : null;
            case ImportField.Department:
                return cells.Department(column, raw);
            case var _ when IsPhone(field):
                return cells.Phone(column, raw, PhoneNumber.RegionOfDepartment(DepartmentOf(values)));
            case ImportField.Email or ImportField.ContactEmail:
                return cells.Email(column, raw);
            case ImportField.Website:
                return cells.Website(column, raw);
            case ImportField.BedsMedicine or ImportField.BedsSurgery or ImportField.BedsObstetrics or ImportField.BedsPsychiatry or ImportField.BedsRehabilitation or ImportField.BedsLongStay or ImportField.OperatingRooms:
                return cells.Count(column, raw);
            case ImportField.ContactRpps:
                return cells.Rpps(column, raw);
            default:
                return CellText.Clean(raw);
        }
    }

    private static bool IsPhone(ImportField field) => field is ImportField.Phone or ImportField.SecondPhone or ImportField.Fax or ImportField.ContactPhone or ImportField.ContactMobile;

    /// <summary>The department code the other values imply, from the surest to the least sure.</summary>
    internal static string? DepartmentOf(IReadOnlyDictionary<ImportField, string> values) =>
        values.GetValueOrDefault(ImportField.Department)
        ?? (Departments.OfCommune(values.GetValueOrDefault(ImportField.InseeCode))
            ?? Departments.OfPostcode(values.GetValueOrDefault(ImportField.Postcode) ?? PostalLines.Split(values.GetValueOrDefault(ImportField.City)).Postcode))?.Code;

    private static string? Unknown(RowCells cells, string column, string raw, Sentence message)
    {
        cells.Note(NoticeSeverity.Warning, column, message, raw);
        return null;
    }
}
