using Bunit;
using MedCrm.Core.Foundation;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using MedCrm.Web.FollowUp;
using MedCrm.Web.Kit;
using MedCrm.Web.Sales;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Sales;

public sealed class InstitutionProjectTests : WorldScreenTests
{
    [Fact]
    public async Task Before_the_first_signature_the_tab_says_what_will_stand_there_and_leads_to_the_pipeline()
    {
        var institution = await World.InstitutionAsync();
        await World.OpportunityAsync(institution: institution);

        var tab = Render<InstitutionProject>(parameters => parameters.Add(project => project.InstitutionId, institution.Id));

        tab.WaitForAssertion(() => Assert.StartsWith("Le suivi commence à la première affaire gagnée", tab.Find("[data-testid=empty] p").TextContent, StringComparison.Ordinal));
        Assert.Equal($"/opportunities?institution={institution.Id}", tab.Find("[data-testid=empty] a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_signed_deal_shows_its_progress_its_late_tasks_and_opens_a_new_one_about_itself()
    {
        var institution = await World.InstitutionAsync();
        var deal = await World.OpportunityAsync(institution: institution);
        await World.Get<Opportunities>().MoveAsync(deal.Id, (await World.StageAsync("ClosedWon")).Id, deal.Version);
        await World.TaskAsync(with: details => details with { Title = "Commander", DueOn = new DateOnly(2026, 11, 20), OpportunityId = deal.Id });
        var tab = Render<InstitutionProject>(parameters => parameters.Add(project => project.InstitutionId, institution.Id));

        tab.WaitForAssertion(() => Assert.Equal(("0/1", "1"), (tab.Find("[data-testid=tasks-done]").GetAttribute("data-value"), tab.Find("[data-testid=late]").GetAttribute("data-value"))));
        Assert.Equal(($"/opportunities/{deal.Id}", "10000.00", "2026-11-21"), (tab.Find("[data-testid=deal]").GetAttribute("href"), tab.Find("[data-testid=deal-amount]").GetAttribute("data-value"), tab.Find("[data-testid=won-on]").GetAttribute("data-value")));
        Assert.Contains("bad", tab.Find(".lines .chip").ClassList);

        _ = tab.Find("[data-testid=new-task]").ClickAsync();
        var panel = Services.GetRequiredService<Panels>().Open.Single();
        Assert.Equal((typeof(TaskPanel), (object?)deal.Id), (panel.Component, panel.Parameters[nameof(TaskPanel.OpportunityId)]));

        // A colleague finishes it elsewhere: the tab follows.
        var task = (await World.Get<OpportunitySheets>().WonAsync(institution.Id)).Rows.Single().Next.Single();
        await World.Get<FollowUpTasks>().CompleteAsync(task.Id, null);
        tab.WaitForAssertion(() => Assert.Equal("1/1", tab.Find("[data-testid=tasks-done]").GetAttribute("data-value")));
        Assert.Empty(tab.FindAll("[data-testid=late]"));
    }
}
