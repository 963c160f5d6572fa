using MedCrm.Core.Access;
using MedCrm.Core.Automation;
using MedCrm.Core.Dunning;
using MedCrm.Core.History;
using MedCrm.Core.Mail;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Dunning;

/// <summary>The tray of reminders: what waits for somebody's word, what was put off, what left, what was given up.</summary>
public sealed partial class RemindersPage : IDisposable
{
    private Follower _follower = null!;
    private IReadOnlyList<Tab> _tabs = [];
    private TrayPage? _tray;
    private bool _mayConfigure;

    [Inject] private Dunnings Door { get; set; } = null!;

    [Inject] private Jobs Jobs { get; set; } = null!;

    [Inject] private ICurrentUser CurrentUser { get; set; } = null!;

    [Inject] private ChangeNews News { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private Acts Acts { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "view")] private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "page")] private int? Number { get; set; }

    [SupplyParameterFromQuery(Name = "letter")] private Guid? Letter { get; set; }

    private int Page => Math.Max(Number ?? 1, 1);

    private TrayView Shown => Enum.TryParse<TrayView>(View, ignoreCase: true, out var view) ? view : TrayView.ToApprove;

    private string EmptyText => Shown switch
    {
        TrayView.ToApprove => T["Aucune relance à valider. Elles se préparent chaque jour travaillé à 8 h 30."],
        TrayView.Snoozed => T["Aucune relance reportée."],
        TrayView.Sent => T["Aucune relance envoyée."],
        _ => T["Aucune relance écartée."],
    };

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, change => change.Touches(nameof(DunningLetter)) || change.Touches(nameof(OutgoingMessage)), LoadAsync, InvokeAsync, DispatchExceptionAsync);
        _mayConfigure = (await CurrentUser.GetAsync(_follower.Left)).May(Right.Administer);
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => LoadAsync(_follower.Left);

    /// <inheritdoc/>
    public void Dispose() => _follower?.Dispose();

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _tray = await Door.TrayAsync(Shown, Page, cancellationToken);
        _tabs = [.. Enum.GetValues<TrayView>().Select(view => new Tab(view.ToString(), T.Of(view), _tray.Counts[view]))];
        StateHasChanged();
    }

    private void Go(int page) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("page", page));

    private void Open(Guid letterId) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("letter", letterId));

    private async Task Close()
    {
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("letter", (string?)null));
        await LoadAsync(_follower.Left);
    }

    private async Task SendAsync(TrayLine line)
    {
        await Acts.DoAsync(() => Door.SendAsync(line.Id, line.Version));
        await LoadAsync(_follower.Left);
    }

    private async Task PrepareAsync()
    {
        await Acts.RunAsync(async () =>
        {
            var result = await Jobs.RunNowAsync("dunning");
            if (result.End is JobEnd.Failed)
            {
                Toasts.Refuse(T[result.Sentence]);
            }
            else
            {
                Toasts.Say(T[result.Sentence]);
            }
        });
        await LoadAsync(_follower.Left);
    }
}
