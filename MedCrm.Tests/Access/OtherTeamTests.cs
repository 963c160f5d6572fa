using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Duplicates;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Core.Search;
using MedCrm.Tests.Documents;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Access;

/// <summary>Team Sud reaches nothing of team Ouest, by whatever way. Each way first proves that it shows the records to those who own them.</summary>
public sealed class OtherTeamTests : IAsyncLifetime
{
    private const string Canary = "Zanzibar";
    private TestWorld _world = null!;
    private Institution _institution = null!;
    private Contact _contact = null!;
    private Opportunity _deal = null!;
    private FollowUpTask _task = null!;
    private Guid _document;

    public async Task InitializeAsync()
    {
        _world = await TestWorld.CreateAsync();
        _institution = await _world.InstitutionAsync($"Clinique {Canary}", _world.Claire, details => details with { HospitalGroup = $"GHT {Canary}", Tags = [$"{Canary}-étiquette"], FinessEt = "010000032" });
        _contact = await _world.ContactAsync(_institution, Canary);
        _deal = await _world.OpportunityAsync(owner: _world.Claire, institution: _institution, with: details => details with { Name = $"Affaire {Canary}", Tags = [$"{Canary}-affaire"] });
        _task = await _world.TaskAsync(_world.Claire, details => details with { Title = $"Rappeler {Canary}" });
        _document = (await _world.As(_world.Claire).AddDocumentAsync(new DocumentPlace(InstitutionId: _institution.Id), name: $"Papiers {Canary}.pdf")).Document;
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task By_any_list_its_search_its_counts_its_choices_and_its_export()
    {
        var shown = new List<string>();
        foreach (var list in _world.As(_world.Claire).Get<IEnumerable<IRecordList>>())
        {
            foreach (var id in Ids)
            {
                _world.As(_world.Claire);
                if (await list.RowAsync(id, Columns(list)) is null)
                {
                    continue;
                }

                shown.Add(list.Definition.Name);
                Assert.Contains(id, await list.IdsAsync(ListQuery.Everything));

                _world.As(_world.Lea);
                Assert.Null(await list.RowAsync(id, Columns(list)));
                Assert.Null(await list.NeighboursAsync(ListQuery.Everything, id));
                Assert.DoesNotContain(id, await list.IdsAsync(ListQuery.Everything));
                Assert.DoesNotContain(id, (await list.RowsAsync(ListQuery.Everything, Columns(list), 0, 500)).Select(row => row.Id));
                Assert.Equal(0, (await list.CountAsync(new ListQuery { Search = Canary })).Matching);
                Assert.DoesNotContain(Canary, await ExportAsync(list), StringComparison.Ordinal);
                foreach (var column in list.Definition.Columns)
                {
                    Assert.DoesNotContain(Canary, Text(await list.ChoicesAsync(column.Key, Canary)), StringComparison.Ordinal);
                    Assert.DoesNotContain(Canary, Text(await list.NamesAsync(column.Key, [.. Ids.Select(each => each.ToString())])), StringComparison.Ordinal);
                }

                _world.As(_world.Paul);
                Assert.Contains(Canary, await ExportAsync(list), StringComparison.Ordinal);
            }
        }

        Assert.Contains("institutions", shown);
        Assert.Contains("contacts", shown);
    }

    [Fact]
    public Task By_search() => NothingAsync(async () => Text(await _world.Get<Searches>().FindAsync(Canary)));

    [Fact]
    public Task By_search_of_an_identifier() => NothingAsync(async () => Text(await _world.Get<Searches>().FindAsync("010000032")));

    [Fact]
    public Task By_the_lookups() => NothingAsync(async ()
        => Text(await _world.Get<Searches>().FindInstitutionsAsync(Canary)) + Text(await _world.Get<Searches>().FindContactsAsync(Canary)) + Text(await _world.Get<Searches>().FindInstitutionsAsync("")) + Text(await _world.Get<Searches>().FindContactsAsync("")));

    [Fact]
    public Task By_the_address_of_an_institution() => NothingAsync(async ()
        => Text(await _world.Get<Institutions>().GetAsync(_institution.Id)) + await _world.Get<Institutions>().FindNameAsync(_institution.Id));

    [Fact]
    public Task By_the_address_of_a_contact() => NothingAsync(async ()
        => Text(await _world.Get<Contacts>().GetAsync(_contact.Id)) + await _world.Get<Contacts>().FindNameAsync(_contact.Id) + Text(await _world.Get<Contacts>().OfInstitutionAsync(_institution.Id)));

    [Fact]
    public Task By_the_twins_of_what_is_typed() => NothingAsync(async ()
        => Text(await _world.Get<Twins>().OfContactAsync(new ContactDetails { LastName = Canary, FirstName = "Hélène" })) + Text(await _world.Get<Twins>().OfInstitutionAsync(_institution.Details())));

    [Fact]
    public Task By_labels_and_groups_already_in_use() => NothingAsync(async ()
        => Text(await _world.Get<Institutions>().LabelsInUseAsync(InstitutionLabelKind.Tag))
            + Text(await _world.Get<Institutions>().GroupsInUseAsync())
            + Text(await _world.Get<Opportunities>().LabelsInUseAsync(OpportunityLabelKind.Tag)));

    [Fact]
    public Task By_the_board_and_its_totals() => NothingAsync(async ()
        => await _world.Get<Board>().LoadAsync(ListQuery.Everything) is { Totals.Count: > 0 } board ? Text(board) : "");

    [Fact]
    public Task By_the_question_whether_the_board_shows_a_card() => NothingAsync(async ()
        => await _world.Get<Board>().ShowsAsync(_deal.Id, ListQuery.Everything) ? Canary : "");

    [Fact]
    public Task By_what_a_move_would_ask() => NothingAsync(async () => Text(await _world.Get<Opportunities>().PreviewMoveAsync(_deal.Id, (await _world.StageAsync("Proposal")).Id)));

    [Fact]
    public Task By_a_task() => NothingAsync(async () => Text(await _world.Get<FollowUpTasks>().FindAsync(_task.Id)));

    [Fact]
    public Task By_a_task_about_their_records() => NothingAsync(async ()
        => Text(await _world.Get<FollowUpTasks>().NewAsync(_institution.Id, _contact.Id, _deal.Id)));

    [Fact]
    public Task By_the_search_of_documents() => NothingAsync(async () => Text((await _world.Get<Searches>().FindAsync("Papiers")).Where(hit => hit.RecordId == _document)));

    [Fact]
    public Task By_the_documents_of_a_record() => NothingAsync(async ()
        => Text(await _world.Get<DocumentShelf>().ListAsync(new DocumentPlace(InstitutionId: _institution.Id))) + Text(await _world.Get<DocumentShelf>().FindAsync(_document)) + Text(await _world.Get<DocumentShelf>().OpenAllAsync([_document])));

    [Fact]
    public Task By_the_day() => NothingAsync(async () => Text(await _world.Get<MyDays>().ReadAsync()), colleagues: false);

    [Theory]
    [InlineData(nameof(Institution))]
    [InlineData(nameof(Contact))]
    [InlineData(nameof(Opportunity))]
    [InlineData(nameof(FollowUpTask))]
    [InlineData(nameof(Document))]
    public Task By_the_history(string type) => NothingAsync(async () =>
    {
        var id = type switch { nameof(Institution) => _institution.Id, nameof(Contact) => _contact.Id, nameof(Opportunity) => _deal.Id, nameof(Document) => _document, _ => _task.Id };
        return Text(await _world.Get<Histories>().OfRecordAsync(type, id, 0, 50));
    });

    [Fact]
    public async Task By_the_bin()
    {
        await _world.SaveAsync(db =>
        {
            db.FollowUpTasks.Single(task => task.Id == _task.Id).DeletedAt = _world.Now();
            db.Opportunities.Single(deal => deal.Id == _deal.Id).DeletedAt = _world.Now();
        });

        await NothingAsync(async () => Text(await _world.Get<Bin>().PageAsync(null, null, 0, 50)));
        _world.As(_world.Lea);
        await Assert.ThrowsAnyAsync<BusinessRuleException>(() => _world.Get<Bin>().RestoreAsync(nameof(Opportunity), _deal.Id));
    }

    [Fact]
    public async Task By_any_write()
    {
        _world.As(_world.Lea);
        var before = await FingerprintAsync();
        var (institutions, contacts, deals, tasks) = (_world.Get<Institutions>(), _world.Get<Contacts>(), _world.Get<Opportunities>(), _world.Get<FollowUpTasks>());
        var proposal = (await _world.StageAsync("Proposal")).Id;
        Func<Task>[] writes =
        [
            () => institutions.EditAsync(_institution.Id, _institution.Details(), _institution.Details() with { Name = "Volée" }),
            () => institutions.DeleteAsync(_institution.Id),
            () => contacts.EditAsync(_contact.Id, _contact.Details(), _contact.Details() with { LastName = "Volée" }),
            () => contacts.JoinAsync(_contact.Id, new ContactRoleDetails { InstitutionId = _institution.Id, Title = "X" }),
            () => contacts.DeleteAsync(_contact.Id),
            () => contacts.CreateAsync(new ContactDetails { LastName = "Intruse" }, new ContactRoleDetails { InstitutionId = _institution.Id, Title = "X" }),
            () => deals.EditAsync(_deal.Id, _deal.Details(), _deal.Details() with { Name = "Volée" }),
            () => deals.MoveAsync(_deal.Id, proposal, _deal.Version),
            () => deals.DeleteAsync(_deal.Id, _deal.Version),
            () => deals.CreateAsync(new OpportunityDetails { Name = "Intruse", InstitutionId = _institution.Id, OwnerId = _world.Lea.Id, TeamId = _world.Lea.TeamId }, proposal),
            () => tasks.CompleteAsync(_task.Id, null),
            () => tasks.PutOffAsync(_task.Id, new DateOnly(2026, 12, 1)),
            () => tasks.DeleteAsync(_task.Id),
            () => tasks.CreateAsync(new FollowUpTaskDetails { Title = "Intruse", InstitutionId = _institution.Id }),
            () => tasks.CompleteNextActionAsync(_deal.Id, null),
        ];

        var passed = new List<int>();
        for (var i = 0; i < writes.Length; i++)
        {
            try
            {
                await writes[i]();
                passed.Add(i);
            }
            catch (BusinessRuleException)
            {
                // Refused, as it should be.
            }
        }

        Assert.Empty(passed);
        Assert.Equal(before, await FingerprintAsync());
    }

    [Fact]
    public async Task By_a_bulk_change()
    {
        var before = await FingerprintAsync();
        await _world.As(_world.Lea).Get<OpportunityList>().MoveAsync(ListSelection.Of([_deal.Id]), (await _world.StageAsync("Proposal")).Id);
        foreach (var list in _world.Get<IEnumerable<IRecordList>>().OfType<IEditableList>())
        {
            foreach (var selection in new[] { ListSelection.Of(Ids), ListSelection.All(ListQuery.Everything) })
            {
                try
                {
                    await list.ChangeAsync(selection, new BulkChange.Delete());
                }
                catch (BusinessRuleException)
                {
                    // A list that her role does not change refuses as a whole.
                }
            }
        }

        Assert.Equal(before, await FingerprintAsync());
    }

    [Fact]
    public async Task By_the_workbook_of_a_list_over_the_network()
    {
        await using var site = new TestSite();
        Team west, south;
        await using (var db = site.Open())
        {
            db.Begin(Actor.System, "Test");
            db.Teams.AddRange(west = new Team("Ouest"), south = new Team("Sud"));
            db.Institutions.Add(new Institution(new InstitutionDetails { Name = $"Clinique {Canary}", TeamId = west.Id }, DateTime.UtcNow));
            await db.SaveChangesAsync();
        }

        await site.AddUserAsync("claire@test.fr", Role.Sales, west.Id);
        await site.AddUserAsync("lea@test.fr", Role.Sales, south.Id);

        Assert.Contains(Canary, await WorkbookAsync("claire@test.fr"), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, await WorkbookAsync("lea@test.fr"), StringComparison.Ordinal);

        async Task<string> WorkbookAsync(string email)
        {
            var answer = await (await site.SignInAsync(email)).GetAsync("/export/institutions.xlsx");
            answer.EnsureSuccessStatusCode();
            await using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync());
            var text = new StringBuilder();
            foreach (var entry in archive.Entries)
            {
                using var reader = new StreamReader(await entry.OpenAsync());
                text.Append(await reader.ReadToEndAsync());
            }

            return text.ToString();
        }
    }

    private Guid[] Ids => [_institution.Id, _contact.Id, _deal.Id, _task.Id];

    // What the owner, and her colleague unless it is personal, read speaks of the canary; what the other team reads does not, or is refused.
    private async Task NothingAsync(Func<Task<string>> read, bool colleagues = true)
    {
        foreach (var actor in colleagues ? [_world.Claire, _world.Paul, _world.Admin] : new[] { _world.Claire })
        {
            _world.As(actor);
            Assert.Contains(Canary, await read(), StringComparison.Ordinal);
        }

        _world.As(_world.Lea);
        string text;
        try
        {
            text = await read();
        }
        catch (BusinessRuleException refusal)
        {
            text = refusal.Message;
        }

        Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
    }

    private async Task<string> FingerprintAsync()
    {
        await using var db = _world.Open();
        return Text(new
        {
            Institution = (await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == _institution.Id)).Version,
            Contact = (await db.Contacts.SingleAsync(c => c.Id == _contact.Id)).Version,
            Deal = (await db.Opportunities.SingleAsync(o => o.Id == _deal.Id)).Version,
            Task = (await db.FollowUpTasks.SingleAsync(t => t.Id == _task.Id)).Version,
        });
    }

    private static List<string> Columns(IRecordList list) => [.. list.Definition.Columns.Select(column => column.Key)];

    private static async Task<string> ExportAsync(IRecordList list)
    {
        var text = new StringBuilder();
        await foreach (var row in list.StreamAsync(ListQuery.Everything, Columns(list)))
        {
            text.AppendJoin(';', row.Values).AppendLine();
        }

        return text.ToString();
    }

    private static string Text(object? value) => JsonSerializer.Serialize(value);
}
