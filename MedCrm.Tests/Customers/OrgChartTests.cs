using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Customers;

public sealed class OrgChartTests
{
    [Fact]
    public async Task Somebody_put_under_another_is_drawn_there_and_undo_takes_it_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var (hospital, head, report) = await TwoAsync(world);
        var contacts = world.As(world.Claire).Get<Contacts>();

        var done = await contacts.ReportToAsync(report.Id, report.Roles[0].Id, head.Id);
        Assert.Equal("« Paul Masson » est rattaché à « Hélène Renaud »", done.Sentence);
        Assert.Equal("Hélène Renaud(Paul Masson)", await ChartAsync());

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal("Hélène Renaud Paul Masson", await ChartAsync());

        async Task<string> ChartAsync() => Text(OrgChart.Of([.. (await contacts.OfInstitutionAsync(hospital.Id)).OrderBy(contact => contact.FullName, StringComparer.Ordinal)]));
    }

    [Fact]
    public async Task Nobody_reports_to_themselves_to_their_own_team_or_to_somebody_from_elsewhere()
    {
        await using var world = await TestWorld.CreateAsync();
        var (_, head, report) = await TwoAsync(world);
        var stranger = await world.ContactAsync(await world.InstitutionAsync("Ailleurs"), "Loin");
        var contacts = world.As(world.Claire).Get<Contacts>();
        await contacts.ReportToAsync(report.Id, report.Roles[0].Id, head.Id);

        await Assert.ThrowsAsync<BusinessRuleException>(() => contacts.ReportToAsync(head.Id, head.Roles[0].Id, head.Id));
        var circle = await Assert.ThrowsAsync<BusinessRuleException>(() => contacts.ReportToAsync(head.Id, head.Roles[0].Id, report.Id));
        Assert.Equal("« Paul Masson » dépend déjà de « Hélène Renaud ».", circle.Message);
        await Assert.ThrowsAsync<BusinessRuleException>(() => contacts.ReportToAsync(head.Id, head.Roles[0].Id, stranger.Id));
    }

    [Fact]
    public async Task The_team_of_somebody_who_left_stands_at_the_top()
    {
        await using var world = await TestWorld.CreateAsync();
        var (hospital, head, report) = await TwoAsync(world);
        var contacts = world.As(world.Claire).Get<Contacts>();
        await contacts.ReportToAsync(report.Id, report.Roles[0].Id, head.Id);
        await contacts.LeaveAsync(head.Id, head.Roles[0].Id, new DateOnly(2026, 11, 20));

        Assert.Equal("Paul Masson", Text(OrgChart.Of(await contacts.OfInstitutionAsync(hospital.Id))));
    }

    [Fact]
    public void Two_who_came_to_report_to_each_other_are_both_still_drawn()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal("A(B)", Text(OrgChart.Of([Person(one, "A", other), Person(other, "B", one)])));

        static InstitutionContact Person(Guid id, string name, Guid manager)
            => new(Guid.NewGuid(), id, name, null, null, null, Influence.Unknown, null, null, false, null, null, null) { ManagerId = manager };
    }

    [Fact]
    public async Task The_last_contact_of_a_person_is_their_last_call_or_meeting()
    {
        await using var world = await TestWorld.CreateAsync();
        var (hospital, head, report) = await TwoAsync(world);
        await world.As(world.Claire).Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Call, Subject = "Point", At = world.Now(), ContactIds = [head.Id] });

        var people = (await world.Get<Contacts>().OfInstitutionAsync(hospital.Id)).ToDictionary(contact => contact.ContactId);

        Assert.Equal((world.Now(), null), (people[head.Id].LastContactAt, people[report.Id].LastContactAt));
    }

    private static async Task<(Institution Hospital, Contact Head, Contact Report)> TwoAsync(TestWorld world)
    {
        var hospital = await world.InstitutionAsync();
        return (hospital, await world.ContactAsync(hospital), await world.ContactAsync(hospital, "Masson", "Paul"));
    }

    private static string Text(IReadOnlyList<OrgNode> nodes)
        => string.Join(' ', nodes.Select(node => node.Contact.FullName + (node.Reports.Count > 0 ? $"({Text(node.Reports)})" : "")));
}
