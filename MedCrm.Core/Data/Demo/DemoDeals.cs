using MedCrm.Core.Sales;

namespace MedCrm.Core.Data.Demo;

// Days count from the clock's today. A deal crosses the stages one after the other between its creation and the last contact.
internal sealed record DemoDeal(string Finess, string Name, decimal Amount, string Stage, int CreatedDaysAgo, int TouchedDaysAgo, int? ClosesInDays, string? NextAction = null, int? NextActionInDays = null)
{
    public OpportunitySource Source { get; init; } = OpportunitySource.Outbound;
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> Competitors { get; init; } = [];
    public LossReason? LossReason { get; init; }
    public string? LostTo { get; init; }
    public string? LossNote { get; init; }
    public string Owner { get; init; } = "sales1@demo.test";
}

internal static class DemoDeals
{
    private const string South = "sales2@demo.test";

    public static IReadOnlyList<DemoDeal> All { get; } =
    [
        new("440000271", "Renouvellement de six respirateurs de réanimation", 148_500, "Negotiation", 64, 2, 12, "Envoyer l'avenant de garantie", 1) { Source = OpportunitySource.Tender, Tags = ["Prioritaire"], Competitors = ["Respira France"] },
        new("440000271", "Traçabilité des dispositifs implantables", 62_000, "Proposal", 40, 4, 30, "Envoyer la proposition chiffrée", 0) { Source = OpportunitySource.ExistingCustomer },
        new("440000271", "Formation des équipes du bloc", 9_800, "Prospecting", 6, 6, 60, "Appeler le cadre de santé", 2),
        new("440000016", "Deux tables d'opération", 84_200, "Qualification", 28, 3, 45, "Visite du bloc", 3) { Source = OpportunitySource.InboundCall, Tags = ["Bloc"] },
        new("440000016", "Contrat de maintenance biomédicale", 27_600, "Proposal", 52, 19, 20, "Relancer après la commission", -4) { Tags = ["Récurrent"] },
        new("440000412", "Colonne d'endoscopie", 46_900, "Negotiation", 75, 5, 8, "Signature chez la directrice", 4) { Competitors = ["Optivision"], Tags = ["Prioritaire"] },
        new("440000487", "Laser d'urologie", 71_300, "Qualification", 33, 25, 70) { Source = OpportunitySource.Event },
        new("440000404", "Armoires chaudes", 12_400, "Prospecting", 30, 30, 90),
        new("350000741", "Système d'imagerie interventionnelle", 312_000, "Proposal", 90, 6, 75, "Démonstration sur site", 5) { Source = OpportunitySource.Tender, Tags = ["Grand compte"], Competitors = ["Imagis", "Radiane"] },
        new("350000741", "Moniteurs de surveillance", 58_700, "Qualification", 17, 1, 50, "Envoyer les références clients", 1),
        new("350000121", "Équipement d'une salle hybride", 265_000, "Negotiation", 110, 16, 15) { Tags = ["Grand compte"], Competitors = ["Imagis"] },
        new("350000139", "Logiciel de gestion du bloc", 38_500, "Prospecting", 4, 4, 80, "Préparer la démonstration", 6) { Source = OpportunitySource.Website },
        new("350000147", "Lits médicalisés", 54_000, "Proposal", 35, 7, 25, "Valider la configuration des lits", 0),
        new("490000049", "Pompes à perfusion", 93_400, "ClosedWon", 120, 9, -10) { Source = OpportunitySource.Tender, Tags = ["UniHA"] },
        new("490000635", "Échographe portable", 31_200, "Qualification", 20, 8, 40, "Prêt de démonstration", 2),
        new("290000140", "Mobilier de consultation", 18_600, "ClosedWon", 80, 21, -20) { Source = OpportunitySource.Referral },
        new("290000025", "Rénovation de la stérilisation", 126_000, "ClosedLost", 140, 14, -12) { LossReason = LossReason.Competitor, LostTo = "Stéris Ouest", Competitors = ["Stéris Ouest"] },
        new("350000121", "Aspirateurs chirurgicaux", 7_900, "ClosedLost", 60, 30, -25) { LossReason = LossReason.NoBudget, LossNote = "Budget reporté à l'an prochain." },
        new("130000409", "Douze lits de réanimation", 132_000, "Negotiation", 70, 3, 18, "Répondre aux questions du marché", 1) { Owner = South, Source = OpportunitySource.Tender, Tags = ["Prioritaire"] },
        new("130001647", "Hottes pour chimiothérapie", 88_000, "Proposal", 45, 12, 35, "Relancer la pharmacie", -1) { Owner = South, Competitors = ["Labotech"] },
        new("130008253", "Tables d'accouchement", 29_500, "Qualification", 22, 2, 60, "Visite de la maternité", 4) { Owner = South, Source = OpportunitySource.InboundCall },
        new("060000510", "Contrat de maintenance multitechnique", 41_000, "Prospecting", 9, 9, 100, "Premier rendez-vous", 5) { Owner = South, Tags = ["Récurrent"] },
        new("060021417", "Colonne de cœlioscopie", 52_300, "Proposal", 38, 5, 22, "Chiffrer l'option 4K", 0) { Owner = South, Competitors = ["Optivision"] },
        new("060780491", "Angiographe", 295_000, "Qualification", 50, 31, 120) { Owner = South, Tags = ["Grand compte"] },
        new("340000033", "Respirateurs de transport", 36_700, "ClosedWon", 95, 6, -7) { Owner = South, Source = OpportunitySource.ExistingCustomer },
        new("340015502", "Moniteurs de bloc", 47_800, "Negotiation", 66, 8, 10, "Valider les conditions de paiement", 2) { Owner = South },
        new("340022979", "Formation à la traçabilité", 6_400, "Prospecting", 3, 3, 45, "Envoyer le programme", 1) { Owner = South, Source = OpportunitySource.Website },
        new("310780259", "Robot d'assistance chirurgicale", 480_000, "Proposal", 130, 4, 90, "Comité d'investissement", 9) { Owner = South, Source = OpportunitySource.Event, Tags = ["Grand compte", "Prioritaire"], Competitors = ["Robomed"] },
        new("310780283", "Autolaveurs de stérilisation", 73_900, "ClosedLost", 100, 18, -15) { Owner = South, LossReason = LossReason.Price, LossNote = "Écart de 12 %." },
        new("330000662", "Accélérateur : étude de remplacement", 15_000, "Prospecting", 12, 12, 150, "Rencontrer le physicien médical", 7) { Owner = "manager@demo.test", Source = OpportunitySource.Referral },
        new("330780040", "Petit équipement de bloc", 11_250, "Qualification", 26, 10, 40, "Recevoir la liste du matériel", 3) { Owner = "manager@demo.test" },
    ];
}
