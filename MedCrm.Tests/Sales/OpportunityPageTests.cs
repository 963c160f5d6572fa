using Bunit;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using MedCrm.Web;
using MedCrm.Web.Kit;
using MedCrm.Web.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace MedCrm.Tests.Sales;

public sealed class OpportunityPageTests : WorldScreenTests
{
    [Fact]
    public async Task A_click_on_a_stage_moves_the_deal_and_says_so()
    {
        var deal = await World.OpportunityAsync();
        var page = Show(deal);
        Assert.Equal(["Prospecting", "Qualification", "Proposal", "Negotiation", "ClosedWon", "ClosedLost"], page.FindAll("[data-testid=stage]").Select(stage => stage.GetAttribute("data-stage")));

        await page.Find("[data-stage=Negotiation]").ClickAsync();

        page.WaitForAssertion(() => Assert.Equal("Negotiation", Present(page)));
        Assert.Equal("« IRM du CHU de Nantes » déplacée en Négociation", Toast()?.Text);
        Assert.Equal(("Negotiation", 75), await StandAsync(deal));
        Assert.Equal(("75", "7500.00"), (page.Find("[data-testid=probability]").GetAttribute("data-value"), page.Find("[data-testid=weighted]").GetAttribute("data-value")));
        Assert.Contains("done", page.Find("li:has([data-stage=Prospecting])").ClassList);
    }

    [Fact]
    public async Task The_present_stage_is_no_move()
    {
        var deal = await World.OpportunityAsync();
        var page = Show(deal);

        await page.Find("[data-stage=Prospecting]").ClickAsync();

        Assert.Null(Toast());
        Assert.Empty(page.FindAll("[data-testid=move-popover]"));
    }

    [Fact]
    public async Task Losing_asks_why_refuses_without_a_reason_and_closes_the_deal_with_one()
    {
        var deal = await World.OpportunityAsync();
        var page = Show(deal);

        await page.Find("[data-stage=ClosedLost]").ClickAsync();
        Assert.Equal("Prospecting", Present(page));
        await page.Find("[data-testid=move-popover] form").SubmitAsync();
        Assert.Equal("Indiquez le motif de la perte.", page.Find("[data-testid=error-LossReason]").TextContent);
        await page.Find("[data-testid=lost-reason]").ChangeAsync("Price");
        await page.Find("[data-testid=move-popover] form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal("ClosedLost", Present(page)));
        Assert.Contains("lost", page.Find("li:has([data-stage=ClosedLost])").ClassList);
        Assert.Contains("Perdue : Prix", page.Find(".notice.bad").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=move-popover]"));
    }

    [Fact]
    public async Task Loss_reasons_and_refusals_are_said_in_the_language_of_the_screen()
    {
        Services.AddSingleton<IStringLocalizer<Texts>>(new Glossary(
            ("Prix", "Price"),
            ("Besoin abandonné", "No longer needed"),
            ("Indiquez le motif de la perte.", "Say why it was lost."),
            ("Ce texte est trop long : {0} caractères pour {1} au plus.", "At most {1} characters: this text has {0}."),
            ("Perdue : {0}", "Lost: {0}")));
        var page = Show(await World.OpportunityAsync());

        await page.Find("[data-stage=ClosedLost]").ClickAsync();
        Assert.Equal(("Price", "No longer needed"), (Reason("Price"), Reason("NoNeed")));
        await page.Find("[data-testid=move-popover] form").SubmitAsync();
        Assert.Equal("Say why it was lost.", page.Find("[data-testid=error-LossReason]").TextContent);

        await page.Find("[data-testid=lost-reason]").ChangeAsync("Price");
        await page.Find("[data-testid=field-LossNote]").ChangeAsync(new string('x', 2001));
        await page.Find("[data-testid=move-popover] form").SubmitAsync();
        Assert.Equal("At most 2000 characters: this text has 2001.", page.Find("[data-testid=error-LossNote]").TextContent);

        await page.Find("[data-testid=field-LossNote]").ChangeAsync("");
        await page.Find("[data-testid=move-popover] form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("Lost: Price", page.Find(".notice.bad").TextContent, StringComparison.Ordinal));

        string Reason(string value) => page.Find($"[data-testid=lost-reason] option[value={value}]").TextContent;
    }

    [Fact]
    public async Task A_checklist_that_lacks_something_asks_for_it_and_cancelling_leaves_the_deal_where_it_is()
    {
        await RequireAsync("Proposal", Requirement.ExpectedCloseOn);
        var deal = await World.OpportunityAsync();
        var page = Show(deal);

        await page.Find("[data-stage=Proposal]").ClickAsync();
        Assert.Contains("Il manque, pour entrer en Proposition", page.Find("[data-testid=move-popover]").TextContent, StringComparison.Ordinal);
        await page.Find("[data-testid=move-popover] [data-testid=cancel]").ClickAsync();
        Assert.Empty(page.FindAll("[data-testid=move-popover]"));
        Assert.Equal(("Prospecting", 10), await StandAsync(deal));

        await page.Find("[data-stage=Proposal]").ClickAsync();
        await page.Find("[data-testid=field-ExpectedCloseOn]").ChangeAsync("15/12/2026");
        await page.Find("[data-testid=move-popover] form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal("Proposal", Present(page)));
        Assert.Equal("Proposal", (await StandAsync(deal)).Stage);
    }

    [Fact]
    public async Task A_deal_that_somebody_changed_unseen_is_not_moved_and_the_bar_shows_where_it_stands()
    {
        var deal = await World.OpportunityAsync();
        var page = Show(deal);
        var qualification = (await World.StageAsync("Qualification")).Id;

        // As another process would: no news of it comes.
        await using (var db = World.Open())
        {
            await db.Opportunities.Where(o => o.Id == deal.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Version, Guid.NewGuid()).SetProperty(o => o.StageId, qualification));
        }

        await page.Find("[data-stage=Negotiation]").ClickAsync();

        page.WaitForAssertion(() => Assert.Equal("Qualification", Present(page)));
        Assert.True(Toast()?.IsRefusal);
        Assert.StartsWith("Cette fiche a été modifiée entre-temps", Toast()!.Text, StringComparison.Ordinal);
        Assert.Equal("Qualification", (await StandAsync(deal)).Stage);
    }

    [Fact]
    public async Task What_a_colleague_moves_is_seen_without_a_click()
    {
        var deal = await World.OpportunityAsync();
        var page = Show(deal);

        await World.As(World.Paul).Get<Opportunities>().MoveAsync(deal.Id, (await World.StageAsync("Negotiation")).Id, deal.Version);

        page.WaitForAssertion(() => Assert.Equal("Negotiation", Present(page)));
        Assert.Null(Toast());
    }

    [Fact]
    public async Task Whoever_may_not_sell_sees_the_stages_and_moves_nothing()
    {
        var deal = await World.OpportunityAsync();
        World.As(World.Admin with { Role = Role.Billing });

        var page = Show(deal);

        Assert.All(page.FindAll("[data-testid=stage]"), stage => Assert.True(stage.HasAttribute("disabled")));
        Assert.Empty(page.FindAll("[data-testid=edit], [data-testid=delete]"));
    }

    [Fact]
    public async Task Another_teams_deal_does_not_exist()
    {
        var deal = await World.OpportunityAsync();
        World.As(World.Lea);

        var page = Render<OpportunityPage>(parameters => parameters.Add(p => p.Id, deal.Id));

        page.WaitForAssertion(() => Assert.Contains("n'existe pas", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[data-testid=stagebar]"));
    }

    private static string? Present(IRenderedComponent<OpportunityPage> page) => page.Find("[aria-current=step] [data-testid=stage]").GetAttribute("data-stage");

    private IRenderedComponent<OpportunityPage> Show(Opportunity deal)
    {
        var page = Render<OpportunityPage>(parameters => parameters.Add(p => p.Id, deal.Id));
        page.WaitForElement("[data-testid=stagebar]");
        return page;
    }

    private Toast? Toast() => Services.GetRequiredService<Toasts>().Current;

    private async Task<(string Stage, int Probability)> StandAsync(Opportunity deal)
    {
        await using var db = World.Open();
        return await db.Opportunities.Where(o => o.Id == deal.Id).Select(o => new ValueTuple<string, int>(o.Stage.Code, o.ProbabilityPercent)).SingleAsync();
    }

    private async Task RequireAsync(string code, Requirement requirement)
    {
        await using var db = World.Open();
        db.Begin(Actor.System, "Test");
        (await db.Stages.Include(stage => stage.Requirements).SingleAsync(stage => stage.Code == code)).Require([requirement]);
        await db.SaveChangesAsync();
    }
}
