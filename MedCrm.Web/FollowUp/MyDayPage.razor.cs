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

namespace MedCrm.Web.FollowUp;

/// <summary>The start page: what one has to deal with today, worked through from the keyboard.</summary>
public sealed partial class MyDayPage
{
    private ElementReference _root;
    private DotNetObjectReference<MyDayPage>? _self;
    private Script? _script;
    private Follower _follower = null!;
    private SeriesChoice? _choice;
    private MyDay? _day;
    private Actor? _actor;
    private IReadOnlyList<(BeginningStep Step, bool IsDone)> _steps = [];
    private string? _askedOf;
    private DayAct _asked;
    private string? _focusOn;

    [Inject] private MyDays Days { get; set; } = null!;

    [Inject] private FollowUpTasks Tasks { get; set; } = null!;

    [Inject] private Beginnings Beginnings { get; set; } = null!;

    [Inject] private Opportunities Opportunities { get; set; } = null!;

    [Inject] private ICurrentUser CurrentUser { get; set; } = null!;

    [Inject] private ChangeNews News { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private Panels Panels { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private ScreenTime Time { get; set; } = null!;

    [Inject] private IJSRuntime JS { get; set; } = null!;

    private string Greeting => _actor is { } actor ? T["Bonjour {0}", actor.Name.Split(' ')[0]] : T["Bonjour"];

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, Concerns, ReloadAsync, InvokeAsync, DispatchExceptionAsync);
        _actor = await CurrentUser.GetAsync(_follower.Left);
        _steps = await Beginnings.ReadAsync(_follower.Left);
        _day = await Days.ReadAsync(cancellationToken: _follower.Left);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_day is not null && _script is null)
        {
            _self = DotNetObjectReference.Create(this);
            _script = new Script(JS, "./FollowUp/MyDayPage.razor.js");
            await _script.InvokeAsync("watch", _root, _self);
        }

        if (_focusOn is { } key && _script is not null)
        {
            _focusOn = null;
            await _script.InvokeAsync("focus", _root, key);
        }
    }

    /// <summary>The window is looked at again: perhaps on another day.</summary>
    [JSInvokable]
    public Task LookedAtAsync() => ReloadAsync(_follower.Left);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _follower?.Dispose();
        if (_script is not null)
        {
            await _script.LetGoAsync("leave");
        }

        _self?.Dispose();
    }

    // The first steps hang on more than the day, for as long as one of them is to be done.
    private bool Concerns(CommittedChange change)
        => change.Touches(nameof(FollowUpTask)) || change.Touches(nameof(Opportunity))
            || (_steps.Count > 0 && (change.Touches(nameof(Institution)) || change.Touches(nameof(Contact)) || change.Touches(nameof(User))));

    private async Task HideStepsAsync()
    {
        await Beginnings.HideAsync();
        _steps = [];
    }

    private static string KeyOf(DayItem item) => $"{item.Kind}-{item.Id}";

    private IEnumerable<DayPart> Pressing(MyDay day) =>
    [
        new("overdue", T["En retard"], day.Overdue, "/tasks?owner=me&todo=true&due=..today-1"),
        new("today", T["Aujourd'hui"], day.DueToday, "/tasks?owner=me&todo=true&due=today..today"),
        new("next-actions", T["Prochaines actions des affaires"], day.NextActions, "/opportunities?view=list&owner=me&outcome=Open&next-action-on=..today"),
    ];

    private IEnumerable<DayPart> Coming(MyDay day) =>
    [
        new("week", day.Today.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? T["La semaine qui vient"] : T["Cette semaine"], day.ThisWeek, $"/tasks?owner=me&todo=true&due=today%2B1..{day.WeekEndsOn:yyyy-MM-dd}"),
        new("dormant", T["À surveiller"], day.Dormant, "/opportunities?owner=me&followup=Rotting"),
    ];

    private void Ask(DayItem item, DayAct act)
    {
        var same = _askedOf == KeyOf(item) && _asked == act;
        (_askedOf, _asked) = same || act is DayAct.None ? (null, DayAct.None) : (KeyOf(item), act);
        _focusOn = KeyOf(item);
    }

    private Task FinishAsync(DayItem item, DayFinish finish) => ActAsync(item, () => item.Kind is DayItemKind.Task
        ? Tasks.CompleteAsync(item.Id, finish.Result, finish.Next)
        : Tasks.CompleteNextActionAsync(item.Id, finish.Result, finish.Next));

    private async Task PutOffAsync(DayItem item, DayDelay delay)
    {
        SeriesReach? reach = item.IsRecurring ? await _choice!.AskToPutOffAsync() : SeriesReach.ThisTime;
        if (reach is { } chosen)
        {
            await ActAsync(item, () => item.Kind switch
            {
                DayItemKind.Task => Tasks.PutOffAsync(item.Id, delay.Until, chosen),
                DayItemKind.NextAction => Tasks.PutOffNextActionAsync(item.Id, delay.Until),
                _ => Opportunities.SnoozeAsync(item.Id, delay.Until, delay.Reason, item.Version),
            });
        }
    }

    // What is done leaves the list, and the next line takes the focus.
    private async Task ActAsync(DayItem item, Func<Task<Done>> act)
    {
        var next = After(item);
        Toasts.Show(await act());
        (_askedOf, _asked) = (null, DayAct.None);
        await ReloadAsync(_follower.Left);
        _focusOn = next is null ? "" : KeyOf(next);
    }

    private DayItem? After(DayItem item)
    {
        var lines = _day is { } day ? Pressing(day).Concat(Coming(day)).SelectMany(part => part.Section.Items).ToList() : [];
        var place = lines.FindIndex(line => KeyOf(line) == KeyOf(item));
        return place + 1 < lines.Count ? lines[place + 1] : place > 0 ? lines[place - 1] : null;
    }

    private async Task OpenAsync(DayItem item)
    {
        if (item.Kind is DayItemKind.Task)
        {
            await Panels.OpenAsync<TaskPanel>((nameof(TaskPanel.TaskId), item.Id));
            _focusOn = KeyOf(item);
        }
        else
        {
            Navigation.NavigateTo($"/opportunities/{item.Id}");
        }
    }

    private async Task NewAsync() => await Panels.OpenAsync<TaskPanel>();

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        _follower.CatchUp();
        _steps = _steps.Count == 0 ? [] : await Beginnings.ReadAsync(cancellationToken);
        _day = await Days.ReadAsync(cancellationToken: cancellationToken);
        StateHasChanged();
    }

    private sealed record DayPart(string Key, string Title, DaySection Section, string All);
}
