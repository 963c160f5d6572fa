using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.History;

public sealed class RevertTests
{
    [Fact]
    public async Task An_import_goes_back_except_the_records_touched_since_which_are_told()
    {
        await using var world = await TestWorld.CreateAsync();
        var known = await world.InstitutionAsync("Clinique connue");
        var touched = await world.InstitutionAsync("Clinique suivie");
        var created = Enumerable.Range(1, 3).Select(n => new Institution(new InstitutionDetails { Name = $"Clinique {n}", Tags = ["Import"] }, world.Now())).ToArray();
        var import = await world.DoAsync(
            world.Claire,
            async db =>
            {
                db.Institutions.AddRange(created);
                foreach (var institution in await db.Institutions.Include(i => i.Labels).ToListAsync())
                {
                    institution.Edit(institution.Details() with { HospitalGroup = "GHT 44" }, world.Now());
                }
            },
            ChangeOrigin.Import);
        await world.EditAsync(world.Paul, touched, d => d with { HospitalGroup = "GHT 85" });
        var deal = await world.OpportunityAsync(institution: created[1]);

        var reverted = await world.As(world.Claire).Get<Changes>().RevertAsync(import, skipTouched: true);

        Assert.Equal(3, reverted.Records);
        Assert.Equal([created[1].Id, touched.Id], reverted.Skipped.Select(skipped => skipped.Id).OrderBy(id => id == touched.Id));
        Assert.Contains("1 affaire", reverted.Skipped.Single(skipped => skipped.Id == created[1].Id).Reason.ToString(), StringComparison.Ordinal);
        Assert.Contains("Paul Bernard", reverted.Skipped.Single(skipped => skipped.Id == touched.Id).Reason.ToString(), StringComparison.Ordinal);
        Assert.Null((await world.ReadAsync(known)).HospitalGroup);
        Assert.Equal("GHT 85", (await world.ReadAsync(touched)).HospitalGroup);
        Assert.NotNull((await world.ReadAsync(created[0])).DeletedAt);
        Assert.Null((await world.ReadAsync(created[1])).DeletedAt);
        Assert.Null((await world.ReadAsync(deal)).DeletedAt);
    }

    [Fact]
    public async Task A_site_that_stays_keeps_the_legal_entity_imported_with_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var entity = new Institution(new InstitutionDetails { Name = "CHU, entité juridique" }, world.Now());
        var site = new Institution(new InstitutionDetails { Name = "CHU, site nord", ParentId = entity.Id }, world.Now());
        var other = new Institution(new InstitutionDetails { Name = "CHU, site sud", ParentId = entity.Id }, world.Now());
        var import = await world.DoAsync(
            world.Claire,
            db =>
            {
                db.Institutions.AddRange(entity, site, other);
                return Task.CompletedTask;
            },
            ChangeOrigin.Import);
        await world.EditAsync(world.Paul, site, d => d with { Email = "nord@chu.fr" });

        var reverted = await world.As(world.Claire).Get<Changes>().RevertAsync(import, skipTouched: true);

        Assert.Equal(1, reverted.Records);
        Assert.NotNull((await world.ReadAsync(other)).DeletedAt);
        Assert.Null((await world.ReadAsync(entity)).DeletedAt);
        Assert.Null((await world.ReadAsync(site)).DeletedAt);
    }

    [Fact]
    public async Task When_every_record_was_touched_nothing_is_marked_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        await world.EditAsync(world.Paul, institution, d => d with { City = "Orvault" });

        var reverted = await world.As(world.Claire).Get<Changes>().RevertAsync(set, skipTouched: true);

        Assert.Equal((0, null), (reverted.Records, reverted.Done.ChangeSetId));
        await using var db = world.Open();
        Assert.Null((await db.ChangeSets.SingleAsync(s => s.Id == set)).RevertedById);
    }

    [Fact]
    public async Task One_value_returns_from_the_history_and_the_others_stay()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé", Email = "bloc@chu.fr" });
        await world.EditAsync(world.Paul, institution, d => d with { City = "Orvault" });
        var change = await ChangeOfAsync(world, institution.Id, nameof(Institution.City), first: true);

        var done = await world.As(world.Claire).Get<Changes>().RevertValueAsync(change, nameof(Institution.City));

        var now = await world.ReadAsync(institution);
        Assert.Equal(("Nantes", "bloc@chu.fr"), (now.City, now.Email));
        Assert.Contains("nantes", now.SearchKey, StringComparison.Ordinal);
        Assert.NotNull(done.ChangeSetId);
    }

    [Fact]
    public async Task A_stage_does_not_return_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var opportunity = await world.OpportunityAsync();
        await world.DoAsync(world.Claire, async db =>
        {
            var record = await db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).SingleAsync(o => o.Id == opportunity.Id);
            record.MoveTo(await db.Stages.Include(s => s.Requirements).SingleAsync(s => s.Code == "Qualification"), world.Claire, world.Now(), new DateOnly(2026, 11, 21));
        });
        var change = await ChangeOfAsync(world, opportunity.Id, "StageId", first: false);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().RevertValueAsync(change, "StageId"));

        Assert.Contains("déplacez l'affaire", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_team_or_of_a_record_in_the_bin_does_not_return()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        var change = await ChangeOfAsync(world, institution.Id, nameof(Institution.City), first: false);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Lea).Get<Changes>().RevertValueAsync(change, nameof(Institution.City)));
        await world.BinAsync(world.Claire, institution);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().RevertValueAsync(change, nameof(Institution.City)));
    }

    [Fact]
    public async Task A_number_taken_since_does_not_return_alone_either()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { FinessEt = "440000289" });
        await world.EditAsync(world.Claire, institution, d => d with { FinessEt = null });
        await world.InstitutionAsync("Hôtel-Dieu", with: d => d with { FinessEt = "440000289" });
        var change = await ChangeOfAsync(world, institution.Id, nameof(Institution.FinessEt), first: false);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().RevertValueAsync(change, nameof(Institution.FinessEt)));

        Assert.Contains("« Hôtel-Dieu »", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE RecordChanges SET Fields = ''")]
    [InlineData("DELETE FROM RecordChanges")]
    [InlineData("UPDATE ChangeSets SET ActorName = 'Personne'")]
    [InlineData("DELETE FROM ChangeSets WHERE Id NOT IN (SELECT ChangeSetId FROM RecordChanges)")]
    public async Task What_the_audit_holds_cannot_be_rewritten(string sql)
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync();
        await world.SaveAsync(_ => { });
        await using var db = world.Open();
        await db.Database.ExecuteSqlRawAsync("INSERT INTO ChangeSets (Id, At, ActorName, Sentence, Origin) VALUES ('X', '2026-01-01', 'A', 'S', 0)");

        var failure = await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlRawAsync(sql, Array.Empty<object>()));

        Assert.Contains("append-only", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_people_taking_a_number_at_once_are_told_in_French()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync(with: d => d with { FinessEt = "440000289" });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.InstitutionAsync("Hôtel-Dieu", with: d => d with { FinessEt = "440000289" }));

        Assert.Equal(("« Hôtel-Dieu » : FINESS établissement 440000289 est déjà pris par une autre fiche.", "FinessEt"), (refusal.Message, refusal.Field));
    }

    [Fact]
    public async Task What_others_still_refer_to_is_not_deleted_for_good()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await world.OpportunityAsync(institution: institution);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.DoAsync(world.Claire, async db => db.Remove(await db.Institutions.SingleAsync(i => i.Id == institution.Id))));

        Assert.Equal("« CHU de Nantes » est encore lié à d'autres fiches : rien n'a été supprimé.", refusal.Message);
    }

    private static async Task<long> ChangeOfAsync(TestWorld world, Guid recordId, string field, bool first)
    {
        await using var db = world.Open();
        var changes = (await db.RecordChanges.Where(c => c.RecordId == recordId && c.Kind == ChangeKind.Updated).OrderBy(c => c.Id).ToListAsync()).Where(c => FieldChanges.Read(c.Fields).Any(f => f.Field == field)).ToList();
        return (first ? changes[0] : changes[^1]).Id;
    }
}
