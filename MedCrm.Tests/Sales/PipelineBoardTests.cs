using Bunit;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using MedCrm.Web.Kit;
using MedCrm.Web.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Sales;

public sealed class PipelineBoardTests : WorldScreenTests
{
    [Fact]
    public async Task A_refused_move_says_why_and_the_card_stands_where_the_database_says()
    {
        var deal = await World.OpportunityAsync();
        var board = Render<PipelineBoard>(parameters => parameters.Add(b => b.Query, ListQuery.Everything));
        board.WaitForElement($"[data-id='{deal.Id}']");
        await ChangeAsideAsync(deal);

        var outcome = await board.InvokeAsync(() => board.Instance.DropAsync(deal.Id, "Negotiation", null, null));

        Assert.Equal("refused", outcome);
        Assert.StartsWith("Cette fiche a été modifiée entre-temps", Services.GetRequiredService<Toasts>().Current!.Text, StringComparison.Ordinal);
        Assert.NotNull(board.Find($"[data-stage=Prospecting] [data-id='{deal.Id}']"));
        Assert.Equal(["1", "0", "0", "0"], board.FindAll("[data-testid=column-count]").Select(count => count.GetAttribute("data-value")));
    }

    [Fact]
    public async Task A_move_changes_card_and_figures_together()
    {
        var deal = await World.OpportunityAsync();
        var board = Render<PipelineBoard>(parameters => parameters.Add(b => b.Query, ListQuery.Everything));
        board.WaitForElement($"[data-id='{deal.Id}']");

        var outcome = await board.InvokeAsync(() => board.Instance.DropAsync(deal.Id, "Proposal", null, null));

        Assert.Equal("done", outcome);
        Assert.NotNull(board.Find($"[data-stage=Proposal] [data-id='{deal.Id}']"));
        Assert.Equal(["0.00", "0.00", "10000.00", "0.00"], board.FindAll("[data-testid=column-total]").Select(total => total.GetAttribute("data-value")));
        Assert.Equal(["0.00", "0.00", "5000.00", "0.00"], board.FindAll("[data-testid=column-weighted]").Select(total => total.GetAttribute("data-value")));
        Assert.Equal("« IRM du CHU de Nantes » déplacée en Proposition", Services.GetRequiredService<Toasts>().Current!.Text);
    }

    [Fact]
    public async Task A_card_that_leaves_the_filter_is_told_of_in_its_new_column()
    {
        var deal = await World.OpportunityAsync();
        var board = Render<PipelineBoard>(parameters => parameters.Add(b => b.Query, ListQuery.Everything.With(ListFilter.Between("probability", "0", "20"))));
        board.WaitForElement($"[data-id='{deal.Id}']");

        await board.InvokeAsync(() => board.Instance.DropAsync(deal.Id, "Proposal", null, null));

        Assert.Contains("1 affaire masquée par le filtre", board.Find("[data-stage=Proposal] [data-testid=masked]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loss_asks_for_its_reason_in_place_before_anything_moves()
    {
        var deal = await World.OpportunityAsync();
        var board = Render<PipelineBoard>(parameters => parameters.Add(b => b.Query, ListQuery.Everything));
        board.WaitForElement($"[data-id='{deal.Id}']");

        var outcome = await board.InvokeAsync(() => board.Instance.DropAsync(deal.Id, "ClosedLost", null, null));
        await board.Find("[data-testid=move-popover] form").SubmitAsync();

        Assert.Equal("asking", outcome);
        Assert.Equal("Indiquez le motif de la perte.", board.Find("[data-testid=error-LossReason]").TextContent);
        Assert.NotNull(board.Find($"[data-stage=Prospecting] [data-id='{deal.Id}']"));

        board.Find("[data-testid=lost-reason]").Change(nameof(LossReason.Price));
        await board.Find("[data-testid=move-popover] form").SubmitAsync();

        Assert.Empty(board.FindAll($"[data-id='{deal.Id}']"));
        Assert.Equal("« IRM du CHU de Nantes » perdue", Services.GetRequiredService<Toasts>().Current!.Text);
    }

    [Fact]
    public async Task A_checklist_is_answered_in_the_same_popover()
    {
        var stage = (await World.As(World.Admin).Get<Stages>().ListAsync()).Single(s => s.Code == "Proposal");
        await World.Get<Stages>().ConfigureAsync(stage.Id, stage.Settings() with { Requirements = [Requirement.Source] }, stage.Version);
        World.As(World.Claire);
        var deal = await World.OpportunityAsync();
        var board = Render<PipelineBoard>(parameters => parameters.Add(b => b.Query, ListQuery.Everything));
        board.WaitForElement($"[data-id='{deal.Id}']");

        Assert.Equal("asking", await board.InvokeAsync(() => board.Instance.DropAsync(deal.Id, "Proposal", null, null)));
        Assert.Empty(board.FindAll("[data-testid=field-ForceReason]"));
        board.Find("[data-testid=field-Source]").Change(nameof(OpportunitySource.Tender));
        await board.Find("[data-testid=move-popover] form").SubmitAsync();

        Assert.NotNull(board.Find($"[data-stage=Proposal] [data-id='{deal.Id}']"));
    }

    // Written straight into the database, as by another process: this board still shows the former version.
    private async Task ChangeAsideAsync(Opportunity deal)
    {
        await using var db = World.Open();
        await db.Opportunities.Where(o => o.Id == deal.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Version, Guid.NewGuid()));
    }
}
