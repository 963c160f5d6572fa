using MedCrm.Core.Customers;

namespace MedCrm.Core.Data.Demo;

internal sealed record DemoContact(string Finess, string Civility, string FirstName, string LastName, string JobTitle, string Department, Influence Influence, bool IsPrimary);

// Invented persons in real institutions; their addresses and numbers are in the ranges kept for fiction.
internal static class DemoContacts
{
    public static IReadOnlyList<DemoContact> All { get; } =
    [
        new("440000271", "Mme", "Hélène", "Renaud", "Directrice des achats", "Achats", Influence.DecisionMaker, true),
        new("440000271", "Dr", "Thomas", "Le Goff", "Chef de service", "Anesthésie-réanimation", Influence.Prescriber, false),
        new("440000271", "M.", "Rachid", "Haddad", "Ingénieur biomédical", "Biomédical", Influence.EndUser, false),
        new("440000016", "M.", "Yann", "Kerbrat", "Responsable des achats", "Achats", Influence.Buyer, true),
        new("440000016", "Mme", "Nathalie", "Prigent", "Cadre de santé", "Bloc opératoire", Influence.EndUser, false),
        new("440000412", "Mme", "Isabelle", "Caron", "Directrice", "Direction", Influence.DecisionMaker, true),
        new("440000487", "Dr", "Bertrand", "Masson", "Urologue", "Urologie", Influence.Prescriber, true),
        new("440000404", "Mme", "Sylvie", "Blanchard", "Directrice", "Direction", Influence.DecisionMaker, true),
        new("350000741", "M.", "Erwan", "Le Bihan", "Directeur des équipements", "Équipements", Influence.DecisionMaker, true),
        new("350000741", "Dr", "Camille", "Fournier", "Cheffe de pôle", "Imagerie", Influence.Prescriber, false),
        new("350000121", "M.", "Olivier", "Tanguy", "Directeur", "Direction", Influence.DecisionMaker, true),
        new("350000139", "Mme", "Valérie", "Hamon", "Responsable qualité", "Qualité", Influence.EndUser, true),
        new("350000147", "M.", "Loïc", "Guéguen", "Acheteur", "Achats", Influence.Buyer, true),
        new("490000049", "Mme", "Florence", "Gautier", "Directrice adjointe", "Direction", Influence.DecisionMaker, true),
        new("490000049", "M.", "David", "Roussel", "Ingénieur biomédical", "Biomédical", Influence.EndUser, false),
        new("490000635", "Mme", "Céline", "Poirier", "Cadre de santé", "Bloc opératoire", Influence.EndUser, true),
        new("290000140", "M.", "Gwenaël", "Morvan", "Directeur", "Direction", Influence.DecisionMaker, true),
        new("290000025", "Mme", "Anne-Sophie", "Cariou", "Responsable des achats", "Achats", Influence.Buyer, true),
        new("130000409", "M.", "Fabien", "Reynaud", "Directeur des achats", "Achats", Influence.DecisionMaker, true),
        new("130001647", "Dr", "Léa", "Castelli", "Oncologue", "Oncologie", Influence.Prescriber, true),
        new("130008253", "Mme", "Karima", "Saïdi", "Directrice", "Direction", Influence.DecisionMaker, true),
        new("060000510", "M.", "Laurent", "Giordano", "Acheteur", "Achats", Influence.Buyer, true),
        new("060021417", "Mme", "Patricia", "Rossi", "Directrice", "Direction", Influence.DecisionMaker, true),
        new("060780491", "Dr", "Philippe", "Marchetti", "Cardiologue", "Cardiologie", Influence.Prescriber, true),
        new("340000033", "M.", "Vincent", "Bousquet", "Ingénieur biomédical", "Biomédical", Influence.EndUser, true),
        new("340015502", "Mme", "Marion", "Delmas", "Directrice", "Direction", Influence.DecisionMaker, true),
        new("340022979", "M.", "Guillaume", "Fabre", "Directeur des soins", "Direction", Influence.DecisionMaker, true),
        new("310780259", "Mme", "Élodie", "Lacombe", "Directrice de l'innovation", "Direction", Influence.DecisionMaker, true),
        new("310780283", "M.", "Sébastien", "Pujol", "Responsable du bloc", "Bloc opératoire", Influence.EndUser, true),
        new("330000662", "Mme", "Aurélie", "Dupuy", "Responsable des achats", "Achats", Influence.Buyer, true),
        new("330780040", "M.", "Mathieu", "Castaing", "Directeur", "Direction", Influence.DecisionMaker, true),
    ];
}
