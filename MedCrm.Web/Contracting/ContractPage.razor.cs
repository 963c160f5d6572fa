using MedCrm.Core.Access;
using MedCrm.Core.Contracting;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Contracting;

/// <summary>The page of a contract: where it stands in its term, what it brings, what is to be done before its deadlines.</summary>
public sealed partial class ContractPage
{
    private Follower _follower = null!;
    private ContractSheet? _sheet;
    private Guid _shownId;
    private bool _missing;
    private bool _mayEdit;

    [Inject] public required ContractSheets Sheets { get; init; }
    [Inject] public required Contracts Contracts { get; init; }
    [Inject] public required ContractLetters Letters { get; init; }
    [Inject] public required IndexRevisions Revisions { get; init; }
    [Inject] public required ContractList List { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Panels Panels { get; init; }
    [Inject] public required Acts Acts { get; init; }
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
        _follower = new Follower(News, change => change.Concerns(Id) || change.Touches(nameof(Invoice)), LoadAsync, InvokeAsync, DispatchExceptionAsync);
        _mayEdit = (await CurrentUser.GetAsync(_follower.Left)).May(Right.EditContracts);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shownId != Id)
        {
            (_shownId, _sheet) = (Id, null);
            await LoadAsync(_follower.Left);
        }
    }

    private static bool IsLive(ContractSheet sheet) => sheet.Status.IsLive();

    private string StatusText(ContractSheet sheet) => sheet switch
    {
        { Status: ContractStatus.Noticed } => T["Dénoncé, fin le {0}", FrenchText.FormatDay(sheet.Terms.EndsOn)],
        { Status: ContractStatus.Terminated, LastDay: { } day } => T["Résilié au {0}", FrenchText.FormatDay(day)],
        _ => T.Of(sheet.Status),
    };

    private string Reason(ContractSheet sheet)
        => sheet.EndReason is not { } reason ? "" : sheet.EndNote is { } note ? T["Motif : {0} ({1}).", T.Of(reason), note.TrimEnd('.')] : T["Motif : {0}.", T.Of(reason)];

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _follower.CatchUp();
        _sheet = await Sheets.FindAsync(Id, cancellationToken);
        _missing = _sheet is null;
        StateHasChanged();
    }

    private Task SignAsync(Guid? documentId) => ActAsync(() => Contracts.SignAsync(Id, documentId, _sheet!.Version));

    private async Task DeleteAsync()
    {
        if (await Acts.DoAsync(() => Contracts.DeleteAsync(Id, _sheet!.Version)))
        {
            Navigation.NavigateTo("/contracts");
        }
    }

    // A refusal is told in a toast, and the page shows what stands.
    private async Task ActAsync(Func<Task<Done>> act)
    {
        await Acts.DoAsync(act);
        await LoadAsync(_follower.Left);
    }
}
