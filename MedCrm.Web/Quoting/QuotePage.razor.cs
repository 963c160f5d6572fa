using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Quoting;

/// <summary>The page of one version of a quote: written while it is a draft, read from the day it leaves.</summary>
public sealed partial class QuotePage
{
    private const int MoreDays = 15;

    private Follower _follower = null!;
    private QuoteEditor? _editor;
    private QuoteSheet? _sheet;
    private Guid _shownId;
    private bool _missing;
    private bool _mayEdit;
    private bool _showsPreview;
    private bool _seeksPreview;
    private ElementReference _preview;

    [Inject] public required Quotes Quotes { get; init; }
    [Inject] public required QuoteSheets Sheets { get; init; }
    [Inject] public required QuoteList List { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Panels Panels { get; init; }
    [Inject] public required Acts Acts { get; init; }
    [Inject] public required ScreenTime Time { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery] public string? Tab { get; set; }

    private IReadOnlyList<Kit.Tab> Rubrics => [new("quote", T["Devis"]), new("documents", T["Documents"]), new("timeline", T["Chronologie"]), new("history", T["Historique"])];

    private string Shown => Tab is "documents" or "timeline" or "history" ? Tab : "quote";

    /// <inheritdoc/>
    public void Dispose() => _follower?.Dispose();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, change => change.Concerns(Id), FollowAsync, InvokeAsync, DispatchExceptionAsync);
        _mayEdit = (await CurrentUser.GetAsync(_follower.Left)).May(Right.EditQuotes);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shownId != Id)
        {
            (_shownId, _sheet, _missing) = (Id, null, false);
            await LoadAsync(_follower.Left);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Below the lines on most screens: it comes into sight when it is asked for.
        if (_seeksPreview)
        {
            _seeksPreview = false;
            await _preview.FocusAsync();
        }
    }

    private void TogglePreview() => _seeksPreview = _showsPreview = !_showsPreview;

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _follower.CatchUp();
        var id = Id;
        var sheet = await Sheets.FindAsync(id, cancellationToken);
        if (id == Id)
        {
            (_sheet, _missing) = (sheet, sheet is null);
            StateHasChanged();
        }
    }

    // One's own saves come back as news too: the editor knows them by their version.
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        if (_sheet is { IsDraft: true } sheet && _editor is not null)
        {
            await _editor.FollowAsync(sheet);
        }
    }

    private async Task SavedAsync(Guid version)
    {
        if (version == Guid.Empty)
        {
            await LoadAsync(_follower.Left);
        }
    }

    // The version that the editor's last save gave: what stands in the page may be older by a moment.
    private Guid Seen => IsWriting ? _editor!.Version : _sheet!.Version;

    private bool IsWriting => _sheet is { IsDraft: true } && _mayEdit && Shown == "quote" && _editor is not null;

    private Task<bool> ExtendAsync() => Acts.DoAsync(() => Quotes.ExtendAsync(Id, Later(_sheet!.Details.ValidUntil).AddDays(MoreDays), Seen));

    private DateOnly Later(DateOnly day) => day < Time.Today ? Time.Today : day;

    private Task<Guid?> AcceptAsync() => Panels.OpenAsync<PaperAcceptancePanel>(
        (nameof(PaperAcceptancePanel.QuoteId), Id),
        (nameof(PaperAcceptancePanel.SeenVersion), Seen),
        (nameof(PaperAcceptancePanel.Options), _sheet!.Details.Lines.Where(line => line is { Kind: LineKind.Item, IsOption: true }).ToList()));

    private Task<Guid?> RefuseAsync() => Panels.OpenAsync<RefuseQuotePanel>((nameof(RefuseQuotePanel.QuoteId), Id), (nameof(RefuseQuotePanel.SeenVersion), Seen));

    private Task NewVersionAsync() => GoAsync(() => Quotes.NewVersionAsync(Id, Seen));

    private async Task DuplicateAsync()
    {
        if (await WrittenAsync())
        {
            await GoAsync(() => Quotes.DuplicateAsync(Id));
        }
    }

    // What leaves or is copied is what is stored: the editor stores what waits first.
    private Task<bool> WrittenAsync() => IsWriting ? _editor!.WriteAsync() : Task.FromResult(true);

    private async Task DeleteAsync()
    {
        var wasFirst = _sheet!.VersionNumber == 1;
        Done? done = null;
        if (await Acts.DoAsync(async () => done = await Quotes.DeleteAsync(Id, Seen)))
        {
            Navigation.NavigateTo(wasFirst ? "/quotes" : $"/quotes/{done!.RecordId}");
        }
    }

    private async Task GoAsync(Func<Task<Done>> act)
    {
        Done? done = null;
        if (await Acts.DoAsync(async () => done = await act()))
        {
            Navigation.NavigateTo($"/quotes/{done!.RecordId}");
        }
    }
}
