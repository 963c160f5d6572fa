namespace MedCrm.Web.Access;

/// <summary>One area of the administration: where it is and what one does there, in French.</summary>
public sealed record AdminArea(string Key, string Address, string Icon, string Name, string Purpose)
{
    /// <summary>Every area, in the order of the pages.</summary>
    public static IReadOnlyList<AdminArea> All { get; } =
    [
        new("company", "/admin/company", "domain", "Société", "Identité, mentions légales, banque, documents, conditions, numérotation et pénalités."),
        new("users", "/admin/users", "group", "Utilisateurs", "Créer les comptes, donner un rôle et une équipe, débloquer, réattribuer les fiches."),
        new("teams", "/admin/teams", "diversity_3", "Équipes", "Qui partage ses fiches avec qui."),
        new("roles", "/admin/roles", "shield_person", "Rôles", "Ce que chaque rôle peut faire, et jusqu'où il voit."),
        new("stages", "/admin/stages", "view_kanban", "Étapes", "Les étapes de vente, leur probabilité, leur délai et ce qu'elles demandent."),
        new("scores", "/admin/scores", "monitor_heart", "Scores", "Ce qui fait la santé et le potentiel d'un établissement, et quand prévenir."),
        new("dunning", "/admin/dunning", "notifications_active", "Relances", "Quand et comment les payeurs sont relancés, et qui laisse partir les messages."),
        new("accounting", "/admin/accounting", "account_balance", "Comptabilité", "Les comptes, les journaux et la forme du fichier des écritures."),
        new("imports", "/imports", "upload_file", "Imports", "Les fichiers importés, leurs erreurs, et le retour en arrière."),
        new("jobs", "/admin/jobs", "schedule", "Tâches planifiées", "Les travaux de la nuit et du matin : dernier passage, prochain, retard."),
        new("outbox", "/admin/outbox", "outgoing_mail", "Messages sortants", "Les e-mails envoyés, ceux qui attendent, et ce que le serveur a refusé."),
        new("backups", "/admin/backups", "cloud_done", "Sauvegardes", "Les copies vérifiées de la base et des fichiers."),
        new("audit", "/admin/audit", "history", "Journal", "Qui a changé quoi, quand, avant et après."),
    ];
}
