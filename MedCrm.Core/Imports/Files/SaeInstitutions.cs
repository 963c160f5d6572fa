using MedCrm.Core.Customers;

namespace MedCrm.Core.Imports.Files;

/// <summary>The identity file of the SAE survey (DREES), with the beds and operating rooms of its MCO and BLOCS companions.</summary>
internal static class SaeInstitutions
{
    public static bool IsIdentity(ImportTable table) => Has(table, "fi", "fi_ej", "rs", "stj", "sir");

    public static bool IsBeds(ImportTable table) => Has(table, "fi", "lit_mco");

    public static bool IsOperatingRooms(ImportTable table) => Has(table, "fi", "saltot");

    public static IEnumerable<InstitutionLine> Read(ImportTable identity, IEnumerable<ImportTable> companions, ImportSettings settings)
    {
        var extras = new List<Companion>();
        foreach (var table in companions)
        {
            extras.Add(IsBeds(table) || IsOperatingRooms(table)
                ? new Companion(table)
                : throw new ImportFileException("Le fichier joint n'est ni un fichier MCO ni un fichier BLOCS de la SAE."));
        }

        var columns = new Columns(identity);
        foreach (var row in identity.Rows)
        {
            yield return Line(row, columns, extras, settings) with { Row = row };
        }
    }

    private static InstitutionLine Line(ImportRow row, Columns at, List<Companion> extras, ImportSettings settings)
    {
        var cells = new RowCells(row.LineNumber);
        var key = cells.Finess("fi", row[at.Fi]);
        if (key is null)
        {
            cells.Note(NoticeSeverity.Error, "fi", "Le numéro FINESS manque ou n'est pas lisible : la ligne ne peut pas être identifiée.", row[at.Fi]);
        }

        var category = cells.Code("cat", row[at.Cat], 3);
        var legalStatus = cells.Code("stj", row[at.Stj], 2);
        InstitutionFilters.Apply(cells, settings, "cat", category, "stj", legalStatus);

        return cells.Line(() =>
        {
            var isLegalEntity = row[at.Nat].Trim() == "1";
            var (siren, siret) = cells.SiretOrSiren("sir", row[at.Sir]);
            var (_, city, cedex) = PostalLines.Split(row[at.Libcom]);
            var department = cells.Department("dep", row[at.Dep]);
            return new InstitutionSource
            {
                LineNumber = row.LineNumber,
                FinessEt = isLegalEntity ? null : key,
                FinessEj = isLegalEntity ? key : cells.Finess("fi_ej", row[at.FiEj]),
                IsLegalEntity = isLegalEntity,
                Siren = siren,
                Siret = siret,
                Name = CellText.Clean(row[at.Rs]),
                CategoryCode = category,
                LegalStatusCode = legalStatus,
                Ownership = row[at.Stjr].Trim() switch
                {
                    "1" => Ownership.Public,
                    "2" => Ownership.PrivateForProfit,
                    "3" => Ownership.PrivateNonProfit,
                    _ => Nomenclature.OwnershipOf(legalStatus),
                },
                EspicCode = CellText.Clean(row[at.Espic]),
                GroupedCategoryCode = CellText.Clean(row[at.Catr]),
                Street = PostalLines.Street(row[at.Numvoi], null, row[at.Typvoi], row[at.Nomvoi]),
                AddressLine2 = InstitutionFilters.Joined(CellText.Clean(row[at.Bp]), CellText.Clean(row[at.Compd])),
                Postcode = cells.Postcode("CPO", row[at.Cpo]),
                City = city,
                Cedex = cedex,
                InseeCode = cells.Code("COMINSEE", row[at.Cominsee], 5) is { } commune ? Departments.InseeCommune(commune) : null,
                DepartmentCode = department,
                BedsMedicine = Extra(cells, extras, key, "LIT_MED"),
                BedsSurgery = Extra(cells, extras, key, "LIT_CHI"),
                BedsObstetrics = Extra(cells, extras, key, "LIT_OBS"),
                BedsTotalMco = Extra(cells, extras, key, "LIT_MCO"),
                OperatingRooms = Extra(cells, extras, key, "SALTOT"),
            };
        });
    }

    private static string? Extra(RowCells cells, List<Companion> extras, string? key, string column)
    {
        foreach (var extra in extras)
        {
            if (extra.Find(key, column) is { } value)
            {
                return cells.Count(column, value);
            }
        }

        return null;
    }

    private static bool Has(ImportTable table, params ReadOnlySpan<string> headers)
    {
        foreach (var header in headers)
        {
            if (table.ColumnOf(header) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Columns(ImportTable table)
    {
        public int Fi { get; } = table.ColumnOf("fi");

        public int FiEj { get; } = table.ColumnOf("fi_ej");

        public int Rs { get; } = table.ColumnOf("rs");

        public int Stj { get; } = table.ColumnOf("stj");

        public int Stjr { get; } = table.ColumnOf("stjr");

        public int Cat { get; } = table.ColumnOf("cat");

        public int Catr { get; } = table.ColumnOf("catr");

        public int Espic { get; } = table.ColumnOf("espic");

        public int Nat { get; } = table.ColumnOf("nat");

        public int Sir { get; } = table.ColumnOf("sir");

        public int Dep { get; } = table.ColumnOf("dep");

        public int Cominsee { get; } = table.ColumnOf("COMINSEE");

        public int Numvoi { get; } = table.ColumnOf("NUMVOI");

        public int Typvoi { get; } = table.ColumnOf("TYPVOI");

        public int Nomvoi { get; } = table.ColumnOf("NOMVOI");

        public int Bp { get; } = table.ColumnOf("BP");

        public int Cpo { get; } = table.ColumnOf("CPO");

        public int Libcom { get; } = table.ColumnOf("LIBCOM");

        public int Compd { get; } = table.ColumnOf("COMPD");
    }

    /// <summary>The few columns kept from a companion file, by FINESS number.</summary>
    private sealed class Companion
    {
        private static readonly string[] s_kept = ["LIT_MED", "LIT_CHI", "LIT_OBS", "LIT_MCO", "SALTOT"];

        private readonly Dictionary<string, string[]> _rows = [];
        private readonly string[] _columns;

        public Companion(ImportTable table)
        {
            _columns = [.. s_kept.Where(column => table.ColumnOf(column) >= 0)];
            var positions = Array.ConvertAll(_columns, table.ColumnOf);
            var key = table.ColumnOf("fi");
            foreach (var row in table.Rows)
            {
                // The same repair as in the identity file, so that both sides of the join agree; it is reported once, there.
                if (new RowCells(row.LineNumber).Finess("fi", row[key]) is { } finess)
                {
                    _rows[finess] = Array.ConvertAll(positions, position => row[position]);
                }
            }
        }

        public string? Find(string? finess, string column)
        {
            var position = Array.IndexOf(_columns, column);
            return position >= 0 && finess is not null && _rows.TryGetValue(finess, out var cells) && cells[position].Length > 0 ? cells[position] : null;
        }
    }
}
