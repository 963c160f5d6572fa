using MedCrm.Core.Access;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MedCrm.Web.Sales;

/// <summary>The page of a deal: where it stands, what comes next, what it is made of. A click on a stage moves it, under the rules of the board.</summary>
public sealed partial class OpportunityPage
{
    private IReadOnlyList<StageRow> _stages = [];
    private Follower _follower = null!;
    private OpportunitySheet? _sheet;
    private MovePreview? _asking;
    private Guid _shownId;
    private bool _missing;
    private bool _mayEdit;
    private bool _mayContract;
    private bool _snoozing;

    [Inject] public required OpportunitySheets Sheets { get; init; }
    [Inject] public required Opportunities Opportunities { get; init; }
    [Inject] public required Stages Stages { get; init; }
    [Inject] public required OpportunityList List { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Panels Panels { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required Acts Acts { get; init; }
    [Inject] public required ScreenTime Time { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery] public string? Tab { get; set; }

    private IReadOnlyList<Kit.Tab> Rubrics => [new("overview", T["Aperçu"]), new("documents", T["Documents"]), new("timeline", T["Chronologie"]), new("history", T["Historique"])];

    private string Shown => Tab is "documents" or "timeline" or "history" ? Tab : "overview";

    /// <inheritdoc/>
    public void Dispose() => _follower?.Dispose();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, change => change.Concerns(Id) || change.Touches(nameof(Stage)), LoadAsync, InvokeAsync, DispatchExceptionAsync);
        var actor = await CurrentUser.GetAsync(_follower.Left);
        (_mayEdit, _mayContract) = (actor.May(Right.EditSales), actor.May(Right.EditContracts));
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shownId != Id)
        {
            (_shownId, _sheet, _asking, _snoozing) = (Id, null, null, false);
            await LoadAsync(_follower.Left);
        }
    }

    private static string? ClassOf(StageRow stage, OpportunitySheet sheet) => stage.Id == sheet.Stage.Id
        ? stage.Outcome switch { StageOutcome.Won => "won", StageOutcome.Lost => "lost", _ => null }
        : sheet.Stage.Outcome is StageOutcome.Open && stage.Outcome is StageOutcome.Open && sheet.Passages.Any(passage => passage.StageId == stage.Id) ? "done" : null;

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _follower.CatchUp();
        _stages = await Stages.ListAsync(cancellationToken);
        _sheet = await Sheets.FindAsync(Id, cancellationToken);
        _missing = _sheet is null;
        StateHasChanged();
    }

    private async Task MoveAsync(StageRow stage)
    {
        if (_sheet is not { } sheet || stage.Id == sheet.Stage.Id || Acts.IsActing)
        {
            return;
        }

        (_asking, _snoozing) = (null, false);
        await ActAsync(async () =>
        {
            if (stage.Outcome is not StageOutcome.Open)
            {
                _asking = await Opportunities.PreviewMoveAsync(Id, stage.Id);
                return;
            }

            try
            {
                await ShowAsync(await Opportunities.MoveAsync(Id, stage.Id, sheet.Version));
            }
            catch (StageGateException)
            {
                _asking = await Opportunities.PreviewMoveAsync(Id, stage.Id);
            }
        });
    }

    private async Task ConfirmAsync(MovePreview asking, MoveTerms terms)
    {
        var done = await Opportunities.MoveAsync(Id, asking.Destination.Id, _sheet!.Version, terms: terms);
        _asking = null;
        await ShowAsync(done);
    }

    private async Task SnoozeAsync(DateOnly until, string? reason)
    {
        var done = await Opportunities.SnoozeAsync(Id, until, reason, _sheet!.Version);
        _snoozing = false;
        await ShowAsync(done);
    }

    private async Task SaveLinesAsync(IReadOnlyList<OpportunityLineDetails> lines, Guid seenVersion) => await ShowAsync(await Opportunities.SetLinesAsync(Id, lines, seenVersion));

    private Task SaveContactsAsync(IReadOnlyCollection<Guid> contactIds) => ActAsync(async () => await ShowAsync(await Opportunities.SetContactsAsync(Id, contactIds, _sheet!.Version)));

    private async Task EditAsync() => await Panels.OpenAsync<EditOpportunityPanel>((nameof(EditOpportunityPanel.OpportunityId), Id), (nameof(EditOpportunityPanel.Seen), _sheet!.Details), (nameof(EditOpportunityPanel.HasLines), _sheet.Lines.Count > 0));

    private async Task DeleteAsync()
    {
        if (await Acts.DoAsync(() => Opportunities.DeleteAsync(Id, _sheet!.Version)))
        {
            Navigation.NavigateTo("/opportunities");
        }
    }

    private void CloseOnEscape(KeyboardEventArgs args)
    {
        if (args.Key == "Escape")
        {
            (_asking, _snoozing) = (null, false);
        }
    }

    // A gesture that cannot wait for a form: a refusal is told in a toast, and the page shows what stands.
    private async Task ActAsync(Func<Task> act)
    {
        if (!await Acts.RunAsync(act))
        {
            await LoadAsync(_follower.Left);
        }
    }

    private async Task ShowAsync(Done done)
    {
        await LoadAsync(_follower.Left);
        Toasts.Show(done);
    }
}
