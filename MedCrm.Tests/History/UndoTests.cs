using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.History;

public sealed class UndoTests
{
    [Fact]
    public async Task A_gesture_taken_back_leaves_every_field_as_it_was_and_what_follows_from_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { BedsSurgery = 10 });
        var set = await world.EditAsync(world.Claire, institution, d => d with { Name = "Clinique Jules Verne", BedsSurgery = 40, Phone = "02 40 08 33 33" });

        var done = await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        var now = await world.ReadAsync(institution);
        Assert.Equal(("CHU de Nantes", 10, 10, null), (now.Name, now.BedsSurgery, now.BedsTotal, now.Phone));
        Assert.Contains("chu", now.SearchKey, StringComparison.Ordinal);
        Assert.DoesNotContain("verne", now.SearchKey, StringComparison.Ordinal);
        Assert.Equal("Annulé : Geste", done.Sentence);
    }

    [Fact]
    public async Task A_deletion_that_comes_back_counts_its_thirty_days_from_then_and_tells_how_many_records_it_takes()
    {
        await using var world = await TestWorld.CreateAsync();
        var (one, two) = (await world.InstitutionAsync("Un"), await world.InstitutionAsync("Deux"));
        var deleted = await world.As(world.Claire).Get<InstitutionList>().ChangeAsync(ListSelection.Of([one.Id, two.Id]), new BulkChange.Delete());
        await world.Get<Changes>().UndoAsync(deleted.Done.ChangeSetId!.Value);
        var undone = (await world.Get<Histories>().OfRecordAsync(nameof(Institution), one.Id, 0, 10)).Rows[0];
        Assert.Equal((2, true), (await world.Get<Histories>().CountRecordsAsync(undone.ChangeSetId), undone.TookBack));
        world.Time.Advance(TimeSpan.FromDays(3));

        await world.Get<Changes>().UndoAsync(undone.ChangeSetId);

        Assert.All((await world.Get<Bin>().PageAsync(null, null, 0, 10)).Rows, row => Assert.Equal(world.Now(), row.DeletedAt));
    }

    [Fact]
    public async Task A_later_change_of_the_same_field_stands_and_the_refusal_says_who_when_and_which()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé", HospitalGroup = "GHT 44" });
        world.Time.Advance(TimeSpan.FromHours(2));
        await world.EditAsync(world.Paul, institution, d => d with { City = "Orvault" });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.Equal("« CHU de Nantes » : Ville a été modifié depuis par Paul Bernard le 21/11/2026 à 11:30. Annuler écraserait cette modification.", refusal.Message);
        var now = await world.ReadAsync(institution);
        Assert.Equal(("Orvault", "GHT 44"), (now.City, now.HospitalGroup));
    }

    [Fact]
    public async Task A_value_that_somebody_chose_again_since_is_their_choice()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        await world.EditAsync(world.Paul, institution, d => d with { City = "Orvault" });
        await world.EditAsync(world.Paul, institution, d => d with { City = "Rezé" });

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));
    }

    [Fact]
    public async Task A_later_change_of_another_field_is_kept()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        await world.EditAsync(world.Paul, institution, d => d with { Email = "bloc@chu.fr" });

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        var now = await world.ReadAsync(institution);
        Assert.Equal(("Nantes", "bloc@chu.fr"), (now.City, now.Email));
    }

    [Fact]
    public async Task An_undo_is_undone_and_so_on_and_the_first_gesture_can_be_taken_back_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var changes = world.As(world.Claire).Get<Changes>();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé", Tags = ["IRM"] });

        var undo = await changes.UndoAsync(set);
        var redo = await changes.UndoAsync(undo.ChangeSetId!.Value);
        Assert.Equal("Rétabli : Geste", redo.Sentence);
        Assert.Equal(("Rezé", "IRM"), ((await world.ReadAsync(institution)).City, Assert.Single((await world.ReadAsync(institution)).Labels).Text));

        await changes.UndoAsync(set);
        Assert.Equal("Nantes", (await world.ReadAsync(institution)).City);
        Assert.Empty((await world.ReadAsync(institution)).Labels);
        var again = await Assert.ThrowsAsync<BusinessRuleException>(() => changes.UndoAsync(set));
        Assert.Equal("Ce geste est déjà annulé.", again.Message);
    }

    [Fact]
    public async Task What_was_created_goes_to_the_bin_on_the_clock_and_comes_back_whole()
    {
        await using var world = await TestWorld.CreateAsync();
        var changes = world.As(world.Claire).Get<Changes>();
        Institution institution = null!;
        var set = await world.DoAsync(world.Claire, db =>
        {
            db.Institutions.Add(institution = new Institution(new InstitutionDetails { Name = "Clinique", Tags = ["IRM"] }, world.Now()));
            return Task.CompletedTask;
        });
        world.Time.Advance(TimeSpan.FromMinutes(1));

        var undo = await changes.UndoAsync(set);
        Assert.Equal(world.Now(), (await world.ReadAsync(institution)).DeletedAt);

        await changes.UndoAsync(undo.ChangeSetId!.Value);
        var back = await world.ReadAsync(institution);
        Assert.Null(back.DeletedAt);
        Assert.Equal("IRM", Assert.Single(back.Labels).Text);
    }

    [Fact]
    public async Task A_created_record_that_somebody_completed_since_stays()
    {
        await using var world = await TestWorld.CreateAsync();
        Institution institution = null!;
        var set = await world.DoAsync(world.Claire, db =>
        {
            db.Institutions.Add(institution = new Institution(new InstitutionDetails { Name = "Clinique" }, world.Now()));
            return Task.CompletedTask;
        });
        await world.EditAsync(world.Paul, institution, d => d with { Tags = ["Scanner"] });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.Equal("« Clinique » a été complété depuis par Paul Bernard le 21/11/2026 à 09:30 (étiquette « Scanner ») : la fiche reste. Supprimez-la si elle est de trop.", refusal.Message);
    }

    [Fact]
    public async Task A_created_record_that_others_are_linked_to_stays()
    {
        await using var world = await TestWorld.CreateAsync();
        Institution institution = null!;
        var set = await world.DoAsync(world.Claire, db =>
        {
            db.Institutions.Add(institution = new Institution(new InstitutionDetails { Name = "Clinique" }, world.Now()));
            return Task.CompletedTask;
        });
        await world.ContactAsync(institution);
        await world.OpportunityAsync(institution: institution);
        var gone = await world.OpportunityAsync(institution: institution);
        await world.BinAsync(world.Claire, gone);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.StartsWith("« Clinique » est lié depuis à ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 contact", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 affaire", refusal.Message, StringComparison.Ordinal);
        Assert.Null((await world.ReadAsync(institution)).DeletedAt);
    }

    [Fact]
    public async Task Labels_replaced_in_one_save_return_and_one_typed_again_since_is_not_doubled()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { Tags = ["IRM", "Ouest"], Equipment = ["Bras robotisé"] });
        var set = await world.EditAsync(world.Claire, institution, d => d with { Tags = ["Scanner"], Equipment = [] });
        await world.EditAsync(world.Paul, institution, d => d with { Tags = ["Scanner", "Ouest"] });

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        var labels = (await world.ReadAsync(institution)).Labels;
        Assert.Equal(["Bras robotisé", "IRM", "Ouest"], labels.Select(label => label.Text).Order(StringComparer.Ordinal));
        Assert.Contains("robotise", labels.Single(label => label.Kind is InstitutionLabelKind.Equipment).SearchKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_removed_from_a_contact_returns_with_its_dates()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await world.ContactAsync(await world.InstitutionAsync());
        var place = contact.Roles[0];
        var set = await world.DoAsync(world.Claire, async db =>
        {
            var record = await db.Contacts.Include(c => c.Roles).SingleAsync(c => c.Id == contact.Id);
            record.Forget(place.Id, world.Now());
        });

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        await using var db = world.Open();
        var back = await db.ContactRoles.SingleAsync(role => role.ContactId == contact.Id);
        Assert.Equal((place.Id, place.Title, place.InstitutionId, contact.FullName), (back.Id, back.Title, back.InstitutionId, back.ContactName));
    }

    [Fact]
    public async Task A_place_does_not_return_beside_the_one_taken_since()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var contact = await world.ContactAsync(institution);
        var set = await world.DoAsync(world.Claire, async db => (await db.Contacts.Include(c => c.Roles).SingleAsync(c => c.Id == contact.Id)).Forget(contact.Roles[0].Id, world.Now()));
        await world.DoAsync(world.Paul, async db => (await db.Contacts.Include(c => c.Roles).SingleAsync(c => c.Id == contact.Id)).Join(new ContactRoleDetails { InstitutionId = institution.Id, Title = "Directrice" }, world.Now()));

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));
    }

    [Fact]
    public async Task A_move_taken_back_restores_stage_probability_amounts_and_leaves_no_line_of_passage()
    {
        await using var world = await TestWorld.CreateAsync();
        var opportunity = await world.OpportunityAsync(with: d => d with { Amount = 99.90m });
        var set = await world.DoAsync(world.Claire, async db =>
        {
            var record = await db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).SingleAsync(o => o.Id == opportunity.Id);
            var lost = await db.Stages.Include(s => s.Requirements).SingleAsync(s => s.Code == "ClosedLost");
            record.MoveTo(lost, world.Claire, world.Now(), new DateOnly(2026, 11, 21), new MoveTerms { LossReason = LossReason.Price });
        });

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        var now = await world.ReadAsync(opportunity);
        Assert.Equal(("Prospecting", StageOutcome.Open, 10, 9.99m), (now.Stage.Code, now.Outcome, now.ProbabilityPercent, now.WeightedAmount));
        Assert.Equal((null, null), (now.LossReason, now.ClosedOn));
        Assert.Single(now.StageChanges);
    }

    [Fact]
    public async Task Lines_replaced_return_and_the_amount_with_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var opportunity = await world.OpportunityAsync();
        Task<Guid> LinesAsync(params OpportunityLineDetails[] lines) => world.DoAsync(world.Claire, async db =>
        {
            var record = await db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).SingleAsync(o => o.Id == opportunity.Id);
            record.SetLines(lines, world.Now());
        });
        await LinesAsync(new() { Description = "Table", Quantity = 2, UnitPrice = 1_000.50m }, new() { Description = "Éclairage", UnitPrice = 500 });
        var set = await LinesAsync(new OpportunityLineDetails { Description = "Table", Quantity = 1, UnitPrice = 1 });

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        var now = await world.ReadAsync(opportunity);
        Assert.Equal(["Table", "Éclairage"], now.Lines.OrderBy(line => line.Position).Select(line => line.Description));
        Assert.Equal((2_501m, 250.10m), (now.Amount, now.WeightedAmount));
    }

    [Fact]
    public async Task A_bulk_change_of_250_rows_is_one_undo()
    {
        await using var world = await TestWorld.CreateAsync();
        var set = await BulkAsync(world, 250);

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        await using var db = world.Open();
        Assert.Equal(250, await db.Institutions.CountAsync(i => i.Status == CustomerStatus.ColdProspect && !i.Labels.Any()));
        Assert.Equal(1, await db.ChangeSets.CountAsync(s => s.RevertsId == set));
    }

    [Fact]
    public async Task One_row_changed_since_keeps_the_whole_bulk_change()
    {
        await using var world = await TestWorld.CreateAsync();
        var set = await BulkAsync(world, 250);
        await using (var db = world.Open())
        {
            await world.EditAsync(world.Paul, await db.Institutions.OrderBy(i => i.Id).FirstAsync(), d => d with { Status = CustomerStatus.Customer });
        }

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.Contains("Paul Bernard", refusal.Message, StringComparison.Ordinal);
        await using var after = world.Open();
        Assert.Equal(249, await after.Institutions.CountAsync(i => i.Status == CustomerStatus.HotProspect));
        Assert.Null((await after.ChangeSets.SingleAsync(s => s.Id == set)).RevertedById);
    }

    [Fact]
    public async Task Two_clicks_at_once_take_it_back_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        var changes = world.As(world.Claire).Get<Changes>();

        var clicks = Enumerable.Range(0, 5).Select(_ => Task.Run(async () =>
        {
            try
            {
                await changes.UndoAsync(set);
                return null;
            }
            catch (BusinessRuleException refusal)
            {
                return refusal.Message;
            }
        }));
        var answers = await Task.WhenAll(clicks);

        Assert.Single(answers, answer => answer is null);
        Assert.All(answers.Where(answer => answer is not null), answer => Assert.Equal("Ce geste est déjà annulé.", answer));
        await using var db = world.Open();
        Assert.Equal(1, await db.ChangeSets.CountAsync(s => s.RevertsId == set));
    }

    [Fact]
    public async Task Only_its_author_or_an_administrator_takes_a_gesture_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Paul).Get<Changes>().UndoAsync(set));
        await world.As(world.Admin).Get<Changes>().UndoAsync(set);

        Assert.Equal("Nantes", (await world.ReadAsync(institution)).City);
    }

    [Fact]
    public async Task A_record_moved_out_of_sight_is_out_of_reach_but_giving_it_away_can_be_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        var edit = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        var given = await world.EditAsync(world.Claire, institution, d => d with { OwnerId = world.Lea.Id, TeamId = world.Lea.TeamId });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(edit));
        Assert.Equal("Vous n'avez pas accès à « CHU de Nantes ».", refusal.Message);

        await world.As(world.Claire).Get<Changes>().UndoAsync(given);
        Assert.Equal(world.Claire.Id, (await world.ReadAsync(institution)).OwnerId);
    }

    [Fact]
    public async Task A_role_that_lost_the_right_since_takes_nothing_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var opportunity = await world.OpportunityAsync();
        var set = await world.DoAsync(world.Claire, async db => (await db.Opportunities.SingleAsync(o => o.Id == opportunity.Id)).RankAt(5));
        var recruiter = world.Claire with { Role = Role.Recruiter };

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(recruiter).Get<Changes>().UndoAsync(set));
    }

    [Fact]
    public async Task A_number_taken_since_is_named_with_its_holder()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { FinessEt = "440000289" });
        var set = await world.EditAsync(world.Claire, institution, d => d with { FinessEt = null });
        await world.InstitutionAsync("Hôtel-Dieu", with: d => d with { FinessEt = "440000289" });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.Equal("« CHU de Nantes » : FINESS établissement 440000289 est maintenant celui de « Hôtel-Dieu ».", refusal.Message);
    }

    [Fact]
    public async Task A_number_given_to_another_in_the_same_gesture_goes_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var (one, other) = (await world.InstitutionAsync(with: d => d with { FinessEt = "440000289" }), await world.InstitutionAsync("Hôtel-Dieu"));
        var set = await world.DoAsync(world.Claire, async db =>
        {
            var (a, b) = (await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == one.Id), await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == other.Id));
            a.Edit(a.Details() with { FinessEt = null }, world.Now());
            await db.SaveChangesAsync();
            b.Edit(b.Details() with { FinessEt = "440000289" }, world.Now());
        });

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        Assert.Equal(("440000289", null), ((await world.ReadAsync(one)).FinessEt, (await world.ReadAsync(other)).FinessEt));
    }

    [Fact]
    public async Task A_deal_does_not_return_to_an_institution_that_is_in_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var opportunity = await world.OpportunityAsync(institution: institution);
        var set = await world.DoAsync(world.Claire, async db => (await db.Opportunities.SingleAsync(o => o.Id == opportunity.Id)).DeletedAt = world.Now());
        await world.BinAsync(world.Paul, institution);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.Equal("« IRM du CHU de Nantes » dépend de « CHU de Nantes » (établissement), qui est dans la corbeille : restaurez-la d'abord.", refusal.Message);
    }

    [Fact]
    public async Task A_change_of_a_record_that_is_in_the_bin_since_stays()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var set = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        await world.BinAsync(world.Paul, institution);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Changes>().UndoAsync(set));

        Assert.Equal("« CHU de Nantes » a été mis à la corbeille depuis par Paul Bernard le 21/11/2026 à 09:30.", refusal.Message);
    }

    [Fact]
    public async Task Bookkeeping_that_moved_on_by_itself_does_not_stand_in_the_way()
    {
        await using var world = await TestWorld.CreateAsync();
        var opportunity = await world.OpportunityAsync();
        var set = await world.DoAsync(world.Claire, async db =>
        {
            var record = await db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).SingleAsync(o => o.Id == opportunity.Id);
            record.MoveTo(await db.Stages.Include(s => s.Requirements).SingleAsync(s => s.Code == "Qualification"), world.Claire, world.Now(), new DateOnly(2026, 11, 21));
            record.RankAt(10);
        });
        await world.DoAsync(world.Paul, async db => (await db.Opportunities.SingleAsync(o => o.Id == opportunity.Id)).RankAt(77));

        await world.As(world.Claire).Get<Changes>().UndoAsync(set);

        var now = await world.ReadAsync(opportunity);
        Assert.Equal(("Prospecting", 77), (now.Stage.Code, now.Rank));
    }

    [Fact]
    public async Task What_the_product_did_by_itself_is_not_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var db = world.Open();
        var installation = await db.ChangeSets.SingleAsync(s => s.Sentence == "Installation");

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Admin).Get<Changes>().UndoAsync(installation.Id));
    }

    private static async Task<Guid> BulkAsync(TestWorld world, int count)
    {
        await world.SaveAsync(db => db.Institutions.AddRange(Enumerable.Range(1, count).Select(n => new Institution(new InstitutionDetails { Name = $"Clinique {n}" }, world.Now()))));
        return await world.DoAsync(
            world.Claire,
            async db =>
            {
                foreach (var institution in await db.Institutions.Include(i => i.Labels).ToListAsync())
                {
                    institution.Edit(institution.Details() with { Status = CustomerStatus.HotProspect, Tags = ["Salon"] }, world.Now());
                }
            },
            ChangeOrigin.Bulk);
    }
}
