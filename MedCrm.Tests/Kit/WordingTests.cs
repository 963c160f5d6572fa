using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using MedCrm.Web.Exports;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Lists;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace MedCrm.Tests.Kit;

public sealed class WordingTests
{
    private static readonly Glossary s_english = new(
        ("Statut", "Status"),
        ("Client", "Customer"),
        ("Responsable", "Owner"),
        ("Claire Martin", "A translated person"),
        ("Client perdu", "Lost customer"),
        ("établissements", "institutions"),
        ("établissement", "institution"),
        ("Nom", "Name"),
        ("Oui", "Yes"),
        ("oui", "yes"),
        ("Entité juridique", "Legal entity"),
        ("Identifiant", "Identifier"));

    [Fact]
    public async Task Columns_and_their_choices_are_said_in_the_language_of_the_screen_and_people_keep_their_names()
    {
        await using var world = await TestWorld.CreateAsync();
        var list = world.As(world.Claire).Get<InstitutionList>();
        var (status, owner) = (list.Definition.Find("status")!, list.Definition.Find("owner")!);

        var statuses = s_english.Of(status, await list.ChoicesAsync("status"));
        var people = s_english.Of(owner, await list.ChoicesAsync("owner"));

        Assert.Equal(("Customer", "ok"), statuses.Where(choice => choice.Value == nameof(CustomerStatus.Customer)).Select(choice => (choice.Label, choice.Tone)).Single());
        Assert.Contains(people, person => person.Label == "Claire Martin");
        Assert.Equal("Status : Customer", FilterText.Of(status, new ListFilter("status", FilterOperator.AnyOf, [nameof(CustomerStatus.Customer)]), statuses, s_english));
        Assert.Equal(("1 institution", "3 institutions"), (s_english.Counted(list.Definition, 1), s_english.Counted(list.Definition, 3)));
    }

    [Fact]
    public async Task An_export_says_its_headers_and_choices_in_the_language_of_the_screen()
    {
        await using var world = await TestWorld.CreateAsync(services =>
        {
            services.AddExports();
            services.AddSingleton<IStringLocalizer<MedCrm.Web.Texts>>(s_english);
        });
        await world.InstitutionAsync("CH de Bourg", world.Claire, with: details => details with { Status = CustomerStatus.Customer, IsLegalEntity = true });
        var list = world.As(world.Claire).Get<InstitutionList>();

        await using var workbook = await world.Get<ListExport>().WriteAsync(list, ListQuery.Parse("cols=name,status,owner,legal-entity", list.Definition), picked: null, CancellationToken.None);
        var rows = Core.Imports.Files.ImportTable.Open(workbook);

        Assert.Equal(["Name", "Status", "Owner", "Legal entity", "Identifier"], rows.Headers);
        Assert.Equal(["CH de Bourg", "Customer", "Claire Martin", "yes"], Assert.Single(rows.Rows).Cells.Take(4));
    }

    [Fact]
    public async Task The_history_tells_words_of_the_business_from_what_people_wrote()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Client", world.Claire);
        var details = institution.Details();
        await world.As(world.Claire).Get<Institutions>().EditAsync(institution.Id, details, details with { Name = "Client perdu", Status = CustomerStatus.Customer });

        var entry = (await world.Get<Histories>().OfRecordAsync(nameof(Institution), institution.Id, 0, 1)).Rows[0];
        var after = entry.Changes[0].Fields.ToDictionary(field => field.Field, field => s_english.Value(field.After, field.IsWords));

        Assert.Equal(("Client perdu", "Customer"), (after["Name"], after["Status"]));
    }
}
