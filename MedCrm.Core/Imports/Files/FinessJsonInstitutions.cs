using System.Globalization;
using System.Text.Json;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Imports.Files;

/// <summary>
/// The FINESS flow of structures published by the ANS from 2026: legal entities (pmej) holding their sites (ege). Names are compared
/// without case and underscores because the schema and the published files disagree. Each site gives a line; legal entities give none.
/// </summary>
internal static class FinessJsonInstitutions
{
    private const string Inactive = "I";
    private const string SiteAddress = "03";

    public static bool IsFlow(Stream file, ImportLimits limits)
    {
        using var first = new JsonItems(file, limits.MaxJsonItemBytes).ReadNext();
        return first is not null;
    }

    public static IEnumerable<InstitutionLine> Read(Stream file, ImportSettings settings)
    {
        var items = new JsonItems(file, settings.Limits.MaxJsonItemBytes);
        var rank = 0;
        while (items.ReadNext() is { } document)
        {
            using (document)
            {
                var item = new Node(document.RootElement);
                var isSite = items.Array == "ege";
                foreach (var site in isSite ? [item] : item["ege"].Items)
                {
                    if (++rank > settings.Limits.MaxRows)
                    {
                        throw new ImportFileException($"Le fichier dépasse {settings.Limits.MaxRows:N0} établissements. Demandez à un administrateur de l'importer en ligne de commande.");
                    }

                    yield return Line(rank, isSite ? default : item["informationsgeneralespmej"], site, settings);
                }
            }
        }
    }

    private static InstitutionLine Line(int rank, Node legalEntity, Node site, ImportSettings settings)
    {
        var cells = new RowCells(rank);
        var facts = site["informationsgeneralesege"];
        var finess = cells.Finess("numFinessEge", facts["numfinessege"].Text);
        if (finess is null)
        {
            cells.Note(NoticeSeverity.Error, "numFinessEge", "Le numéro FINESS manque ou n'est pas lisible : l'établissement ne peut pas être identifié.", facts["numfinessege"].Text);
        }

        var state = site["etatobjet"].Text;
        if (state == Inactive || (state is null && facts["datefermeture"].Text is not null))
        {
            cells.Note(NoticeSeverity.Skip, "etatObjet", "Établissement fermé : il n'est pas importé.", state);
        }

        var category = cells.Code("categorieEntiteGeographiqueExercice", site["categorieentitegeographiqueexercice"].Text, 3);
        var legalStatus = cells.Code("statutJuridique", legalEntity["statutjuridique"].Text, 2);
        InstitutionFilters.Apply(cells, settings, "categorieEntiteGeographiqueExercice", category, "statutJuridique", legalStatus);
        return cells.Line(() => Institution(rank, cells, legalEntity, site, finess, category, legalStatus));
    }

    private static InstitutionSource Institution(int rank, RowCells cells, Node legalEntity, Node site, string? finess, string? category, string? legalStatus)
    {
        var facts = site["informationsgeneralesege"];
        var shortName = CellText.Clean(facts["nomegecourt"].Text);
        var name = CellText.Clean(facts["nomegelong"].Text) ?? shortName;
        var (siren, siret) = cells.SiretOrSiren("siret", facts["siret"].Text ?? site["siret"].Text);
        var addresses = site["adresse"].Items;
        var address = addresses.FirstOrDefault(candidate => candidate["usageadresse"].Text == SiteAddress, addresses.FirstOrDefault());
        var (_, city, cedex) = PostalLines.Split(address["ligneacheminement"].Text);
        var commune = cells.Code("cogCommune", address["cogcommune"].Text, 5);
        var postcode = cells.Postcode("codePostal", address["codepostal"].Text);
        var department = Departments.OfCommune(commune) ?? Departments.OfPostcode(postcode);
        var phoneRegion = PhoneNumber.RegionOfDepartment(department?.Code);
        // The fields named coordonneeX and coordonneeY hold northing and easting the wrong way round: the degrees are the ones to trust.
        var place = address["coordonneesgeographique"];
        var telecoms = site["contact"].Items.Select(contact => contact["telecom"]).ToList();
        return new InstitutionSource
        {
            LineNumber = rank,
            FinessEt = finess,
            FinessEj = cells.Finess("numFinessPm", legalEntity["numfinesspm"].Text),
            Siren = siren ?? (siret is null ? cells.Siren("siren", legalEntity["siren"].Text) : null),
            Siret = siret,
            Name = name,
            ShortName = shortName == name ? null : shortName,
            LegalEntityName = CellText.Clean(legalEntity["denominationlonguepmsmsse"].Text) ?? CellText.Clean(legalEntity["denominationpm"].Text),
            CategoryCode = category,
            LegalStatusCode = legalStatus,
            Ownership = Nomenclature.OwnershipOf(legalStatus),
            ActivityCode = CellText.Compact(legalEntity["codeape"].Text),
            Street = CellText.Clean(address["lignequatre"].Text)
                ?? PostalLines.Street(address["numerovoie"].Text, address["complementvoie"].Text, address["typevoie"].Text, address["libellevoie"].Text),
            AddressLine2 = CellText.Clean(address["lieudit"].Text),
            Postcode = postcode,
            City = city,
            Cedex = cedex,
            InseeCode = commune is null ? null : Departments.InseeCommune(commune),
            DepartmentCode = department?.Code,
            Latitude = Degrees(place["directionlatitude"].Text, 90),
            Longitude = Degrees(place["directionlongitude"].Text, 180),
            Phone = cells.Phone("telephone", First(telecoms, "telephone"), phoneRegion),
            Fax = cells.Phone("telecopie", First(telecoms, "telecopie"), phoneRegion),
            Email = cells.Email("courriel", First(telecoms, "courriel")),
            OpenedOn = cells.Date("dateOuverture", facts["dateouverture"].Text),
            RegisterUpdatedOn = cells.Date("dateDerniereMaj", site["datedernieremaj"].Text),
        };
    }

    private static string? First(List<Node> telecoms, string name) => telecoms.Select(telecom => telecom[name].Text).FirstOrDefault(text => text is not null);

    private static string? Degrees(string? text, int largest) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= largest ? text : null;

    /// <summary>A place in the JSON tree, which may not exist.</summary>
    private readonly struct Node(JsonElement element)
    {
        /// <summary>The trimmed text; of a coded value, its code; of a list, its first item; null when empty.</summary>
        public string? Text => element.ValueKind switch
        {
            JsonValueKind.String => element.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null,
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.Object => this["code"].Text,
            JsonValueKind.Array => Items.FirstOrDefault().Text,
            _ => null,
        };

        public IEnumerable<Node> Items => element.ValueKind is JsonValueKind.Array ? element.EnumerateArray().Select(item => new Node(item)) : [];

        /// <summary>A property by its name without case and underscores.</summary>
        public Node this[string normalisedName]
        {
            get
            {
                if (element.ValueKind is JsonValueKind.Object)
                {
                    foreach (var property in element.EnumerateObject())
                    {
                        if (JsonItems.Normalised(property.Name) == normalisedName)
                        {
                            return new Node(property.Value);
                        }
                    }
                }

                return default;
            }
        }
    }
}
