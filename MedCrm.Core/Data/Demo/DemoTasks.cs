using MedCrm.Core.FollowUp;

namespace MedCrm.Core.Data.Demo;

internal sealed record DemoTask(string Title, int? DueInDays, string? Deal = null, TaskPriority Priority = TaskPriority.Normal, int? Hour = null, string? Result = null, string Owner = "sales1@demo.test")
{
    /// <summary>What it is made of; those ticked begin with « x ».</summary>
    public string[] Steps { get; init; } = [];

    public TaskReminder? Reminder { get; init; }

    /// <summary>How it comes back, from its day on.</summary>
    public Func<DateOnly, Recurrence>? Rule { get; init; }
}

internal static class DemoTasks
{
    private const string South = "sales2@demo.test";

    public static IReadOnlyList<DemoTask> All { get; } =
    [
        new("Rappeler Yann Kerbrat après la commission", -4, "Contrat de maintenance biomédicale", TaskPriority.High),
        new("Envoyer le compte rendu de la visite", -2, "Deux tables d'opération"),
        new("Demander les plans de la salle hybride", -9, "Équipement d'une salle hybride", TaskPriority.High),
        new("Relancer la direction des achats", 0, "Traçabilité des dispositifs implantables", TaskPriority.High, 10),
        new("Confirmer les délais de livraison des lits", 0, "Lits médicalisés", Hour: 14),
        new("Préparer l'avenant de garantie", 0, "Renouvellement de six respirateurs de réanimation") { Steps = ["x Relire le contrat en cours", "x Chiffrer les pièces", "Faire valider la durée", "Faire signer les deux parties"] },
        new("Envoyer les références clients", 1, "Moniteurs de surveillance"),
        new("Organiser le prêt de l'échographe", 2, "Échographe portable"),
        new("Visite du bloc de Saint-Nazaire", 3, "Deux tables d'opération", Hour: 9) { Reminder = TaskReminder.DayBefore },
        new("Signature de la colonne d'endoscopie", 4, "Colonne d'endoscopie", TaskPriority.High, 11),
        new("Démonstration à Pontchaillou", 5, "Système d'imagerie interventionnelle", TaskPriority.High),
        new("Mettre à jour le tarif des armoires", 20, "Armoires chaudes", TaskPriority.Low),
        new("Trier les cartes du salon", null, Priority: TaskPriority.Low),
        new("Appeler la Clinique Lanroze pour la livraison", -1, "Mobilier de consultation", Result: "Livraison prévue la semaine prochaine."),
        new("Confirmer la livraison des pompes", -3, "Pompes à perfusion", Result: "Livrées à la pharmacie, deux cartons à échanger."),
        new("Former les soignants aux pompes", 12, "Pompes à perfusion") { Steps = ["x Choisir les dates avec la cadre", "Première session", "Seconde session"] },
        new("Bilan à trois mois des pompes", 80, "Pompes à perfusion", TaskPriority.Low),
        new("Relancer la pharmacie de l'institut", -1, "Hottes pour chimiothérapie", TaskPriority.High, Owner: South),
        new("Chiffrer l'option 4K", 0, "Colonne de cœlioscopie", Hour: 16, Owner: South),
        new("Répondre aux questions du marché", 1, "Douze lits de réanimation", TaskPriority.High, Owner: South),
        new("Valider les conditions de paiement", 2, "Moniteurs de bloc", Owner: South),
        new("Point hebdomadaire des affaires", 1, Hour: 9, Owner: "manager@demo.test") { Rule = day => Recurrence.From(day, RecurrenceKind.Weekly) },
        new("Relever les compteurs de maintenance", 6, "Contrat de maintenance biomédicale") { Rule = day => Recurrence.From(day, RecurrenceKind.Monthly) with { MonthDay = MonthDay.Last } },
        new("Rencontrer le physicien médical", 7, "Accélérateur : étude de remplacement", Owner: "manager@demo.test"),
    ];
}
