using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.History;

public sealed class HistoriesTests
{
    [Fact]
    public async Task A_record_tells_each_gesture_field_by_field_in_French_the_newest_first()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        await world.EditAsync(world.Paul, institution, d => d with { OwnerId = world.Paul.Id, Status = CustomerStatus.Customer, LastAuditOn = new DateOnly(2026, 3, 5), Phone = "02 40 08 33 33", CategoryCode = "355", Tags = ["IRM"] });

        var page = await world.As(world.Claire).Get<Histories>().OfRecordAsync(nameof(Institution), institution.Id, 0, 10);

        Assert.Equal(2, page.Total);
        Assert.Equal("Paul Bernard", page.Rows[0].ActorName);
        Assert.Equal(ChangeKind.Created, page.Rows[1].Changes[0].Kind);
        var fields = page.Rows[0].Changes[0].Fields.ToDictionary(field => field.Label, field => (field.Before, field.After));
        Assert.Equal(("Claire Martin", "Paul Bernard"), fields["Responsable"]);
        Assert.Equal(("Prospect froid", "Client"), fields["Statut"]);
        Assert.Equal((null, "05/03/2026"), fields["Dernier audit"]);
        Assert.Equal((null, "02 40 08 33 33"), fields["Téléphone"]);
        Assert.StartsWith("Centre hospitalier", fields["Catégorie"].After, StringComparison.Ordinal);
        var label = page.Rows[0].Changes[1];
        Assert.True(label.IsPart);
        Assert.Equal(("étiquette", "IRM"), (label.Noun, label.Fields.Single(field => field.Label == "Libellé").After));
    }

    [Fact]
    public async Task Only_values_that_would_change_something_are_offered_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé", Email = "bloc@chu.fr" });
        await world.EditAsync(world.Claire, institution, d => d with { City = "Nantes" });

        var page = await world.As(world.Claire).Get<Histories>().OfRecordAsync(nameof(Institution), institution.Id, 0, 10);

        var edit = page.Rows[1].Changes[0].Fields;
        Assert.False(edit.Single(field => field.Field == nameof(Institution.City)).Returns);
        Assert.True(edit.Single(field => field.Field == nameof(Institution.Email)).Returns);
        Assert.True(page.Rows[0].Changes[0].Fields.Single().Returns);
    }

    [Fact]
    public async Task A_move_names_its_stages_and_offers_no_stage_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var opportunity = await world.OpportunityAsync();
        await world.DoAsync(world.Claire, async db =>
        {
            var record = await db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).SingleAsync(o => o.Id == opportunity.Id);
            record.MoveTo(await db.Stages.Include(s => s.Requirements).SingleAsync(s => s.Code == "Qualification"), world.Claire, world.Now(), new DateOnly(2026, 11, 21));
        });

        var page = await world.As(world.Claire).Get<Histories>().OfRecordAsync(nameof(Opportunity), opportunity.Id, 0, 1);

        var stage = page.Rows.Single().Changes[0].Fields.Single(field => field.Label == "Étape");
        Assert.Equal(("Prospection", "Qualification", false), (stage.Before, stage.After, stage.Returns));
        Assert.True(page.Rows[0].MayUndo);
    }

    [Fact]
    public async Task Pages_of_a_long_history_follow_each_other()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        for (var i = 1; i <= 5; i++)
        {
            await world.EditAsync(world.Claire, institution, d => d with { City = $"Ville {i}" });
        }

        var histories = world.As(world.Claire).Get<Histories>();
        var first = await histories.OfRecordAsync(nameof(Institution), institution.Id, 0, 4);
        var second = await histories.OfRecordAsync(nameof(Institution), institution.Id, 4, 4);

        Assert.Equal((6, 4, 2), (first.Total, first.Rows.Count, second.Rows.Count));
        Assert.Equal("Ville 5", first.Rows[0].Changes[0].Fields[0].After);
        Assert.Equal("Ville 1", second.Rows[0].Changes[0].Fields[0].After);
    }

    [Fact]
    public async Task The_history_of_another_team_stays_closed_and_the_audit_to_those_who_may_not()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Lea).Get<Histories>().OfRecordAsync(nameof(Institution), institution.Id, 0, 10));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Histories>().OfGestureAsync(set));
        Assert.Equal("Rezé", (await world.As(world.Admin).Get<Histories>().OfGestureAsync(set)).Entry.Changes[0].Fields[0].After);
    }
}
