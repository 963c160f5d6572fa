using MedCrm.Core.Access;
using MedCrm.Core.Engagement;
using MedCrm.Web.Access;

namespace MedCrm.Web.Components.Layout;

/// <summary>
/// Something one starts from anywhere, in French: a form that creates, or a page. <paramref name="Words"/> is what else it is called by in the
/// palette, folded; <paramref name="Keys"/> the two keys that start it: « n a », « g e ».
/// </summary>
public sealed record Command(string Text, string Words, string Icon, string Address, string? Keys = null, Right? Needs = null, Func<Creations, Task>? Create = null)
{
    /// <summary>Whether somebody's role allows it.</summary>
    public bool IsFor(Actor? actor) => Needs is not { } right || actor?.May(right) is true;
}

/// <summary>The commands of the shell: the palette finds them, the sheet of shortcuts lists those that have keys, and the keyboard starts what the sheet lists.</summary>
public static class Commands
{
    /// <summary>What one starts.</summary>
    public static IReadOnlyList<Command> Actions { get; } =
    [
        new("Nouvelle affaire", "nouveau creer opportunite", "add", "/opportunities?new=1", "n a", Right.EditSales, creations => creations.OpportunityAsync()),
        new("Nouveau devis", "creer offre proposition", "request_quote", "/quotes?new=1", "n d", Right.EditQuotes, creations => creations.QuoteAsync()),
        new("Nouvelle tâche", "nouveau creer rappel", "add_task", "/tasks", "n t", Create: creations => creations.TaskAsync()),
        new("Noter un appel", "nouvel creer telephone coup de fil", "call", "/activities", "n p", Right.EditCustomers, creations => creations.ActivityAsync(ActivityKind.Call)),
        new("Nouvelle réunion", "nouveau creer rendez vous rdv visite", "groups", "/activities", "n r", Right.EditCustomers, creations => creations.ActivityAsync(ActivityKind.Meeting)),
        new("Nouvelle note", "nouveau creer ecrire", "sticky_note_2", "/activities", "n n", Right.EditCustomers, creations => creations.ActivityAsync(ActivityKind.Note)),
        new("Nouveau contact", "creer personne", "person_add", "/contacts", "n c", Right.EditCustomers, creations => creations.ContactAsync()),
        new("Nouvel établissement", "nouveau creer hopital clinique compte", "domain_add", "/institutions", "n e", Right.EditCustomers, creations => creations.InstitutionAsync()),
        new("Nouveau contrat", "creer abonnement maintenance", "contract", "/contracts/new", Needs: Right.EditContracts),
        new("Nouvelle facture", "nouveau creer facturer", "receipt_long", "/invoices?new=1", "n f", Right.EditInvoices, creations => creations.InvoiceAsync()),
        new("Enregistrer un règlement", "nouveau paiement encaisser virement cheque", "payments", "/invoices?pay=1", Needs: Right.EditInvoices, Create: creations => creations.PaymentAsync()),
        new("Nouvel article", "nouveau creer catalogue produit service prix", "inventory_2", "/catalog?new=1", Needs: Right.EditCatalog),
        new("Importer un fichier", "imports csv excel etablissements contacts", "upload_file", "/imports/new", Needs: Right.Import),
    ];

    /// <summary>Where one goes.</summary>
    public static IReadOnlyList<Command> Pages { get; } =
    [
        new("Ma journée", "accueil jour", "light_mode", "/", "g j"),
        new("Établissements", "comptes hopitaux cliniques", "apartment", "/institutions", "g e"),
        new("Contacts", "personnes", "group", "/contacts", "g c"),
        new("Affaires", "tableau opportunites pipeline", "view_kanban", "/opportunities", "g a"),
        new("Devis", "offres propositions", "request_quote", "/quotes", "g d"),
        new("Contrats", "abonnements maintenance mrr renouvellement", "contract", "/contracts", "g o"),
        new("Tâches", "a faire", "task_alt", "/tasks", "g t"),
        new("Calendrier", "agenda semaine mois", "calendar_month", "/calendar", "g k"),
        new("Factures", "facturation avoirs acomptes impayes", "receipt_long", "/invoices", "g f"),
        new("Factures à émettre", "brouillons a relire", "draft", "/invoices?view=drafts", Needs: Right.EditInvoices),
        new("Relevé bancaire", "import banque reglements rapprochement", "account_balance", "/invoices/bank", Needs: Right.EditInvoices),
        new("Activités", "appels reunions notes journal", "forum", "/activities"),
        new("Catalogue", "articles produits services prix tarif", "inventory_2", "/catalog"),
        new("Relances", "impayes retards mise en demeure", "notifications_active", "/invoices/reminders", Needs: Right.EditInvoices),
        new("Trésorerie", "encaissements previsions balance", "savings", "/invoices/treasury", Needs: Right.EditInvoices),
        new("Exports comptables", "fec sage quickbooks comptabilite ecritures", "fact_check", "/invoices/accounting", Needs: Right.EditInvoices),
        new("Imports", "fichiers", "upload_file", "/imports", Needs: Right.Import),
        new("Corbeille", "supprimes", "delete", "/bin"),
        new("Mon compte", "profil mot de passe theme densite", "person", "/account"),
        new("Administration", "reglages parametres", "settings", "/admin", Needs: Right.Administer),
        .. AdminArea.All.Where(area => area.Key != "imports").Select(area => new Command(area.Name, "administration", area.Icon, area.Address, Needs: area.Key == "audit" ? Right.ReadAudit : Right.Administer)),
    ];

    /// <summary>« n a » as it is read on keys.</summary>
    public static IEnumerable<string> KeysOf(string keys) => keys.Split(' ').Select(key => key.ToUpperInvariant());
}
