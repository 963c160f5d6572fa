using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MedCrm.Web.Sales;

/// <summary>The board of open deals: loads, moves, asks what a move needs, and follows what colleagues do.</summary>
public sealed partial class PipelineBoard
{
    private readonly Dictionary<Guid, int> _shown = [];
    private readonly Dictionary<Guid, Guid> _masked = [];
    private readonly Queue<(string Function, Guid? CardId)> _afterDrawing = [];
    private IReadOnlyList<StageRow> _stages = [];
    private ListQuery? _loaded;
    private BoardView? _view;
    private ElementReference _board;
    private Script? _script;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<PipelineBoard>? _self;
    private Follower _follower = null!;
    private bool _mayEdit;
    private bool _loadingMore;
    private bool _stale;
    private int _acting;
    private int _turn;
    private int _drawnTurn;
    private int _drawing;
    private Menu? _menu;
    private Asking? _asking;
    private BoardCard? _snoozing;

    [Inject] public required Board Board { get; init; }
    [Inject] public required Opportunities Opportunities { get; init; }
    [Inject] public required Stages Stages { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required Acts Acts { get; init; }
    [Inject] public required IJSRuntime JS { get; init; }

    /// <summary>Which deals are asked for.</summary>
    [Parameter, EditorRequired] public ListQuery Query { get; set; } = ListQuery.Everything;

    /// <summary>The figures of the whole board, each time they are known anew.</summary>
    [Parameter] public EventCallback<BoardView> OnLoaded { get; set; }

    /// <summary>Somebody wants a new deal in a stage.</summary>
    [Parameter] public EventCallback<Guid> OnNew { get; set; }

    /// <summary>Somebody wants to see what the filter hides.</summary>
    [Parameter] public EventCallback OnShowAll { get; set; }

    /// <summary>A card was put down in a column or on a closing zone. Tells the script what became of it: done, refused, or asking for more.</summary>
    [JSInvokable]
    public async Task<string> DropAsync(Guid cardId, string stageCode, Guid? underId, Guid? aboveId)
    {
        if (_view?.Find(cardId) is not { } card || _stages.FirstOrDefault(stage => stage.Code == stageCode) is not { } stage)
        {
            Toasts.Refuse(T["Cette affaire n'est plus sur le tableau."]);
            return "refused";
        }

        return await MoveAsync(new Move(card, stage, new CardPlace(underId, aboveId), FromHand: true));
    }

    /// <summary>The menu of a card was asked for; <paramref name="onlyStages"/> keeps « Déplacer vers… ».</summary>
    [JSInvokable]
    public void OpenMenu(Guid cardId, bool onlyStages)
    {
        if (_view?.Find(cardId) is { } card && _mayEdit)
        {
            (_menu, _asking, _snoozing) = (new Menu(card, onlyStages), null, null);
            StateHasChanged();
        }
    }

    /// <summary>Escape, or a click outside: whatever stands open goes, and a card that was waiting returns to its place.</summary>
    [JSInvokable]
    public async Task DismissAsync()
    {
        var asking = _asking;
        (_menu, _asking, _snoozing) = (null, null, null);
        StateHasChanged();
        if (asking is { Move.FromHand: true })
        {
            await TellAsync("giveBack", asking.Move.Card.Id);
        }

        await TellAsync("focusCard", asking?.Move.Card.Id);
        await RefreshIfStaleAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _follower?.Dispose();
        if (_watch is not null)
        {
            await TellAsync("leave");
            try
            {
                await _watch.DisposeAsync();
            }
            catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
            {
                // The browser has left, and its listeners with it.
            }
        }

        if (_script is not null)
        {
            await _script.DisposeAsync();
        }

        _self?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, Concerns, RefreshSoonAsync, InvokeAsync, DispatchExceptionAsync);
        _mayEdit = (await CurrentUser.GetAsync(_follower.Left)).May(Right.EditSales);
        _stages = await Stages.ListAsync(_follower.Left);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Query.ToString() != _loaded?.ToString())
        {
            _loaded = Query;
            _masked.Clear();
            _shown.Clear();
            await ReloadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_view is not null && _script is null)
        {
            _script = new Script(JS, "./Sales/PipelineBoard.razor.js");
            _self = DotNetObjectReference.Create(this);
            _watch = await _script.OpenAsync("watch", _board, _self, _mayEdit);
            if (_follower.Left.IsCancellationRequested)
            {
                // The person left while the script was on its way: nobody else will stop it.
                await TellAsync("leave");
            }
        }

        while (_afterDrawing.TryDequeue(out var call))
        {
            await TellAsync(call.Function, call.CardId);
        }
    }

    private static bool Concerns(CommittedChange change)
        => change.Touches(nameof(Opportunity)) || change.Touches(nameof(Stage)) || change.Touches(nameof(FollowUpTask)) || change.Touches(nameof(Institution));

    // No refresh takes a card from under a hand or a question from under the eyes.
    private async Task RefreshSoonAsync(CancellationToken cancellationToken)
    {
        _stale = true;
        await IdleAsync(cancellationToken);
        if (_asking is null && _menu is null && _snoozing is null && _acting == 0)
        {
            await RefreshIfStaleAsync();
        }
    }

    private async Task RefreshIfStaleAsync()
    {
        if (_stale)
        {
            _stages = await Stages.ListAsync(_follower.Left);
            await ReloadAsync();
        }
    }

    private async Task IdleAsync(CancellationToken cancellationToken)
    {
        if (_watch is null)
        {
            return;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeSpan.FromMinutes(10));
            await _watch.InvokeVoidAsync("idle", patience.Token);
        }
        catch (JSDisconnectedException)
        {
            // The browser has left: nobody is dragging.
        }
    }

    private async Task ReloadAsync()
    {
        var turn = ++_turn;
        _stale = false;
        _follower.CatchUp();
        var view = await Board.LoadAsync(Query, _shown, _follower.Left);
        foreach (var id in _masked.Keys.ToList())
        {
            if (await Board.ShowsAsync(id, Query, _follower.Left))
            {
                _masked.Remove(id);
            }
        }

        if (turn > _drawnTurn)
        {
            (_drawnTurn, _view) = (turn, view);
            StateHasChanged();
            await OnLoaded.InvokeAsync(view);
        }
    }

    private async Task<string> MoveAsync(Move move)
    {
        _acting++;
        try
        {
            if (move.Stage.Outcome is not StageOutcome.Open)
            {
                return await AskAsync(move);
            }

            var done = await Opportunities.MoveAsync(move.Card.Id, move.Stage.Id, move.Card.Version, move.Place);
            await LandedAsync(move, done);
            return "done";
        }
        catch (StageGateException)
        {
            return await AskAsync(move);
        }
        catch (BusinessRuleException refusal)
        {
            return await RefusedAsync(refusal);
        }
        finally
        {
            _acting--;
        }
    }

    private async Task<string> AskAsync(Move move)
    {
        try
        {
            _asking = new Asking(move, await Opportunities.PreviewMoveAsync(move.Card.Id, move.Stage.Id));
            StateHasChanged();
            return "asking";
        }
        catch (BusinessRuleException refusal)
        {
            return await RefusedAsync(refusal);
        }
    }

    private async Task<string> RefusedAsync(BusinessRuleException refusal)
    {
        _drawing++;
        Toasts.Refuse(T.Of(refusal));
        await ReloadAsync();
        return "refused";
    }

    private async Task ConfirmAsync(Asking asking, MoveTerms terms)
    {
        var move = asking.Move;
        _acting++;
        try
        {
            var done = await Opportunities.MoveAsync(move.Card.Id, move.Stage.Id, move.Card.Version, move.Place, terms);
            _asking = null;
            await LandedAsync(move, done);
            TellAfterDrawing("settle", move.Card.Id);
            TellAfterDrawing("focusCard", move.Card.Id);
        }
        catch (StaleRecordException refusal)
        {
            await DismissAsync();
            await RefusedAsync(refusal);
        }
        finally
        {
            _acting--;
        }
    }

    private async Task LandedAsync(Move move, Done done)
    {
        _drawing++;
        if (move.Stage.Outcome is StageOutcome.Open && Query.IsFiltered && !await Board.ShowsAsync(move.Card.Id, Query))
        {
            _masked[move.Card.Id] = move.Stage.Id;
        }

        await ReloadAsync();
        Toasts.Show(done);
    }

    private int MaskedIn(BoardColumn column)
        => _masked.Values.Count(stageId => stageId == column.StageId || (column == _view!.Columns[0] && _view.Columns.All(other => other.StageId != stageId)));

    private async Task MoveFromMenuAsync(BoardCard card, StageRow stage)
    {
        _menu = null;
        if (await MoveAsync(new Move(card, stage, Place: null, FromHand: false)) is not "asking")
        {
            TellAfterDrawing("focusCard", card.Id);
        }
    }

    private void AskSnooze(BoardCard card) => (_menu, _snoozing) = (null, card);

    private async Task SnoozeAsync(BoardCard card, DateOnly until, string? reason)
    {
        var done = await Opportunities.SnoozeAsync(card.Id, until, reason, card.Version);
        _snoozing = null;
        await ReloadAsync();
        Toasts.Show(done);
        TellAfterDrawing("focusCard", card.Id);
    }

    private async Task ActAsync(Func<Task<Done>> act)
    {
        _menu = null;
        if (!await Acts.DoAsync(act))
        {
            _drawing++;
        }

        await ReloadAsync();
    }

    private Task NewAsync(BoardColumn column) => OnNew.InvokeAsync(column.StageId);

    private async Task ShowMoreAsync(BoardColumn column)
    {
        _loadingMore = true;
        try
        {
            _shown[column.StageId] = column.Cards.Count + Board.CardsAtFirst;
            await ReloadAsync();
        }
        finally
        {
            _loadingMore = false;
        }
    }

    // The database answers without ever yielding, so a handler may end before anything it changed is drawn.
    private void TellAfterDrawing(string function, Guid cardId)
    {
        _afterDrawing.Enqueue((function, cardId));
        StateHasChanged();
    }

    private async Task TellAsync(string function, params object?[] arguments)
    {
        if (_watch is null)
        {
            return;
        }

        try
        {
            await _watch.InvokeVoidAsync(function, arguments);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The browser has left: there is nothing to tell it.
        }
    }

    private sealed record Move(BoardCard Card, StageRow Stage, CardPlace? Place, bool FromHand);

    private sealed record Menu(BoardCard Card, bool OnlyStages);

    private sealed record Asking(Move Move, MovePreview Preview);
}
