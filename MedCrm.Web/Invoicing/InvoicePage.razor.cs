using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Invoicing;

/// <summary>The page of an invoice: a draft is written here and issued; what is issued shows what was paid of it.</summary>
public sealed partial class InvoicePage
{
    private readonly FormState _issueForm = new();
    private readonly FormState _disputeForm = new();
    private Follower _follower = null!;
    private InvoiceSheet? _sheet;
    private InvoiceForm? _draft;
    private Guid _draftKey;
    private Question? _asking;
    private DateOnly _issuedOn;
    private string? _reason;
    private Guid _shownId;
    private bool _missing;
    private bool _mayEdit;

    private enum Question
    {
        Issue,
        Dispute,
    }

    [Inject] public required InvoiceSheets Sheets { get; init; }
    [Inject] public required Invoices Invoices { get; init; }
    [Inject] public required InvoicePrints Prints { get; init; }
    [Inject] public required InvoiceList List { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Panels Panels { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required Acts Acts { get; init; }
    [Inject] public required ScreenTime Time { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery] public string? Tab { get; set; }

    private IReadOnlyList<Kit.Tab> Rubrics => [new("overview", IsDraft ? T["Brouillon"] : T["Facture"]), new("document", T["Document"]), new("history", T["Historique"])];

    private string Shown => Tab is "document" or "history" ? Tab : "overview";

    private bool IsDraft => _sheet?.Number is null;

    private int Late => _sheet is { Balance: > 0, DueOn: { } due } ? Time.Today.DayNumber - due.DayNumber : 0;

    private string DueNote => _sheet switch
    {
        { Balance: 0, SettledOn: { } settled } => T["soldée le {0}", Time.Day(settled)],
        _ when Late > 0 => Late == 1 ? T["1 jour de retard"] : T["{0} jours de retard", Late],
        _ when Late == 0 => T["aujourd'hui"],
        _ => T["dans {0} j", -Late],
    };

    /// <inheritdoc/>
    public void Dispose() => _follower?.Dispose();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, change => change.Concerns(Id), LoadAsync, InvokeAsync, DispatchExceptionAsync);
        _mayEdit = (await CurrentUser.GetAsync(_follower.Left)).May(Right.EditInvoices);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shownId != Id)
        {
            (_shownId, _sheet, _asking) = (Id, null, null);
            await LoadAsync(_follower.Left);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _follower.CatchUp();
        _sheet = await Sheets.FindAsync(Id, cancellationToken);
        _missing = _sheet is null;
        // What is being typed stays, and joins what others saved when it is saved in its turn.
        _draftKey = _draft is { IsTouched: true } && _sheet is { Number: null } ? _draftKey : _sheet?.Version ?? Guid.Empty;
        StateHasChanged();
    }

    // What was typed is part of what is issued.
    private async Task AskToIssueAsync()
    {
        if (_draft is null || await _draft.SaveIfTouchedAsync())
        {
            _issueForm.Clear();
            (_issuedOn, _asking) = (Time.Today, Question.Issue);
        }
    }

    private async Task IssueAsync()
    {
        var done = await Invoices.IssueAsync(Id, _sheet!.Version, _issuedOn);
        _asking = null;
        await ShowAsync(done);
        await PrintAsync();
    }

    // Issued it is, printed or not: what keeps it from being printed is told, and the next who opens it tries again.
    private async Task PrintAsync()
    {
        try
        {
            if (await Prints.KeepAsync(Id))
            {
                await LoadAsync(_follower.Left);
            }
        }
        catch (BusinessRuleException refusal)
        {
            Toasts.Refuse(T.Of(refusal));
        }
        catch (OperationCanceledException)
        {
            // The person left the page: the night prints it.
        }
    }

    private async Task DisputeAsync()
    {
        var done = await Invoices.DisputeAsync(Id, _reason, _sheet!.Version);
        (_asking, _reason) = (null, null);
        await ShowAsync(done);
    }

    private Task SettleAsync() => ActAsync(async () => await ShowAsync(await Invoices.SettleDisputeAsync(Id, _sheet!.Version)));

    private Task CreditAsync() => OpenAsync(() => Invoices.CreditAsync(Id));

    private Task DuplicateAsync() => OpenAsync(() => Invoices.DuplicateAsync(Id));

    private async Task PayAsync() => await Panels.OpenAsync<PaymentPanel>((nameof(PaymentPanel.InstitutionId), _sheet!.Details.InstitutionId), (nameof(PaymentPanel.InvoiceId), Id));

    private async Task SendAsync() => await Panels.OpenAsync<SendInvoicePanel>((nameof(SendInvoicePanel.InvoiceId), Id), (nameof(SendInvoicePanel.Number), _sheet!.Number));

    private async Task DeleteAsync()
    {
        if (await Acts.DoAsync(() => Invoices.DeleteAsync(Id, _sheet!.Version)))
        {
            Navigation.NavigateTo("/invoices");
        }
    }

    private Task OpenAsync(Func<Task<Done>> act) => ActAsync(async () =>
    {
        var done = await act();
        Toasts.Show(done);
        Navigation.NavigateTo($"/invoices/{done.RecordId}");
    });

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
