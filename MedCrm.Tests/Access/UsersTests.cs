using MedCrm.Core.Access;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Access;

public sealed class UsersTests
{
    [Fact]
    public async Task Only_an_administrator_manages_accounts()
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var actor in new[] { world.Manager, world.Claire })
        {
            world.As(actor);

            await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Users>().ListAsync(new UserFilter()));
            await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Users>().DisableAsync(world.Paul.Id!.Value));
            await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Users>().ReassignAsync(world.Claire.Id!.Value, world.Paul.Id!.Value));
            await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Teams>().CreateAsync("Nord"));
            await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<RolePolicies>().SeeAsync(Role.Sales, Visibility.All));
        }
    }

    [Fact]
    public async Task Accounts_are_found_by_name_role_team_and_state()
    {
        await using var world = await TestWorld.CreateAsync();
        var users = world.Get<Users>();
        await users.DisableAsync(world.Paul.Id!.Value);

        Assert.Equal(["Léa Dubois"], await NamesAsync(new UserFilter(Text: "lea dub")));
        Assert.Equal(["Claire Martin"], await NamesAsync(new UserFilter(Text: "SALES1@")));
        Assert.Equal(["Claire Martin", "Paul Bernard"], await NamesAsync(new UserFilter(Role: Role.Sales, TeamId: world.Claire.TeamId)));
        Assert.Equal(["Paul Bernard"], await NamesAsync(new UserFilter(State: UserState.Disabled)));

        async Task<List<string>> NamesAsync(UserFilter filter) => [.. (await users.ListAsync(filter)).Select(row => row.Name)];
    }

    [Fact]
    public async Task The_last_administrator_stays_whatever_the_way()
    {
        await using var world = await TestWorld.CreateAsync();
        var (users, alice, claire) = (world.Get<Users>(), world.Admin.Id!.Value, world.Claire.Id!.Value);
        var seen = await DetailsAsync(world, alice);

        var demotion = await Assert.ThrowsAsync<BusinessRuleException>(() => users.EditAsync(alice, seen, seen with { Role = Role.Sales }));
        Assert.Contains("au moins un administrateur", demotion.Message, StringComparison.Ordinal);
        Assert.Equal(nameof(User.Role), demotion.Field);

        // Claire is promoted, Alice demoted; taking Claire's promotion back would leave nobody.
        var promoted = await DetailsAsync(world, claire);
        var promotion = await users.EditAsync(claire, promoted, promoted with { Role = Role.Administrator });
        await users.EditAsync(alice, seen, seen with { Role = Role.Manager });
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(promotion.ChangeSetId!.Value));
        await Assert.ThrowsAsync<BusinessRuleException>(() => users.DisableAsync(claire));

        Assert.Equal(Role.Administrator, (await DetailsAsync(world, claire)).Role);
    }

    [Fact]
    public async Task Two_administrators_cannot_demote_each_other_at_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var (users, alice, claire) = (world.Get<Users>(), world.Admin.Id!.Value, world.Claire.Id!.Value);
        var promoted = await DetailsAsync(world, claire);
        await users.EditAsync(claire, promoted, promoted with { Role = Role.Administrator });
        var (seenAlice, seenClaire) = (await DetailsAsync(world, alice), await DetailsAsync(world, claire));

        var both = new[] { TryAsync(alice, seenAlice), TryAsync(claire, seenClaire) };
        var done = await Task.WhenAll(both);

        Assert.Single(done, succeeded => succeeded);
        await using var db = world.Open();
        Assert.Equal(1, await db.Users.CountAsync(user => user.Role == Role.Administrator && !user.IsDisabled));

        async Task<bool> TryAsync(Guid id, UserDetails seen)
        {
            try
            {
                await users.EditAsync(id, seen, seen with { Role = Role.Sales });
                return true;
            }
            catch (BusinessRuleException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Nobody_disables_their_own_account()
    {
        await using var world = await TestWorld.CreateAsync();

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Users>().DisableAsync(world.Admin.Id!.Value));
    }

    [Fact]
    public async Task A_disabled_account_acts_no_more_at_once_and_its_sessions_lose_their_stamp()
    {
        await using var world = await TestWorld.CreateAsync();
        var (actors, claire) = (world.Get<Actors>(), world.Claire.Id!.Value);
        var before = await actors.FindAccountAsync(claire);
        Assert.True(await actors.AdmitsAsync(claire, before!.SecurityStamp));

        await world.Get<Users>().DisableAsync(claire);
        Assert.Null(await actors.FindAsync(claire));

        await world.Get<Users>().EnableAsync(claire);
        Assert.NotNull(await actors.FindAsync(claire));
        Assert.False(await actors.AdmitsAsync(claire, before.SecurityStamp));
    }

    [Fact]
    public async Task A_role_or_what_it_sees_counts_from_the_next_act()
    {
        await using var world = await TestWorld.CreateAsync();
        var (actors, claire) = (world.Get<Actors>(), world.Claire.Id!.Value);
        Assert.Equal(Visibility.Team, (await actors.FindAsync(claire))!.Visibility);

        await world.Get<RolePolicies>().SeeAsync(Role.Sales, Visibility.Own);
        Assert.Equal(Visibility.Own, (await actors.FindAsync(claire))!.Visibility);

        var seen = await DetailsAsync(world, claire);
        await world.Get<Users>().EditAsync(claire, seen, seen with { Role = Role.Manager });
        Assert.Equal((Role.Manager, Visibility.All), ((await actors.FindAsync(claire))!.Role, (await actors.FindAsync(claire))!.Visibility));

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<RolePolicies>().SeeAsync(Role.Administrator, Visibility.Own));
    }

    [Fact]
    public async Task Two_people_edit_different_fields_of_an_account_and_both_win()
    {
        await using var world = await TestWorld.CreateAsync();
        var (users, claire) = (world.Get<Users>(), world.Claire.Id!.Value);
        var seen = await DetailsAsync(world, claire);

        await users.EditAsync(claire, seen, seen with { DisplayName = "Claire Martin-Roy" });
        await users.EditAsync(claire, seen, seen with { Email = "claire@demo.test" });
        var conflict = await Assert.ThrowsAsync<EditConflictException>(() => users.EditAsync(claire, seen, seen with { DisplayName = "Claire Roy" }));

        Assert.Equal(nameof(UserDetails.DisplayName), Assert.Single(conflict.Conflicts).Field);
        await using var db = world.Open();
        var user = await db.Users.SingleAsync(u => u.Id == claire);
        Assert.Equal(("Claire Martin-Roy", "claire@demo.test", "CLAIRE@DEMO.TEST"), (user.DisplayName, user.Email, user.NormalizedUserName));
    }

    [Fact]
    public async Task Taking_an_address_change_back_lets_the_person_sign_in_under_the_old_one()
    {
        await using var world = await TestWorld.CreateAsync();
        var claire = world.Claire.Id!.Value;
        var seen = await DetailsAsync(world, claire);
        var done = await world.Get<Users>().EditAsync(claire, seen, seen with { Email = "claire@demo.test" });

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);

        await using var db = world.Open();
        Assert.Equal("SALES1@DEMO.TEST", (await db.Users.SingleAsync(user => user.Id == claire)).NormalizedEmail);
    }

    [Fact]
    public async Task An_address_serves_one_account()
    {
        await using var world = await TestWorld.CreateAsync();
        var seen = await DetailsAsync(world, world.Claire.Id!.Value);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Users>().EditAsync(world.Claire.Id!.Value, seen, seen with { Email = "Paul@Demo.test" }));

        Assert.Equal(nameof(User.Email), refusal.Field);
    }

    [Fact]
    public async Task Everything_somebody_follows_goes_to_somebody_else_and_back_in_one_gesture_each()
    {
        await using var world = await TestWorld.CreateAsync();
        var (users, claire, lea) = (world.Get<Users>(), world.Claire, world.Lea);
        var institution = await world.InstitutionAsync(owner: claire);
        var deal = await world.OpportunityAsync(owner: claire, institution: institution);
        await world.SaveAsync(db => db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "Rappeler", OwnerId = claire.Id, TeamId = claire.TeamId }, claire, world.Now())));
        await world.SaveAsync(db =>
        {
            for (var i = 0; i < 450; i++)
            {
                db.Institutions.Add(new(new() { Name = $"Clinique {i}", OwnerId = claire.Id, TeamId = claire.TeamId }, world.Now()));
            }
        });
        await users.DisableAsync(claire.Id!.Value);
        Assert.Equal(new Holdings(451, 0, 1, 1, 0, 0, 0), await users.HoldingsAsync(claire.Id.Value));

        var done = await users.ReassignAsync(claire.Id.Value, lea.Id!.Value);

        Assert.Equal(0, (await users.HoldingsAsync(claire.Id.Value)).Total);
        Assert.Equal(453, (await users.HoldingsAsync(lea.Id.Value)).Total);
        await using (var db = world.Open())
        {
            Assert.Equal(lea.TeamId, (await db.Opportunities.SingleAsync(o => o.Id == deal.Id)).TeamId);
        }

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(new Holdings(451, 0, 1, 1, 0, 0, 0), await users.HoldingsAsync(claire.Id.Value));
        Assert.Equal(0, (await users.HoldingsAsync(lea.Id.Value)).Total);
    }

    [Fact]
    public async Task Records_go_to_somebody_who_can_still_follow_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var users = world.Get<Users>();
        await users.DisableAsync(world.Paul.Id!.Value);

        await Assert.ThrowsAsync<BusinessRuleException>(() => users.ReassignAsync(world.Claire.Id!.Value, world.Paul.Id!.Value));
        await Assert.ThrowsAsync<BusinessRuleException>(() => users.ReassignAsync(world.Claire.Id!.Value, world.Claire.Id!.Value));
    }

    [Fact]
    public async Task An_account_is_never_deleted_even_by_taking_its_creation_back()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var db = world.Open();
        var user = new User("Nora Petit", "nora@demo.test", Role.Sales, null, world.Now());
        var gesture = db.Begin(world.Admin, "Compte créé");
        db.Users.Add(user);
        await db.SaveChangesAsync();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(gesture.ChangeSetId));

        Assert.Contains("Désactivez-le", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_stay_out_of_the_history_and_are_not_undone()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var db = world.Open();
        var user = await db.Users.SingleAsync(u => u.Id == world.Claire.Id);
        var gesture = db.Begin(world.Claire, "Double authentification activée");
        user.PasswordHash = "canary-hash";
        user.NotePassword(temporary: false, world.Now());
        user.NoteSecondFactor(isAsked: true, world.Now());
        user.TryUseStep(42);
        await db.SaveChangesAsync();

        var fields = (await db.RecordChanges.AsNoTracking().SingleAsync(change => change.ChangeSetId == gesture.ChangeSetId)).Fields;
        Assert.Contains("SecondFactorSince", fields, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", fields, StringComparison.Ordinal);
        Assert.DoesNotContain("Stamp", fields, StringComparison.Ordinal);
        Assert.DoesNotContain("Totp", fields, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(gesture.ChangeSetId));
    }

    [Fact]
    public async Task A_team_that_is_used_stays_and_an_empty_one_goes_and_returns()
    {
        await using var world = await TestWorld.CreateAsync();
        var teams = world.Get<Teams>();
        var used = await Assert.ThrowsAsync<BusinessRuleException>(() => teams.RemoveAsync(world.Lea.TeamId!.Value));
        Assert.Contains("1 personne ", used.Message, StringComparison.Ordinal);

        var north = (await teams.CreateAsync("Nord")).RecordId;
        await world.SaveAsync(db => db.Institutions.Add(new(new() { Name = "CHU de Lille", TeamId = north }, world.Now())));
        await Assert.ThrowsAsync<BusinessRuleException>(() => teams.RemoveAsync(north));

        var east = (await teams.CreateAsync("Est")).RecordId;
        var removed = await teams.RemoveAsync(east);
        await world.Get<Changes>().UndoAsync(removed.ChangeSetId!.Value);
        Assert.Equal(["Est", "Nord", "Ouest", "Sud"], (await teams.ListAsync()).Select(row => row.Name));
    }

    [Fact]
    public async Task Two_teams_have_two_names()
    {
        await using var world = await TestWorld.CreateAsync();
        var teams = world.Get<Teams>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => teams.CreateAsync("ouest"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => teams.RenameAsync(world.Lea.TeamId!.Value, " Ouest "));
        await teams.RenameAsync(world.Lea.TeamId!.Value, "Méditerranée");
    }

    [Fact]
    public async Task A_preference_follows_its_person_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var preferences = world.As(world.Claire).Get<Preferences>();
        await preferences.KeepAsync(Preferences.Theme, "dark");
        await preferences.KeepAsync(Preferences.Theme, "light");

        Assert.Equal("light", await preferences.FindAsync(Preferences.Theme));
        world.As(world.Paul);
        Assert.Null(await preferences.FindAsync(Preferences.Theme));
    }

    private static async Task<UserDetails> DetailsAsync(TestWorld world, Guid userId)
    {
        await using var db = world.Open();
        return (await db.Users.AsNoTracking().SingleAsync(user => user.Id == userId)).Details();
    }
}
