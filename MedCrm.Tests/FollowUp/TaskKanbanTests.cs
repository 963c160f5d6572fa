using Bunit;
using MedCrm.Core.Access;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using MedCrm.Web.FollowUp;
using MedCrm.Web.Kit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.FollowUp;

public sealed class TaskKanbanTests : WorldScreenTests
{
    [Fact]
    public async Task A_drop_changes_the_status_and_the_counts_together()
    {
        var task = await World.TaskAsync();
        var board = Board();

        Assert.Equal("done", await DropAsync(board, task.Id, "InProgress"));

        Assert.NotNull(board.Find($"[data-stage=InProgress] [data-id='{task.Id}']"));
        Assert.Equal(["0", "1", "0"], Counts(board));
        Assert.Equal("Tâche « Rappeler Dr Renaud » en cours", Toast());
    }

    [Fact]
    public async Task A_refused_drop_says_why_and_the_card_stands_where_the_database_says()
    {
        var task = await World.TaskAsync();
        var board = Board();
        await using (var db = World.Open())
        {
            await db.FollowUpTasks.Where(t => t.Id == task.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.Version, Guid.NewGuid()));
        }

        Assert.Equal("refused", await DropAsync(board, task.Id, "Done"));

        Assert.StartsWith("Cette fiche a été modifiée entre-temps", Toast(), StringComparison.Ordinal);
        Assert.NotNull(board.Find($"[data-stage=ToDo] [data-id='{task.Id}']"));
        Assert.Equal(["1", "0", "0"], Counts(board));
    }

    [Fact]
    public async Task A_task_given_up_leaves_the_board_and_one_that_comes_back_leaves_its_next_time()
    {
        var given = await World.TaskAsync(with: details => details with { Title = "À laisser" });
        var series = (await World.Get<FollowUpTasks>().CreateAsync(new FollowUpTaskDetails { Title = "Chaque jour", DueOn = new DateOnly(2026, 11, 21) }, rule: Recurrence.From(new DateOnly(2026, 11, 21), RecurrenceKind.Daily))).RecordId;
        var board = Board();

        await DropAsync(board, given.Id, "Cancelled");
        Assert.Empty(board.FindAll($"[data-id='{given.Id}']"));
        await DropAsync(board, series, "Done");

        Assert.NotNull(board.Find($"[data-stage=Done] [data-id='{series}']"));
        Assert.Equal(["1", "0", "1"], Counts(board));
        Assert.Equal("Tâche « Chaque jour » terminée, prochaine fois le 22/11/2026", Toast());
    }

    [Fact]
    public async Task The_board_shows_what_one_sees_under_the_filters_of_the_list_and_what_was_finished_lately()
    {
        await World.TaskAsync(with: details => details with { Title = "Mienne" });
        await World.TaskAsync(World.Paul, details => details with { Title = "À Paul" });
        await World.TaskAsync(World.Lea, details => details with { Title = "À Léa" });
        var old = await World.TaskAsync(with: details => details with { Title = "Finie il y a longtemps" });
        await World.Get<FollowUpTasks>().CompleteAsync(old.Id, null);
        World.Time.Advance(TimeSpan.FromDays(14));
        var recent = await World.TaskAsync(with: details => details with { Title = "Finie hier" });
        await World.Get<FollowUpTasks>().CompleteAsync(recent.Id, null);
        World.Time.Advance(TimeSpan.FromDays(1));
        var list = World.Get<TaskList>();

        Assert.Equal(["À Paul", "Mienne", "Finie hier"], await CardsAsync("?todo=true"));
        Assert.Equal(["Mienne", "Finie hier"], await CardsAsync("?owner=me"));
        Assert.Equal(["Finie hier"], await CardsAsync("?status=Done"));

        async Task<IEnumerable<string>> CardsAsync(string address)
            => (await World.Get<TaskBoard>().LoadAsync(ListQuery.Parse(address, list.Definition))).Columns.SelectMany(column => column.Cards.Select(card => card.Title).Order(StringComparer.CurrentCulture));
    }

    [Fact]
    public async Task A_long_column_shows_its_first_cards_then_more()
    {
        await World.SaveAsync(db =>
        {
            for (var i = 0; i < TaskBoard.CardsAtFirst + 5; i++)
            {
                db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = $"Appel {i}", OwnerId = World.Claire.Id }, World.Claire, World.Now()));
            }
        });
        var board = Board();
        Assert.Equal((60, "65"), (board.FindAll("[data-testid=board-card]").Count, Counts(board).First()));

        await board.Find(".column-more button").ClickAsync();

        board.WaitForAssertion(() => Assert.Equal(65, board.FindAll("[data-testid=board-card]").Count));
    }

    [Fact]
    public async Task Deleting_a_time_of_a_series_asks_what_is_meant()
    {
        var id = (await World.Get<FollowUpTasks>().CreateAsync(new FollowUpTaskDetails { Title = "Chaque jour", DueOn = new DateOnly(2026, 11, 21) }, rule: Recurrence.From(new DateOnly(2026, 11, 21), RecurrenceKind.Daily))).RecordId;
        var board = Board();
        await board.InvokeAsync(() => board.Instance.OpenMenu(id, onlyStages: false));
        var asked = board.Find("[data-testid=delete]").ClickAsync();

        await board.WaitForElement("[data-testid=whole-series]").ClickAsync();
        await asked;

        board.WaitForAssertion(() => Assert.Equal(["0", "0", "0"], Counts(board)));
        Assert.Equal("Série « Chaque jour » supprimée", Toast());
    }

    private IRenderedComponent<TaskKanban> Board()
    {
        var board = Render<TaskKanban>(parameters => parameters.Add(b => b.Query, ListQuery.Everything));
        board.WaitForElement("[data-testid=board]");
        return board;
    }

    private static Task<string> DropAsync(IRenderedComponent<TaskKanban> board, Guid id, string status) => board.InvokeAsync(() => board.Instance.DropAsync(id, status, null, null));

    private static IEnumerable<string?> Counts(IRenderedComponent<TaskKanban> board) => board.FindAll("[data-testid=column-count]").Select(count => count.GetAttribute("data-value"));

    private string Toast() => Services.GetRequiredService<Toasts>().Current!.Text;
}
