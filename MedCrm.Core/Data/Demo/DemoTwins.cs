using MedCrm.Core.Customers;

namespace MedCrm.Core.Data.Demo;

internal sealed record DemoTwinContact(ContactDetails Details, string? Finess, string? Institution, string Title);

// What careless hands and old files leave behind: the same houses and people again, written otherwise. The queue of duplicates begins with them.
internal static class DemoTwins
{
    public static IReadOnlyList<(InstitutionDetails Details, string Team)> Institutions { get; } =
    [
        (new() { Name = "CH Saint-Nazaire", Postcode = "44600", City = "Saint-Nazaire", Street = "Boulevard Charpak", Email = "achats.ch-saint-nazaire@example.org", Status = CustomerStatus.ColdProspect, Tags = ["Salon 2025"] }, DemoWorld.West),
        (new() { Name = "Clinique Bretéchet", Postcode = "44000", City = "NANTES", Phone = "01 99 00 50 02", Notes = "Carte de visite du salon." }, DemoWorld.West),
        (new() { Name = "Institut Paoli Calmettes", Postcode = "13009", City = "Marseille", Website = "https://paoli-calmettes.example.org" }, DemoWorld.South),
    ];

    public static IReadOnlyList<DemoTwinContact> Contacts { get; } =
    [
        new(new() { Civility = "Mme", FirstName = "Nathalie", LastName = "Prijent", JobTitle = "Cadre du bloc", Mobile = "06 39 98 10 04" }, null, "CH Saint-Nazaire", "Cadre du bloc"),
        new(new() { FirstName = "Le Bihan", LastName = "Erwan", JobTitle = "Équipements" }, "350000741", null, "Équipements"),
        new(new() { Civility = "Dr", FirstName = "L.", LastName = "Castelli", Email = "lea.castelli@example.org", Tags = ["Congrès"] }, "130001647", null, "Oncologue"),
    ];
}
