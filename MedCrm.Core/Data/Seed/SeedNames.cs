namespace MedCrm.Core.Data.Seed;

// Words that make invented records read like real ones.
internal static class SeedNames
{
    public static readonly string[] FirstNames =
    [
        "Claire", "Paul", "Hélène", "Marc", "Léa", "Jean", "Sophie", "Nicolas", "Amélie", "Thomas", "Camille", "Julien", "Élodie", "Antoine", "Manon",
        "François", "Céline", "Mathieu", "Inès", "Karim", "Aïcha", "Rémi", "Zoé", "Gaël", "Noémie", "Olivier", "Fatou", "Benoît", "Margaux", "Yann",
    ];

    public static readonly string[] LastNames =
    [
        "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefèvre", "Michel", "Garcia",
        "David", "Bertrand", "Roux", "Vincent", "Fournier", "Morel", "Girard", "André", "Mercier", "Dupont", "Lambert", "Bonnet", "François", "Martinez", "Legrand",
        "Garnier", "Faure", "Rousseau", "Blanc", "Guérin", "Müller", "Henry", "Roussel", "Nicolas", "Perrin", "Le Goff", "Nguyen", "Diallo", "Benali", "D'Almeida",
    ];

    public static readonly (string Code, string Label)[] Kinds =
    [
        ("355", "Centre hospitalier"), ("365", "Clinique"), ("101", "CHU"), ("109", "Centre de rééducation"), ("141", "Centre de dialyse"),
        ("292", "Centre hospitalier spécialisé"), ("106", "Hôpital local"), ("127", "HAD"), ("500", "EHPAD"), ("128", "Polyclinique"),
    ];

    public static readonly string[] Patrons =
    [
        "Saint-Joseph", "du Parc", "des Érables", "Sainte-Anne", "de la Côte", "du Val de Saône", "Jean-Moulin", "Pasteur", "Ambroise-Paré", "des Lilas",
        "Notre-Dame", "du Grand Large", "Simone-Veil", "des Cèdres", "Louis-Pradel", "de l'Estuaire", "Belle-Rive", "Marie-Curie", "des Alpes", "du Littoral",
    ];

    public static readonly (string Department, string Postcode, string City)[] Cities =
    [
        ("44", "44000", "Nantes"), ("69", "69003", "Lyon"), ("75", "75013", "Paris"), ("13", "13005", "Marseille"), ("31", "31000", "Toulouse"),
        ("33", "33000", "Bordeaux"), ("59", "59000", "Lille"), ("67", "67000", "Strasbourg"), ("35", "35000", "Rennes"), ("34", "34000", "Montpellier"),
        ("06", "06000", "Nice"), ("38", "38000", "Grenoble"), ("76", "76000", "Rouen"), ("29", "29200", "Brest"), ("21", "21000", "Dijon"),
        ("63", "63000", "Clermont-Ferrand"), ("87", "87000", "Limoges"), ("37", "37000", "Tours"), ("80", "80000", "Amiens"), ("01", "01000", "Bourg-en-Bresse"),
        ("2A", "20000", "Ajaccio"), ("974", "97400", "Saint-Denis"), ("64", "64000", "Pau"), ("54", "54000", "Nancy"), ("14", "14000", "Caen"),
    ];

    public static readonly string[] Deals =
    [
        "IRM 3 T", "Renouvellement du parc d'échographes", "Logiciel de planning des gardes", "Formation au bloc opératoire", "Audit de stérilisation",
        "Plateforme de télé-expertise", "Contrat de maintenance 36 mois", "Remplacement en anesthésie", "Recrutement de radiologues", "Accompagnement à la certification",
        "Scanner", "Dispositifs de monitorage", "Refonte du circuit du médicament", "Formation aux soins palliatifs", "Mise à disposition d'urgentistes",
    ];

    public static readonly string[] JobTitles =
    [
        "Directrice des achats", "Directeur général", "Cheffe de bloc", "Cadre de santé", "Pharmacien", "Responsable biomédical", "Directeur des soins",
        "DRH", "Responsable informatique", "Chef de service", "Attachée d'administration", "Médecin coordonnateur",
    ];

    public static readonly string[] Departments = ["Bloc opératoire", "Urgences", "Imagerie", "Pharmacie", "Direction", "Maternité", "Réanimation", "Achats"];
    public static readonly string[] Tags = ["GHT", "Compte clé", "Appel d'offres 2027", "À rappeler", "Congrès SFAR", "Multi-sites"];
    public static readonly string[] Specialities = ["Cardiologie", "Anesthésie", "Radiologie", "Orthopédie", "Gériatrie", "Oncologie", "Psychiatrie", "Néphrologie"];
    public static readonly string[] Competitors = ["MedSud", "Alliance Santé Pro", "Hexamed", "CliniSoft"];
    public static readonly string[] Tasks = ["Rappeler", "Envoyer la proposition", "Préparer la visite", "Relancer les achats", "Confirmer le rendez-vous", "Transmettre les références"];
    public static readonly string[] Teams = ["Ouest", "Sud", "Est", "Nord"];
}
