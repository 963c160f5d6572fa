using MedCrm.Core.Engagement;

namespace MedCrm.Core.Data.Demo;

// Days count from the clock's today, negative ones are past. The contact is named as in DemoContacts.
internal sealed record DemoActivity(ActivityKind Kind, string Finess, int InDays, int Hour, string Subject, string? Text = null)
{
    public string? Contact { get; init; }
    public string? Deal { get; init; }
    public int? Minutes { get; init; }
    public CallDirection Direction { get; init; }
    public MeetingStatus Status { get; init; } = MeetingStatus.Held;
    public string? Result { get; init; }
    public string? Place { get; init; }
    public string? Agenda { get; init; }
    public Sharing Sharing { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string Owner { get; init; } = "sales1@demo.test";
}

internal static class DemoActivities
{
    private const string South = "sales2@demo.test";

    public static IReadOnlyList<DemoActivity> All { get; } =
    [
        new(ActivityKind.Call, "440000271", -2, 10, "Point sur les respirateurs", "Hélène Renaud a l'accord du directeur. Elle attend **l'avenant de garantie** pour signer.\n\n- garantie portée à 3 ans\n- prêt d'un appareil pendant les révisions") { Contact = "Hélène Renaud", Deal = "Renouvellement de six respirateurs de réanimation", Minutes = 12, Result = "Signature après réception de l'avenant" },
        new(ActivityKind.Meeting, "440000271", -9, 14, "Démonstration au bloc", "Deux anesthésistes présents, essai concluant sur le mode non invasif. Reste la question du consommable.") { Contact = "Thomas Le Goff", Deal = "Renouvellement de six respirateurs de réanimation", Minutes = 90, Place = "Bloc opératoire, bâtiment B", Agenda = "Prise en main, modes ventilatoires, questions" },
        new(ActivityKind.Note, "440000271", -15, 9, "Organisation des achats", "Le marché passe par **UniHA** au-delà de 90 k€. En dessous, la direction des achats décide seule.") { Tags = ["Achats"] },
        new(ActivityKind.Call, "440000271", -21, 11, "Prise de contact biomédical", "M. Haddad reçoit la documentation technique.") { Contact = "Rachid Haddad", Deal = "Traçabilité des dispositifs implantables", Minutes = 6, Result = "Envoyer la documentation" },
        new(ActivityKind.Meeting, "440000271", 3, 10, "Comité de choix des respirateurs") { Contact = "Hélène Renaud", Deal = "Renouvellement de six respirateurs de réanimation", Minutes = 60, Status = MeetingStatus.Planned, Place = "Direction des achats, salle 204", Agenda = "Choix final, calendrier de livraison, formation" },
        new(ActivityKind.Note, "440000271", -5, 17, "À garder pour moi", "Renaud change de poste en janvier : préparer la relève.") { Sharing = Sharing.Private },
        new(ActivityKind.Call, "440000016", -3, 15, "Plan du bloc reçu", "Deux salles concernées, livraison possible en un week-end.") { Contact = "Nathalie Prigent", Deal = "Deux tables d'opération", Minutes = 9, Direction = CallDirection.Incoming, Result = "Visite à fixer" },
        new(ActivityKind.Call, "440000016", -1, 9, "Rappel de M. Kerbrat") { Contact = "Yann Kerbrat", Deal = "Contrat de maintenance biomédicale", Direction = CallDirection.Missed },
        new(ActivityKind.Meeting, "440000016", 4, 9, "Visite du bloc de Saint-Nazaire") { Contact = "Nathalie Prigent", Deal = "Deux tables d'opération", Minutes = 120, Status = MeetingStatus.Planned, Place = "Bloc opératoire" },
        new(ActivityKind.Meeting, "440000412", -5, 11, "Revue de l'offre avec la direction", "Accord sur le prix. Signature prévue sous quinze jours.") { Contact = "Isabelle Caron", Deal = "Colonne d'endoscopie", Minutes = 45, Place = "Visioconférence" },
        new(ActivityKind.Call, "440000487", -25, 16, "Retour du congrès") { Contact = "Bertrand Masson", Deal = "Laser d'urologie", Minutes = 15, Result = "Attend le budget" },
        new(ActivityKind.Meeting, "350000741", -6, 10, "Cadrage du marché d'imagerie", "Le cahier des charges paraît en janvier. @Marc Girard doit valider la remise avant.") { Contact = "Camille Fournier", Deal = "Système d'imagerie interventionnelle", Minutes = 75, Place = "Pontchaillou, pôle imagerie" },
        new(ActivityKind.Call, "350000741", -1, 14, "Références demandées") { Contact = "Erwan Le Bihan", Deal = "Moniteurs de surveillance", Minutes = 8, Result = "Trois références à envoyer" },
        new(ActivityKind.Meeting, "350000741", 6, 15, "Démonstration sur site") { Contact = "Camille Fournier", Deal = "Système d'imagerie interventionnelle", Minutes = 120, Status = MeetingStatus.Planned, Place = "Salle 3" },
        new(ActivityKind.Note, "350000121", -16, 18, "Silence depuis la visite", "Le directeur attend l'arbitrage du groupe.") { Deal = "Équipement d'une salle hybride", Tags = ["Risque"] },
        new(ActivityKind.Call, "350000147", -7, 9, "Configuration des lits") { Contact = "Loïc Guéguen", Deal = "Lits médicalisés", Minutes = 11, Result = "Deux variantes à chiffrer" },
        new(ActivityKind.Meeting, "490000049", -9, 9, "Mise en service des pompes", "Livraison complète, formation de deux équipes.") { Contact = "David Roussel", Deal = "Pompes à perfusion", Minutes = 180, Place = "Biomédical" },
        new(ActivityKind.Call, "290000140", -21, 10, "Enquête de satisfaction") { Contact = "Gwenaël Morvan", Deal = "Mobilier de consultation", Minutes = 7, Result = "Très satisfait" },
        new(ActivityKind.Meeting, "130000409", -3, 14, "Questions du marché", "Douze questions écrites, réponse sous huit jours.") { Contact = "Fabien Reynaud", Deal = "Douze lits de réanimation", Minutes = 60, Owner = South, Place = "Visioconférence" },
        new(ActivityKind.Call, "130001647", -12, 11, "Pharmacie de l'institut") { Contact = "Léa Castelli", Deal = "Hottes pour chimiothérapie", Minutes = 10, Result = "Relancer après la commission", Owner = South },
        new(ActivityKind.Meeting, "130008253", 4, 10, "Visite de la maternité") { Contact = "Karima Saïdi", Deal = "Tables d'accouchement", Minutes = 90, Status = MeetingStatus.Planned, Owner = South },
        new(ActivityKind.Call, "060021417", -5, 15, "Option 4K demandée") { Contact = "Patricia Rossi", Deal = "Colonne de cœlioscopie", Minutes = 9, Direction = CallDirection.Incoming, Result = "Chiffrer l'option", Owner = South },
        new(ActivityKind.Meeting, "310780259", -4, 16, "Comité du robot", "Dossier d'investissement présenté, vote au prochain comité.") { Contact = "Élodie Lacombe", Deal = "Robot d'assistance chirurgicale", Minutes = 60, Owner = South, Place = "Purpan" },
        new(ActivityKind.Meeting, "340015502", 2, 11, "Conditions de paiement") { Contact = "Marion Delmas", Deal = "Moniteurs de bloc", Minutes = 30, Status = MeetingStatus.Planned, Owner = South, Place = "Téléphone" },
        new(ActivityKind.Note, "330780040", -10, 9, "Liste du matériel", "Le directeur l'envoie en fin de mois.") { Contact = "Mathieu Castaing", Deal = "Petit équipement de bloc", Owner = "manager@demo.test" },
    ];
}
