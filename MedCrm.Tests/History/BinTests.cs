using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.History;

public sealed class BinTests
{
    [Fact]
    public async Task The_bin_says_who_deleted_what_and_how_long_it_stays()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        var opportunity = await world.OpportunityAsync(institution: institution);
        await world.BinAsync(world.Paul, opportunity);
        world.Time.Advance(TimeSpan.FromDays(2));
        var contact = await world.ContactAsync();
        await world.BinAsync(world.Claire, contact);

        var bin = world.As(world.Claire).Get<Bin>();
        var page = await bin.PageAsync(null, null, 0, 10);

        Assert.Equal([(nameof(Contact), "Hélène Renaud", "Claire Martin", 30), (nameof(Opportunity), "IRM du CHU de Nantes", "Paul Bernard", 28)], page.Rows.Select(row => (row.Type, row.Name, row.DeletedByName, row.DaysLeft)));
        Assert.Equal(opportunity.Id, Assert.Single((await bin.PageAsync(nameof(Opportunity), null, 0, 10)).Rows).Id);
        Assert.Equal(contact.Id, Assert.Single((await bin.PageAsync(null, "helene", 0, 10)).Rows).Id);
    }

    [Fact]
    public async Task Another_team_finds_and_restores_nothing_of_ours()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        await world.BinAsync(world.Claire, institution);

        var bin = world.As(world.Lea).Get<Bin>();

        Assert.Equal(0, (await bin.PageAsync(null, null, 0, 10)).Total);
        await Assert.ThrowsAsync<BusinessRuleException>(() => bin.RestoreAsync(nameof(Institution), institution.Id));
    }

    [Fact]
    public async Task A_restored_record_is_as_it_was_and_restoring_can_be_undone()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { Tags = ["IRM"] });
        await world.BinAsync(world.Claire, institution);

        var done = await world.As(world.Claire).Get<Bin>().RestoreAsync(nameof(Institution), institution.Id);
        var back = await world.ReadAsync(institution);
        Assert.Equal((null, "IRM"), (back.DeletedAt, back.Labels.Single().Text));

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.NotNull((await world.ReadAsync(institution)).DeletedAt);
    }

    [Fact]
    public async Task A_number_taken_meanwhile_keeps_the_record_in_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { FinessEt = "440000289" });
        await world.BinAsync(world.Claire, institution);
        await world.InstitutionAsync("Hôtel-Dieu", world.Lea, d => d with { FinessEt = "440000289" });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Bin>().RestoreAsync(nameof(Institution), institution.Id));

        Assert.Equal("« CHU de Nantes » : FINESS établissement 440000289 est maintenant celui d'une fiche d'une autre équipe.", refusal.Message);
    }

    [Fact]
    public async Task A_deal_waits_for_its_institution()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var opportunity = await world.OpportunityAsync(institution: institution);
        await world.BinAsync(world.Claire, opportunity);
        await world.BinAsync(world.Claire, institution);
        var bin = world.As(world.Claire).Get<Bin>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => bin.RestoreAsync(nameof(Opportunity), opportunity.Id));
        await bin.RestoreAsync(nameof(Institution), institution.Id);
        await bin.RestoreAsync(nameof(Opportunity), opportunity.Id);

        Assert.Null((await world.ReadAsync(opportunity)).DeletedAt);
    }

    [Fact]
    public async Task After_thirty_days_it_is_gone_for_good_and_the_audit_says_so()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { Tags = ["IRM"] });
        var opportunity = await world.OpportunityAsync(institution: institution);
        var task = new FollowUpTask(new FollowUpTaskDetails { Title = "Rappeler", OpportunityId = opportunity.Id }, world.Claire, world.Now());
        await world.SaveAsync(db => db.FollowUpTasks.Add(task));
        var recent = await world.InstitutionAsync("Clinique");
        var referred = await world.InstitutionAsync("Clinique suivie");
        await world.OpportunityAsync(institution: referred);
        foreach (var record in new IBinnable[] { institution, opportunity, task, referred })
        {
            await world.BinAsync(world.Claire, record);
        }

        world.Time.Advance(TimeSpan.FromDays(29));
        await world.BinAsync(world.Claire, recent);
        Assert.Equal(0, await world.As(Actor.System).Get<Bin>().PurgeAsync());
        world.Time.Advance(TimeSpan.FromDays(1.5));

        Assert.Equal(3, await world.Get<Bin>().PurgeAsync());

        await using var db = world.Open();
        Assert.Equal(2, await db.Institutions.IgnoreQueryFilters().CountAsync());
        Assert.Equal(0, await db.InstitutionLabels.CountAsync());
        Assert.Equal(0, await db.FollowUpTasks.IgnoreQueryFilters().CountAsync());
        Assert.Equal(3, await db.RecordChanges.CountAsync(change => change.Kind == ChangeKind.Purged));
        var deletion = await db.RecordChanges.Where(change => change.RecordId == institution.Id && change.Kind == ChangeKind.Deleted).Select(change => change.ChangeSetId).SingleAsync();
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(deletion));
        Assert.Equal("« CHU de Nantes » n'existe plus : ce geste ne peut plus être annulé.", refusal.Message);
    }

    [Fact]
    public async Task Salespeople_do_not_empty_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Bin>().PurgeAsync());
    }
}
