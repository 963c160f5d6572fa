using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Duplicates;

public sealed class MergesTests
{
    [Fact]
    public async Task The_preview_says_what_moves_and_what_each_field_becomes()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        await world.OpportunityAsync(institution: other);
        await world.OpportunityAsync(institution: other);
        await world.TaskAsync(with: task => task with { InstitutionId = other.Id });
        await world.ContactAsync(other);

        var draft = await world.As(world.Claire).Get<Merges>().PrepareAsync(nameof(Institution), [other.Id, kept.Id], kept.Id);

        Assert.Equal(["2 affaires", "1 contact", "1 tâche", "1 étiquette"], draft.Moves.Select(move => move.ToString()));
        Assert.Equal([kept.Id, other.Id], draft.Sides.Select(side => side.Id));
        var name = draft.Fields.Single(field => field.Property == nameof(InstitutionDetails.Name));
        Assert.Equal((true, kept.Id), (name.IsChoice, name.Chosen));
        var phone = draft.Fields.Single(field => field.Property == nameof(InstitutionDetails.Phone));
        Assert.Equal((false, true, other.Id, "02 40 08 33 33"), (phone.IsChoice, phone.IsGained, phone.Chosen, phone.Options[1].Text));
        Assert.Equal("IRM, Scanner", draft.Fields.Single(field => field.Property == nameof(InstitutionDetails.Tags)).Joined);
    }

    [Fact]
    public async Task The_preview_neither_names_nor_counts_what_the_actor_does_not_see()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        await world.OpportunityAsync(institution: other);
        var seen = await world.As(world.Claire).Get<Merges>().PrepareAsync(nameof(Institution), [other.Id, kept.Id], kept.Id);
        await world.OpportunityAsync(owner: world.Lea, institution: other);
        await world.As(world.Paul).Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Note, Text = "Pour moi", At = world.Now(), InstitutionId = other.Id, Sharing = Sharing.Private });

        var draft = await world.As(world.Claire).Get<Merges>().PrepareAsync(nameof(Institution), [other.Id, kept.Id], kept.Id);

        Assert.Equal(["1 étiquette", "1 affaire"], draft.Moves.Select(move => move.ToString()));
        Assert.Equal((false, true), (seen.MovesOthers, draft.MovesOthers));
    }

    [Fact]
    public async Task The_record_that_stays_takes_what_was_picked_what_it_lacked_and_the_number_of_the_other()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);

        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id], (nameof(InstitutionDetails.Name), other.Id));

        var now = await world.ReadAsync(kept);
        Assert.Equal(("CHU de Nantes", "440000271", "+33240083333", CustomerStatus.Customer), (now.Name, now.FinessEt, now.Phone, now.Status));
        Assert.Equal(["IRM", "Scanner"], now.Labels.Select(label => label.Text).Order());
        Assert.Equal("Première note.\n\nSeconde note.", now.Notes);
        Assert.Contains("440000271", now.SearchKey, StringComparison.Ordinal);
        Assert.Equal("« CHU de Nantes » fusionné dans « CHU de Nantes »", done.Sentence);
        var gone = await world.ReadAsync(other);
        Assert.Equal((world.Now(), null), (gone.DeletedAt, gone.FinessEt));
    }

    [Fact]
    public async Task Old_addresses_lead_to_the_record_that_stayed_through_a_chain_of_merges_until_they_are_taken_apart()
    {
        await using var world = await TestWorld.CreateAsync();
        var merges = world.As(world.Claire).Get<Merges>();
        var (one, two, three) = (await world.InstitutionAsync("Un", world.Claire), await world.InstitutionAsync("Deux", world.Claire), await world.InstitutionAsync("Trois", world.Claire));
        await MergeAsync(world, two.Id, [one.Id, two.Id]);
        var second = await MergeAsync(world, three.Id, [two.Id, three.Id]);

        Assert.Equal((three.Id, "Trois", "Un"), await FoundAsync(one.Id));
        Assert.Null(await merges.FindAsync(nameof(Contact), one.Id));
        Assert.Null(await merges.FindAsync(nameof(Institution), three.Id));
        Assert.Null(await world.As(world.Lea).Get<Merges>().FindAsync(nameof(Institution), one.Id));

        world.As(world.Claire);
        await merges.UndoAsync(second.ChangeSetId!.Value);
        Assert.Equal((two.Id, "Deux", "Un"), await FoundAsync(one.Id));
        Assert.Null(await merges.FindAsync(nameof(Institution), two.Id));

        async Task<(Guid, string, string)> FoundAsync(Guid old)
        {
            var found = (await merges.FindAsync(nameof(Institution), old))!;
            return (found.Id, found.Name, found.OldName);
        }
    }

    [Fact]
    public async Task One_of_two_colleagues_who_merge_at_once_is_told_and_so_is_a_second_click()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var draft = await world.As(world.Claire).Get<Merges>().PrepareAsync(nameof(Institution), [kept.Id, other.Id], kept.Id);
        var order = OrderOf(draft);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                return (await world.Get<Merges>().MergeAsync(order)).Sentence;
            }
            catch (BusinessRuleException refusal)
            {
                return refusal.Message;
            }
        }));

        Assert.Equal(1, answers.Count(answer => answer.Contains("fusionné dans", StringComparison.Ordinal)));
        Assert.Equal(3, answers.Count(answer => answer == "« CHU de Nantes » a déjà été fusionné avec une autre fiche. Rechargez la page."));
        await using var db = world.Open();
        Assert.Equal(1, await db.MergedRecords.CountAsync());
    }

    [Fact]
    public async Task A_record_that_somebody_changed_since_it_was_looked_at_is_not_merged()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var order = OrderOf(await world.As(world.Claire).Get<Merges>().PrepareAsync(nameof(Institution), [kept.Id, other.Id], kept.Id));
        await world.EditAsync(world.Paul, other, details => details with { City = "Rezé" });

        await Assert.ThrowsAsync<StaleRecordException>(() => world.Get<Merges>().MergeAsync(order));

        Assert.Null((await world.ReadAsync(other)).DeletedAt);
    }

    [Fact]
    public async Task A_record_of_another_team_is_refused_with_a_sentence_and_so_are_one_six_and_none()
    {
        await using var world = await TestWorld.CreateAsync();
        var (ours, theirs) = (await world.InstitutionAsync("Un", world.Claire), await world.InstitutionAsync("Deux", world.Lea));
        var merges = world.As(world.Claire).Get<Merges>();

        Assert.Equal("Une de ces fiches n'existe plus, ou appartient à une autre équipe : elle ne peut pas être fusionnée.", await RefusalAsync(() => merges.PrepareAsync(nameof(Institution), [ours.Id, theirs.Id])));
        Assert.Equal("Choisissez de 2 à 5 fiches à fusionner.", await RefusalAsync(() => merges.PrepareAsync(nameof(Institution), [ours.Id])));
        Assert.Equal("Choisissez de 2 à 5 fiches à fusionner.", await RefusalAsync(() => merges.PrepareAsync(nameof(Institution), [.. Enumerable.Range(0, 6).Select(_ => Guid.NewGuid())])));
        Assert.Equal("Seuls des établissements ou des contacts se fusionnent.", await RefusalAsync(() => merges.PrepareAsync(nameof(Opportunity), [ours.Id, theirs.Id])));

        static async Task<string> RefusalAsync(Func<Task> act) => (await Assert.ThrowsAsync<BusinessRuleException>(act)).Message;
    }

    [Fact]
    public async Task Somebody_with_a_place_in_both_keeps_one_completed_by_the_other_and_one_contact_stays_primary()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var (both, there) = (await world.ContactAsync(kept), await world.ContactAsync(other, "Kerbrat", "Yann"));
        var contacts = world.As(world.Claire).Get<Contacts>();
        await contacts.JoinAsync(both.Id, new ContactRoleDetails { InstitutionId = other.Id, Department = "Bloc", StartedOn = new DateOnly(2020, 1, 1), Influence = Influence.Buyer });
        await contacts.MakePrimaryAsync(both.Id, both.Roles[0].Id);
        await contacts.MakePrimaryAsync(there.Id, there.Roles[0].Id);

        var draft = await world.Get<Merges>().PrepareAsync(nameof(Institution), [kept.Id, other.Id], kept.Id);
        Assert.Contains("En double, une fois gardé : 1 poste.", draft.Notes.Select(note => note.ToString()));
        Assert.Contains("Contact principal en double : « Yann Kerbrat » ne l'est plus.", draft.Notes.Select(note => note.ToString()));
        var done = await world.Get<Merges>().MergeAsync(OrderOf(draft));

        var people = await contacts.OfInstitutionAsync(kept.Id);
        Assert.Equal([("Hélène Renaud", true), ("Yann Kerbrat", false)], people.Select(person => (person.FullName, person.IsPrimary)));
        Assert.Equal(("Cheffe du bloc", "Bloc", Influence.Buyer, new DateOnly(2020, 1, 1)), (people[0].Title, people[0].Department, people[0].Influence, people[0].StartedOn));

        await world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(2, (await contacts.OfInstitutionAsync(other.Id)).Count);
        Assert.Null((await contacts.OfInstitutionAsync(kept.Id))[0].Department);
    }

    [Fact]
    public async Task The_main_contact_of_a_deal_does_not_become_one_of_the_others_as_well()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = (await world.ContactAsync(), await world.ContactAsync());
        var deal = await world.OpportunityAsync(with: details => details with { ContactId = kept.Id });
        await world.SaveAsync(db => db.Opportunities.Single(o => o.Id == deal.Id).SetContacts([other.Id], world.Now()));

        await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id], type: nameof(Contact));

        await using var db = world.Open();
        var now = await db.Opportunities.Include(o => o.Contacts).SingleAsync(o => o.Id == deal.Id);
        Assert.Equal((kept.Id, 0), (now.ContactId!.Value, now.Contacts.Count));
    }

    [Fact]
    public async Task What_was_added_since_stays_and_what_somebody_changed_since_holds_the_undo_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var moved = await world.OpportunityAsync(institution: other);
        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);
        var added = await world.OpportunityAsync(institution: kept);
        var changed = await world.EditAsync(world.Paul, kept, details => details with { Phone = "02 40 00 00 01" });

        world.As(world.Claire);
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value));
        Assert.Contains("Téléphone a été modifié depuis par Paul Bernard", refusal.Message, StringComparison.Ordinal);

        await world.As(world.Paul).Get<Changes>().UndoAsync(changed);
        await world.As(world.Claire).Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal((other.Id, kept.Id), ((await world.ReadAsync(moved)).InstitutionId, (await world.ReadAsync(added)).InstitutionId));
        Assert.Equal(("440000271", null, null), ((await world.ReadAsync(other)).FinessEt, (await world.ReadAsync(kept)).FinessEt, (await world.ReadAsync(other)).DeletedAt));
    }

    [Fact]
    public async Task What_was_moved_and_deleted_since_goes_back_inside_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var moved = await world.OpportunityAsync(institution: other);
        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);
        await world.BinAsync(world.Paul, moved);

        await world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value);

        var now = await world.ReadAsync(moved);
        Assert.Equal((other.Id, true), (now.InstitutionId, now.DeletedAt is not null));
    }

    [Fact]
    public async Task Deals_of_another_team_follow_the_merge_of_a_common_institution_and_come_back_with_its_undo()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var theirs = await world.OpportunityAsync(owner: world.Lea, institution: other);

        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);
        Assert.Equal(kept.Id, (await world.ReadAsync(theirs)).InstitutionId);

        await world.As(world.Claire).Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(other.Id, (await world.ReadAsync(theirs)).InstitutionId);
        Assert.Null((await world.ReadAsync(other)).DeletedAt);
    }

    [Fact]
    public async Task Only_who_merged_or_an_administrator_takes_apart_and_only_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);
        var recent = Assert.Single((await world.As(world.Paul).Get<Merges>().RecentAsync(nameof(Institution), 0, 10)).Rows);
        Assert.Equal((false, "Claire Martin", 30), (recent.MayUndo, recent.ByName, recent.DaysLeft));

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value));
        await world.As(world.Admin).Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        var again = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value));

        Assert.Equal("Ces fiches sont déjà dé-fusionnées.", again.Message);
        Assert.Equal(0, (await world.Get<Merges>().RecentAsync(nameof(Institution), 0, 10)).Total);
    }

    [Fact]
    public async Task After_thirty_days_it_is_too_late_and_the_address_still_leads_to_the_record_that_stayed()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        await world.OpportunityAsync(institution: other);
        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);
        var histories = world.Get<Histories>();
        Assert.Equal((true, true, false), await EntryAsync());
        world.Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));

        Assert.Equal((true, false, true), await EntryAsync());
        Assert.Equal(0, Assert.Single((await world.Get<Merges>().RecentAsync(nameof(Institution), 0, 10)).Rows).DaysLeft);
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value));
        Assert.StartsWith("Cette fusion a plus de 30 jours", refusal.Message, StringComparison.Ordinal);

        Assert.Equal(1, await world.As(world.Admin).Get<Bin>().PurgeAsync());
        Assert.Equal(kept.Id, (await world.Get<Merges>().FindAsync(nameof(Institution), other.Id))?.Id);

        async Task<(bool, bool, bool)> EntryAsync()
        {
            var entry = (await histories.OfRecordAsync(nameof(Institution), kept.Id, 0, 10)).Rows[0];
            return (entry.IsMerge, entry.MayUndo, entry.IsLate);
        }
    }

    [Fact]
    public async Task The_history_of_the_record_that_stayed_tells_of_the_merge_although_nothing_of_it_changed()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = (await world.InstitutionAsync("Clinique"), await world.InstitutionAsync("Clinique"));

        await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);

        var entry = (await world.Get<Histories>().OfRecordAsync(nameof(Institution), kept.Id, 0, 10)).Rows[0];
        Assert.Equal(("« Clinique » fusionné dans « Clinique »", true, true), (entry.Sentence, entry.IsMerge, entry.MayUndo));
        Assert.Equal(("fusion", "Clinique"), (entry.Changes[0].Noun, entry.Changes[0].Name));
    }

    [Fact]
    public async Task The_bin_says_where_a_record_went_and_does_not_give_it_back_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);

        var row = Assert.Single((await world.Get<Bin>().PageAsync(null, null, 0, 10)).Rows);
        Assert.Equal(("CHU Nantes", $"/institutions/{kept.Id}", false), (row.MergedInto, row.MergedAddress, row.MayRestore));
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Bin>().RestoreAsync(nameof(Institution), other.Id));

        Assert.Equal("« CHU de Nantes » a été fusionné dans une autre fiche : dé-fusionnez-les, depuis l'historique de celle-ci.", refusal.Message);
    }

    [Fact]
    public async Task A_merge_taken_back_can_be_made_again_and_taken_back_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var (kept, other) = await TwoAsync(world);
        var deal = await world.OpportunityAsync(institution: other);
        var done = await MergeAsync(world.As(world.Claire), kept.Id, [kept.Id, other.Id]);

        var undone = await world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        await world.Get<Changes>().UndoAsync(undone.ChangeSetId!.Value);
        Assert.Equal(kept.Id, (await world.ReadAsync(deal)).InstitutionId);
        Assert.Equal(kept.Id, (await world.Get<Merges>().FindAsync(nameof(Institution), other.Id))?.Id);

        await world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(other.Id, (await world.ReadAsync(deal)).InstitutionId);
        Assert.Null(await world.Get<Merges>().FindAsync(nameof(Institution), other.Id));
    }

    [Fact]
    public async Task Numbers_that_differ_are_pointed_out_before()
    {
        await using var world = await TestWorld.CreateAsync();
        var one = await world.InstitutionAsync("CHU de Nantes", with: details => details with { FinessEt = "440000271" });
        var two = await world.InstitutionAsync("CHU de Nantes", with: details => details with { FinessEt = "440000016" });

        var draft = await world.As(world.Claire).Get<Merges>().PrepareAsync(nameof(Institution), [one.Id, two.Id]);

        Assert.Contains("Leurs numéros FINESS ou SIRET diffèrent : pour les registres ce sont des établissements distincts.", draft.Notes.Select(note => note.ToString()));
    }

    [Fact]
    public async Task Without_a_choice_the_record_that_a_register_knows_stays_else_the_one_that_most_hangs_on()
    {
        await using var world = await TestWorld.CreateAsync();
        var (one, two, known) = (await world.InstitutionAsync("Un"), await world.InstitutionAsync("Deux"), await world.InstitutionAsync("Trois", with: details => details with { FinessEt = "440000271" }));
        await world.OpportunityAsync(institution: two);
        var merges = world.As(world.Claire).Get<Merges>();

        Assert.Equal(known.Id, (await merges.PrepareAsync(nameof(Institution), [one.Id, two.Id, known.Id])).KeptId);
        Assert.Equal(two.Id, (await merges.PrepareAsync(nameof(Institution), [one.Id, two.Id])).KeptId);
    }

    internal static MergeOrder OrderOf(MergeDraft draft, params (string Field, Guid From)[] picks)
        => new(draft.Type, draft.KeptId, draft.Sides.ToDictionary(side => side.Id, side => side.Version), picks.ToDictionary(pick => pick.Field, pick => pick.From));

    private static async Task<Done> MergeAsync(TestWorld world, Guid kept, Guid[] ids, (string Field, Guid From)? pick = null, string type = nameof(Institution))
    {
        var merges = world.Get<Merges>();
        return await merges.MergeAsync(OrderOf(await merges.PrepareAsync(type, ids, kept), pick is { } picked ? [picked] : []));
    }

    private static async Task<(Institution Kept, Institution Other)> TwoAsync(TestWorld world)
    {
        var kept = await world.InstitutionAsync("CHU Nantes", with: details => details with { Tags = ["IRM"], Notes = "Première note." });
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var other = await world.InstitutionAsync("CHU de Nantes", with: details => details with { FinessEt = "440000271", Phone = "0240083333", Tags = ["IRM", "Scanner"], Status = CustomerStatus.Customer, Notes = "Seconde note." });
        return (kept, other);
    }
}
