namespace MedCrm.Core.Imports.Files;

/// <summary>The French names of the fields a column may feed, and the column names by which they are recognised.</summary>
public static class ImportFields
{
    private static readonly Dictionary<ImportField, (string Label, string[] Synonyms)> s_fields = new()
    {
        [ImportField.Id] = ("Identifiant MedCRM", ["id", "identifiant", "identifiant medcrm", "id medcrm"]),
        [ImportField.FinessEt] = ("N° FINESS (établissement)", ["finess", "finess et", "n finess", "n finess et", "no finess", "numero finess", "numero finess et", "num finess", "nofinesset", "nofiness", "finess geographique", "code finess", "finess site", "numero finess site", "numfinessege", "fi", "finess etablissement", "finess number"]),
        [ImportField.FinessEj] = ("N° FINESS (entité juridique)", ["finess ej", "n finess ej", "numero finess ej", "nofinessej", "finess juridique", "finess entite juridique", "numero finess etablissement juridique", "numfinesspm", "fi ej", "legal entity finess"]),
        [ImportField.Siren] = ("SIREN", ["siren", "n siren", "numero siren", "siren site", "company number"]),
        [ImportField.Siret] = ("SIRET", ["siret", "n siret", "numero siret", "siret site", "sir"]),
        [ImportField.Name] = ("Nom de l'établissement", ["nom", "etablissement", "nom etablissement", "nom de l etablissement", "raison sociale", "rs", "rslongue", "raison sociale longue", "denomination", "libelle", "structure", "nom structure", "nom de la structure", "organisation", "organisme", "societe", "entreprise", "hopital", "client", "compte", "nom du compte", "site", "raison sociale site", "name", "company", "company name", "organization", "organization name", "account", "account name", "institution", "facility", "facility name", "hospital"]),
        [ImportField.ShortName] = ("Nom court", ["nom court", "sigle", "nom abrege", "raison sociale courte", "short name", "acronym"]),
        [ImportField.VatNumber] = ("N° de TVA", ["tva", "n tva", "n de tva", "numero de tva", "tva intracommunautaire", "n tva intracommunautaire", "vat", "vat number"]),
        [ImportField.HospitalGroup] = ("GHT ou groupe", ["ght", "groupe", "ght ou groupe", "groupement", "groupement hospitalier de territoire", "group", "hospital group", "parent company"]),
        [ImportField.Category] = ("Catégorie", ["categorie", "categorie etablissement", "categetab", "code categorie", "libelle categorie", "type", "type etablissement", "type d etablissement", "type de structure", "cat", "category", "facility type"]),
        [ImportField.LegalStatus] = ("Statut juridique", ["statut juridique", "code statut juridique", "stj", "forme juridique", "legal status", "legal form"]),
        [ImportField.Ownership] = ("Secteur (public ou privé)", ["secteur", "public prive", "ownership", "sector", "stjr"]),
        [ImportField.Status] = ("Statut commercial", ["statut", "statut commercial", "statut client", "statut crm", "status", "customer status", "lead status"]),
        [ImportField.Owner] = ("Responsable", ["responsable", "commercial", "commerciale", "proprietaire", "suivi par", "charge de compte", "responsable commercial", "attribue a", "owner", "account owner", "assigned to", "sales rep"]),
        [ImportField.Tags] = ("Étiquettes", ["etiquettes", "etiquette", "tags", "tag", "mots cles", "libelles", "labels"]),
        [ImportField.Street] = ("Adresse", ["adresse", "adresse 1", "adresse1", "rue", "voie", "adresse postale", "adresse ligne 1", "adresse complete", "numero et voie", "address", "address 1", "address line 1", "street", "street address"]),
        [ImportField.AddressLine2] = ("Complément d'adresse", ["complement", "complement adresse", "complement d adresse", "adresse 2", "adresse2", "adresse ligne 2", "bp", "lieu dit", "batiment", "address 2", "address line 2"]),
        [ImportField.Postcode] = ("Code postal", ["code postal", "codepostal", "cp", "cpo", "postal code", "postcode", "zip", "zip code", "zipcode"]),
        [ImportField.City] = ("Ville", ["ville", "commune", "localite", "libcom", "nom commune", "ligneacheminement", "ligne acheminement", "cp ville", "code postal ville", "city", "town"]),
        [ImportField.InseeCode] = ("Code commune INSEE", ["insee", "code insee", "code commune", "cominsee", "code commune insee"]),
        [ImportField.Department] = ("Département", ["departement", "dep", "dept", "code departement", "n departement", "libdepartement", "county"]),
        [ImportField.Phone] = ("Téléphone", ["telephone", "tel", "standard", "telephone standard", "numero de telephone", "telephone fixe", "tel fixe", "telephone 1", "tel 1", "phone", "phone number", "main phone", "telephone number"]),
        [ImportField.SecondPhone] = ("Second téléphone", ["second telephone", "telephone 2", "tel 2", "autre telephone", "second phone", "other phone"]),
        [ImportField.Fax] = ("Télécopie", ["fax", "telecopie", "numero de fax"]),
        [ImportField.Email] = ("E-mail", ["email", "e mail", "mail", "courriel", "adresse email", "adresse e mail", "adresse mail", "adresse electronique", "email address"]),
        [ImportField.Website] = ("Site web", ["site web", "site internet", "web", "url", "site www", "website", "web site", "homepage"]),
        [ImportField.BedsMedicine] = ("Lits de médecine", ["lits medecine", "lits de medecine", "lit med", "medicine beds"]),
        [ImportField.BedsSurgery] = ("Lits de chirurgie", ["lits chirurgie", "lits de chirurgie", "lit chi", "surgery beds"]),
        [ImportField.BedsObstetrics] = ("Lits d'obstétrique", ["lits obstetrique", "lits d obstetrique", "lit obs", "obstetrics beds"]),
        [ImportField.BedsPsychiatry] = ("Lits de psychiatrie", ["lits psychiatrie", "lits de psychiatrie", "lit psy", "psychiatry beds"]),
        [ImportField.BedsRehabilitation] = ("Lits de SMR", ["lits smr", "lits de smr", "lits ssr", "lits de ssr", "lit ssr", "rehabilitation beds"]),
        [ImportField.BedsLongStay] = ("Lits de long séjour", ["lits long sejour", "lits de long sejour", "lits usld", "lit sld", "long stay beds"]),
        [ImportField.OperatingRooms] = ("Salles d'opération", ["salles d operation", "nombre de salles", "blocs", "blocs operatoires", "nb blocs", "saltot", "operating rooms"]),
        [ImportField.Notes] = ("Notes", ["notes", "note", "commentaire", "commentaires", "observation", "observations", "remarque", "remarques", "description", "comments"]),
        [ImportField.ContactTitle] = ("Civilité", ["civilite", "libelle civilite", "titre", "salutation", "title"]),
        [ImportField.ContactFirstName] = ("Prénom", ["prenom", "prenom d exercice", "prenom du contact", "prenom contact", "first name", "firstname", "given name"]),
        [ImportField.ContactLastName] = ("Nom de famille", ["nom", "nom de famille", "nom d exercice", "nom exercice", "nom du contact", "nom contact", "contact", "last name", "lastname", "surname", "family name"]),
        [ImportField.ContactJobTitle] = ("Fonction", ["fonction", "poste", "profession", "libelle profession", "metier", "job", "job title", "position"]),
        [ImportField.ContactDepartment] = ("Service", ["service", "pole", "unite", "service ou pole", "department", "ward", "unit"]),
        [ImportField.ContactEmail] = ("E-mail du contact", ["email", "e mail", "mail", "courriel", "email contact", "email du contact", "mail contact", "adresse email", "adresse mail", "email professionnel", "contact email", "work email", "email address"]),
        [ImportField.ContactPhone] = ("Téléphone du contact", ["telephone", "tel", "telephone contact", "telephone du contact", "ligne directe", "tel direct", "telephone direct", "telephone fixe", "phone", "direct phone", "contact phone", "work phone"]),
        [ImportField.ContactMobile] = ("Mobile du contact", ["mobile", "portable", "gsm", "telephone mobile", "telephone portable", "tel portable", "tel mobile", "mobile phone", "cell", "cell phone"]),
        [ImportField.ContactRpps] = ("N° RPPS", ["rpps", "n rpps", "numero rpps", "identifiant pp", "no rpps"]),
        [ImportField.ContactFullName] = ("Nom complet", ["nom complet", "nom et prenom", "nom prenom", "prenom nom", "prenom et nom", "nom", "contact", "nom du contact", "nom contact", "full name", "fullname", "name", "contact name"]),
        [ImportField.ContactSpeciality] = ("Spécialité", ["specialite", "libelle savoir faire", "savoir faire", "discipline", "speciality", "specialty"]),
        [ImportField.ContactRole] = ("Rôle dans l'établissement", ["role", "role dans l etablissement", "role du contact", "contact role"]),
        [ImportField.ContactInfluence] = ("Influence", ["influence", "poids", "pouvoir de decision", "role d achat", "buying role", "decision role"]),
        [ImportField.ItemCode] = ("Référence de l'article", ["reference", "ref", "code", "code article", "reference article", "ref article", "sku", "product code", "item code"]),
        [ImportField.ItemName] = ("Nom de l'article", ["nom", "article", "designation", "libelle", "intitule", "produit", "prestation", "nom de l article", "nom du produit", "name", "product", "product name", "item"]),
        [ImportField.ItemDescription] = ("Description", ["description", "detail", "details", "descriptif", "commentaire", "description longue"]),
        [ImportField.ItemCategory] = ("Catégorie d'article", ["categorie", "famille", "gamme", "type", "category", "family"]),
        [ImportField.ItemUnit] = ("Unité", ["unite", "unite de vente", "unit", "uom"]),
        [ImportField.ItemUnitPrice] = ("Prix unitaire HT", ["prix unitaire ht", "prix unitaire", "prix ht", "prix", "prix de vente", "prix de vente ht", "pu ht", "pu", "tarif", "tarif ht", "unit price", "price"]),
        [ImportField.ItemUnitCost] = ("Coût unitaire HT", ["cout unitaire ht", "cout unitaire", "cout", "prix d achat", "prix d achat ht", "prix de revient", "cost", "unit cost"]),
        [ImportField.ItemVatRate] = ("Taux de TVA (%)", ["taux de tva", "taux tva", "tva", "tva %", "taux de tva %", "vat", "vat rate"]),
        [ImportField.ItemVatReason] = ("Motif sans TVA", ["motif sans tva", "motif d exoneration", "motif exoneration", "vat exemption reason"]),
        [ImportField.ItemNature] = ("Nature de l'opération", ["nature de l operation", "nature", "bien ou service", "goods or services"]),
        [ImportField.ItemPeriod] = ("Périodicité", ["periodicite", "recurrence", "frequence", "periode", "billing period"]),
        [ImportField.ItemIsOffered] = ("Proposé à la vente", ["propose", "actif", "en vente", "propose a la vente", "active", "offered"]),
        [ImportField.ContactPrimary] = ("Contact principal", ["contact principal", "principal", "interlocuteur principal", "primary", "primary contact", "main contact"]),
    };

    private static readonly ImportField[] s_institutions = [.. s_fields.Keys.Where(field => field < ImportField.ContactTitle)];

    private static readonly ImportField[] s_contacts =
    [
        ImportField.Id, ImportField.ContactTitle, ImportField.ContactFirstName, ImportField.ContactLastName, ImportField.ContactFullName, ImportField.ContactJobTitle, ImportField.ContactSpeciality,
        ImportField.ContactRpps, ImportField.ContactEmail, ImportField.ContactPhone, ImportField.ContactMobile, ImportField.Name, ImportField.FinessEt, ImportField.Siret, ImportField.Postcode, ImportField.City,
        ImportField.ContactRole, ImportField.ContactDepartment, ImportField.ContactInfluence, ImportField.ContactPrimary, ImportField.Owner, ImportField.Tags, ImportField.Notes,
    ];

    private static readonly ImportField[] s_items =
    [
        ImportField.Id, ImportField.ItemCode, ImportField.ItemName, ImportField.ItemDescription, ImportField.ItemCategory, ImportField.ItemUnit, ImportField.ItemUnitPrice, ImportField.ItemUnitCost,
        ImportField.ItemVatRate, ImportField.ItemVatReason, ImportField.ItemNature, ImportField.ItemPeriod, ImportField.ItemIsOffered,
    ];

    /// <summary>The French name of a field.</summary>
    public static string Label(ImportField field) => s_fields[field].Label;

    /// <summary>The fields a file of this subject may feed, in the order a person expects them.</summary>
    public static IReadOnlyList<ImportField> For(ImportSubject subject) => subject switch
    {
        ImportSubject.Institutions => s_institutions,
        ImportSubject.Contacts => s_contacts,
        _ => s_items,
    };

    /// <summary>The fields of which a row needs one, to tell whom or what it describes.</summary>
    public static IReadOnlyList<ImportField> Naming(ImportSubject subject) => subject switch
    {
        ImportSubject.Institutions => [ImportField.Name, ImportField.FinessEt, ImportField.FinessEj, ImportField.Siret, ImportField.Email, ImportField.Id],
        ImportSubject.Contacts => [ImportField.ContactLastName, ImportField.ContactFullName, ImportField.ContactRpps, ImportField.ContactEmail, ImportField.Id],
        _ => [ImportField.ItemCode, ImportField.ItemName, ImportField.Id],
    };

    /// <summary>Column names that mean a field, folded: lower case, without accents and punctuation.</summary>
    internal static IReadOnlyList<string> Synonyms(ImportField field) => s_fields[field].Synonyms;
}
