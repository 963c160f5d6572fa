using MedCrm.Core.Access;

namespace MedCrm.Web.Components.Layout;

/// <summary>Where a list stands in the product: a saved view of it opens there, for those who may.</summary>
public sealed record ListPlace(string Title, string Icon, string Address, Right? Needs = null)
{
    private static readonly Dictionary<string, ListPlace> s_places = new()
    {
        ["institutions"] = new("Établissements", "apartment", "/institutions?"),
        ["contacts"] = new("Contacts", "group", "/contacts?"),
        ["opportunities"] = new("Affaires", "view_kanban", "/opportunities?view=list&"),
        ["invoices"] = new("Factures", "receipt_long", "/invoices?"),
        ["quotes"] = new("Devis", "request_quote", "/quotes?"),
        ["tasks"] = new("Tâches", "task_alt", "/tasks?"),
        ["activities"] = new("Activités", "forum", "/activities?"),
        ["outbox"] = new("Messages sortants", "outgoing_mail", "/admin/outbox?", Right.Administer),
        ["audit"] = new("Journal", "history", "/admin/audit?", Right.ReadAudit),
    };

    /// <summary>The place of a list; null when somebody may not go there.</summary>
    public static ListPlace? Of(string list, Actor? actor)
        => s_places.GetValueOrDefault(list) is { } place && (place.Needs is not { } right || actor?.May(right) is true) ? place : null;

    /// <summary>The address that opens a saved view.</summary>
    public string Open(NamedView view) => $"{Address}{(view.Query.Length == 0 ? "" : view.Query + "&")}saved={view.Id}";
}
