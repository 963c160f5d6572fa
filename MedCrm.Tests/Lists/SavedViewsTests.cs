using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Lists;

public sealed class SavedViewsTests
{
    [Fact]
    public async Task View_stays_personal_until_its_owner_shares_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var views = world.As(world.Claire).Get<SavedViews>();
        var view = (await views.CreateAsync("institutions", "Mes comptes clés", "status=Customer")).RecordId;

        Assert.Equal((0, 0), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));
        await world.As(world.Claire).Get<SavedViews>().ShareAsync(view, ViewSharing.Team);
        Assert.Equal((1, 0), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));
        await world.As(world.Claire).Get<SavedViews>().ShareAsync(view, ViewSharing.All);
        Assert.Equal((1, 1), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));
        await world.As(world.Claire).Get<SavedViews>().ShareAsync(view, ViewSharing.Personal);
        Assert.Equal((0, 0), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));

        async Task<int> SeenByAsync(Actor actor) => (await world.As(actor).Get<SavedViews>().ListAsync("institutions")).Count;
    }

    [Fact]
    public async Task A_person_has_one_view_of_a_name_in_a_list()
    {
        await using var world = await TestWorld.CreateAsync();
        var views = world.As(world.Claire).Get<SavedViews>();
        await views.CreateAsync("institutions", "Mes comptes clés", "status=Customer");

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => views.CreateAsync("institutions", "Mes comptes clés ", "status=Customer"));

        Assert.Equal("Vous avez déjà une vue « Mes comptes clés ».", refusal.Message);
        var other = (await views.CreateAsync("institutions", "Autre", "")).RecordId;
        await Assert.ThrowsAsync<BusinessRuleException>(() => views.RenameAsync(other, "Mes comptes clés"));
        await views.RenameAsync(other, "Autre nom");
        await views.CreateAsync("contacts", "Mes comptes clés", "");
        await world.As(world.Lea).Get<SavedViews>().CreateAsync("institutions", "Mes comptes clés", "");
    }

    [Fact]
    public async Task Shared_view_is_altered_by_its_owner_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var views = world.As(world.Claire).Get<SavedViews>();
        var view = (await views.CreateAsync("institutions", "Publics", "ownership=Public")).RecordId;
        await views.ShareAsync(view, ViewSharing.Team);

        world.As(world.Paul);
        await Assert.ThrowsAsync<BusinessRuleException>(() => views.KeepAsync(view, "status=Customer"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => views.RenameAsync(view, "À moi"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => views.DeleteAsync(view));
        world.As(world.Lea);
        await Assert.ThrowsAsync<BusinessRuleException>(() => views.KeepAsync(view, "status=Customer"));

        world.As(world.Claire);
        await views.KeepAsync(view, "ownership=Public&sort=-beds");
        Assert.Equal(("Publics", "ownership=Public&sort=-beds", true, ViewSharing.Team), Read(Assert.Single(await views.ListAsync("institutions"))));
        world.As(world.Paul);
        Assert.Equal(("Publics", "ownership=Public&sort=-beds", false, ViewSharing.Team), Read(Assert.Single(await views.ListAsync("institutions"))));
        Assert.Empty(await views.ListAsync("contacts"));

        static (string Name, string Query, bool IsMine, ViewSharing Sharing) Read(SavedViewTab tab) => (tab.Name, tab.Query, tab.IsMine, tab.Sharing);
    }
}
