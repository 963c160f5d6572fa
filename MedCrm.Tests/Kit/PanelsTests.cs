using MedCrm.Web.Customers;
using MedCrm.Web.Kit;

namespace MedCrm.Tests.Kit;

public sealed class PanelsTests
{
    private readonly Panels _panels = new();

    [Fact]
    public async Task A_double_click_opens_a_panel_once_and_both_clicks_learn_what_it_created()
    {
        var (institution, created) = (Guid.NewGuid(), Guid.NewGuid());

        var first = _panels.OpenAsync<NewContactPanel>(("InstitutionId", institution));
        var second = _panels.OpenAsync<NewContactPanel>(("InstitutionId", institution));
        var panel = Assert.Single(_panels.Open);
        _panels.Close(panel, created);

        Assert.Equal(created, await first);
        Assert.Equal(created, await second);
        Assert.Empty(_panels.Open);
    }

    [Fact]
    public void The_same_panel_over_another_record_opens_beside_it()
    {
        _ = _panels.OpenAsync<NewContactPanel>(("InstitutionId", Guid.NewGuid()));
        _ = _panels.OpenAsync<NewContactPanel>(("InstitutionId", Guid.NewGuid()));
        _ = _panels.OpenAsync<NewContactPanel>();

        Assert.Equal(3, _panels.Open.Count);
    }
}
