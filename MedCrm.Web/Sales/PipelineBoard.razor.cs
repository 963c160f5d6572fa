using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Boards;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Sales;

/// <summary>The board of open deals: loads, moves, asks what a move needs, and follows what colleagues do.</summary>
public sealed partial class PipelineBoard
{
    private readonly Dictionary<Guid, int> _shown = [];
    private readonly Dictionary<Guid, Guid> _masked = [];
    private IReadOnlyList<StageRow> _stages = [];
    private ListQuery? _loaded;
    private BoardView? _view;
    private BoardFrame? _frame;
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

    /// <summary>Which deals are asked for.</summary>
    [Parameter, EditorRequired] public ListQuery Query { get; set; } = ListQuery.Everything;

    /// <summary>The figures of the whole board, each time they are known anew.</summary>
    [Parameter] public EventCallback<BoardView> OnLoaded { get; set; }

    /// <summary>Somebody wants a new deal in a stage.</summary>
    [Parameter] public EventCallback<Guid> OnNew { get; set; }

    /// <summary>Somebody wants to see what the filter hides.</summary>
    [Parameter] public EventCallback OnShowAll { get; set; }

    /// <summary>A card was put down in a column or on a closing zone. Tells the script what became of it: done, refused, or asking for more.</summary>
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
    public void OpenMenu(Guid cardId, bool onlyStages)
    {
        if (_view?.Find(cardId) is { } card && _mayEdit)
        {
            (_menu, _asking, _snoozing) = (new Menu(card, onlyStages), null, null);
            StateHasChanged();
        }
    }

    /// <summary>Escape, or a click outside: whatever stands open goes, and a card that was waiting returns to its place.</summary>
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
    public void Dispose() => _follower?.Dispose();

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

    private static bool Concerns(CommittedChange change)
        => change.Touches(nameof(Opportunity)) || change.Touches(nameof(Stage)) || change.Touches(nameof(FollowUpTask)) || change.Touches(nameof(Institution));

    // No refresh takes a card from under a hand or a question from under the eyes.
    private async Task RefreshSoonAsync(CancellationToken cancellationToken)
    {
        _stale = true;
        await (_frame?.IdleAsync(cancellationToken) ?? Task.CompletedTask);
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

    private void TellAfterDrawing(string function, Guid cardId)
    {
        _frame?.TellAfterDrawing(function, cardId);
        StateHasChanged();
    }

    private Task TellAsync(string function, Guid? cardId) => _frame?.TellAsync(function, cardId) ?? Task.CompletedTask;

    private sealed record Move(BoardCard Card, StageRow Stage, CardPlace? Place, bool FromHand);

    private sealed record Menu(BoardCard Card, bool OnlyStages);

    private sealed record Asking(Move Move, MovePreview Preview);
}
