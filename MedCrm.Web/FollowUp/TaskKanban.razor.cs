using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Boards;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.FollowUp;

/// <summary>The board of tasks: loads, moves, and follows what colleagues do.</summary>
public sealed partial class TaskKanban
{
    private readonly Dictionary<FollowUpStatus, int> _shown = [];
    private ListQuery? _loaded;
    private TaskBoardView? _view;
    private BoardFrame? _frame;
    private SeriesChoice? _choice;
    private Follower _follower = null!;
    private Menu? _menu;
    private bool _loadingMore;
    private bool _stale;
    private int _acting;
    private int _turn;
    private int _drawnTurn;
    private int _drawing;

    [Inject] public required TaskBoard Board { get; init; }
    [Inject] public required FollowUpTasks Tasks { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required Acts Acts { get; init; }

    /// <summary>Which tasks are asked for.</summary>
    [Parameter, EditorRequired] public ListQuery Query { get; set; } = ListQuery.Everything;

    /// <summary>What the board shows, each time it is known anew.</summary>
    [Parameter] public EventCallback<TaskBoardView> OnLoaded { get; set; }

    /// <summary>A card was put down in a column or on the zone of what is given up. Tells the script what became of it; where in the column says nothing, for cards stand by their day.</summary>
    public async Task<string> DropAsync(Guid cardId, string status, Guid? underId, Guid? aboveId)
    {
        if (_view?.Find(cardId) is not { } card || !Enum.TryParse<FollowUpStatus>(status, out var wanted))
        {
            Toasts.Refuse(T["Cette tâche n'est plus sur le tableau."]);
            return "refused";
        }

        return await MoveAsync(card, wanted);
    }

    /// <summary>The menu of a card was asked for; <paramref name="onlyStages"/> keeps « Déplacer vers… ».</summary>
    public void OpenMenu(Guid cardId, bool onlyStages)
    {
        if (_view?.Find(cardId) is { } card)
        {
            _menu = new Menu(card, onlyStages);
            StateHasChanged();
        }
    }

    /// <summary>Escape, or a click outside: the menu goes.</summary>
    public async Task DismissAsync()
    {
        _menu = null;
        StateHasChanged();
        await (_frame?.TellAsync("focusCard", (Guid?)null) ?? Task.CompletedTask);
        await RefreshIfStaleAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _follower?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized()
        => _follower = new Follower(News, change => change.Touches(nameof(FollowUpTask)), RefreshSoonAsync, InvokeAsync, DispatchExceptionAsync);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Query.ToString() != _loaded?.ToString())
        {
            _loaded = Query;
            _shown.Clear();
            await ReloadAsync();
        }
    }

    // No refresh takes a card from under a hand or a menu from under the eyes.
    private async Task RefreshSoonAsync(CancellationToken cancellationToken)
    {
        _stale = true;
        await (_frame?.IdleAsync(cancellationToken) ?? Task.CompletedTask);
        if (_menu is null && _acting == 0)
        {
            await RefreshIfStaleAsync();
        }
    }

    private Task RefreshIfStaleAsync() => _stale ? ReloadAsync() : Task.CompletedTask;

    private async Task ReloadAsync()
    {
        var turn = ++_turn;
        _stale = false;
        _follower.CatchUp();
        var view = await Board.LoadAsync(Query, _shown, _follower.Left);
        if (turn > _drawnTurn)
        {
            (_drawnTurn, _view) = (turn, view);
            StateHasChanged();
            await OnLoaded.InvokeAsync(view);
        }
    }

    private async Task<string> MoveAsync(TaskCard card, FollowUpStatus status)
    {
        _acting++;
        try
        {
            var done = await Tasks.MoveAsync(card.Id, status, card.Version);
            _drawing++;
            await ReloadAsync();
            Toasts.Show(done);
            return "done";
        }
        catch (BusinessRuleException refusal)
        {
            _drawing++;
            Toasts.Refuse(T.Of(refusal));
            await ReloadAsync();
            return "refused";
        }
        finally
        {
            _acting--;
        }
    }

    private async Task MoveFromMenuAsync(TaskCard card, FollowUpStatus status)
    {
        _menu = null;
        await MoveAsync(card, status);

        // The database answers without ever yielding: the focus moves once the card is drawn in its place.
        _frame?.TellAfterDrawing("focusCard", card.Id);
        StateHasChanged();
    }

    private async Task DeleteAsync(TaskCard card)
    {
        _menu = null;
        SeriesReach? reach = card is { IsRecurring: true, Status: FollowUpStatus.ToDo or FollowUpStatus.InProgress } ? await _choice!.AskToDeleteAsync() : SeriesReach.ThisTime;
        if (reach is { } chosen)
        {
            await Acts.DoAsync(() => Tasks.DeleteAsync(card.Id, chosen));
            await ReloadAsync();
        }
    }

    private async Task ShowMoreAsync(TaskColumn column)
    {
        _loadingMore = true;
        try
        {
            _shown[column.Status] = column.Cards.Count + TaskBoard.CardsAtFirst;
            await ReloadAsync();
        }
        finally
        {
            _loadingMore = false;
        }
    }

    private sealed record Menu(TaskCard Card, bool OnlyStages);
}
