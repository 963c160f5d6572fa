using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Web.FollowUp;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Engagement;

/// <summary>The calendar: a day, a week, a month, or the day of a team side by side. View, day and person stand in the address.</summary>
public sealed partial class CalendarPage : IDisposable
{
    private Follower _follower = null!;
    private IReadOnlyList<Colleague> _people = [];
    private IReadOnlyList<AgendaItem>? _items;
    private IReadOnlyList<AgendaItem> _unplaced = [];
    private IReadOnlyList<Column> _columns = [];
    private SeriesChoice? _choice;
    private Actor? _me;
    private bool _mayEdit;

    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    [SupplyParameterFromQuery(Name = "date")] public string? Date { get; set; }

    [SupplyParameterFromQuery(Name = "who")] public string? Who { get; set; }

    [Inject] private Agendas Agendas { get; init; } = null!;
    [Inject] private Activities Activities { get; init; } = null!;
    [Inject] private FollowUpTasks Tasks { get; init; } = null!;
    [Inject] private ICurrentUser CurrentUser { get; init; } = null!;
    [Inject] private NavigationManager Navigation { get; init; } = null!;
    [Inject] private ChangeNews News { get; init; } = null!;
    [Inject] private BusinessClock Clock { get; init; } = null!;
    [Inject] private ScreenTime Time { get; init; } = null!;
    [Inject] private Panels Panels { get; init; } = null!;
    [Inject] private Acts Acts { get; init; } = null!;
    [Inject] private Toasts Toasts { get; init; } = null!;
    [Inject] private Invitations Invitations { get; init; } = null!;

    private string Shown => View is "day" or "month" or "team" ? View : "week";

    private DateOnly Day => DateOnly.TryParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1990 and < 2100 ? day : Time.Today;

    private string WhoKey => Who ?? "";

    private (DateOnly From, DateOnly To) Span => Shown switch
    {
        "month" => (MonthGrid.FirstOf(Day), MonthGrid.LastOf(Day)),
        "week" => (Monday(Day), Monday(Day).AddDays(6)),
        _ => (Day, Day),
    };

    private DateOnly Earlier => Step(-1);

    private DateOnly Later => Step(1);

    private IEnumerable<(string Key, string Text)> Views => [("day", T["Jour"]), ("week", T["Semaine"]), ("month", T["Mois"]), .. _people.Count > 1 ? [("team", T["Équipe"].Value)] : Array.Empty<(string, string)>()];

    private int NowMinute => (int)Clock.ToLocal(Clock.UtcNow).TimeOfDay.TotalMinutes;

    private string Heading
    {
        get
        {
            var (from, to) = Span;
            var text = Shown switch
            {
                "month" => Day.ToString("MMMM yyyy", FrenchText.Culture),
                "week" when from.Month == to.Month => $"{from.Day} – {to.ToString("d MMMM yyyy", FrenchText.Culture)}",
                "week" => $"{from.ToString("d MMM", FrenchText.Culture)} – {to.ToString("d MMM yyyy", FrenchText.Culture)}",
                _ => Day.ToString("dddd d MMMM yyyy", FrenchText.Culture),
            };
            return char.ToUpper(text[0], FrenchText.Culture) + text[1..];
        }
    }

    public void Dispose() => _follower?.Dispose();

    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(
            News,
            change => change.Touches(nameof(Activity)) || change.Touches(nameof(FollowUpTask)) || change.Touches(nameof(Opportunity)),
            LoadAsync,
            InvokeAsync,
            DispatchExceptionAsync);
        _me = await CurrentUser.GetAsync(_follower.Left);
        _mayEdit = _me.May(Right.EditCustomers);
        _people = await Agendas.PeopleAsync(_follower.Left);
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_me is not null)
        {
            await LoadAsync(_follower.Left);
        }
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private DateOnly Step(int direction) => Shown switch
    {
        "month" => new DateOnly(Day.Year, Day.Month, 1).AddMonths(direction),
        "week" => Day.AddDays(7 * direction),
        _ => Day.AddDays(direction),
    };

    private string At(DateOnly day) => Address(Shown, day);

    private string Address(string view, DateOnly day)
        => Navigation.GetUriWithQueryParameters("/calendar", new Dictionary<string, object?> { ["view"] = view == "week" ? null : view, ["date"] = day == Time.Today ? null : day.ToString("O", CultureInfo.InvariantCulture), ["who"] = Who });

    private void ChooseWho(string? who) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("who", string.IsNullOrEmpty(who) ? null : who));

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (from, to) = Span;
        var asked = (Shown, Day, Who);
        var shown = Shown == "team" || Who == "all"
            ? _people
            : [.. _people.Where(person => Guid.TryParse(Who, out var id) ? person.Id == id : person.Id == _me!.Id)];
        var items = await Agendas.ReadAsync([.. shown.Select(person => person.Id)], from, to, cancellationToken: cancellationToken);
        _unplaced = Shown is "month" or "team" || Who is not null ? [] : await Agendas.UnplacedAsync(cancellationToken);
        if (asked != (Shown, Day, Who))
        {
            return;
        }

        _columns = Shown switch
        {
            "team" => [.. _people.OrderBy(person => person.Id != _me!.Id).Select(person => new Column(Day, person))],
            _ => [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(index => new Column(from.AddDays(index), null))],
        };
        _items = items;
        StateHasChanged();
    }

    private IEnumerable<AgendaItem> ItemsOf(Column column) => _items!.Where(item => item.Day == column.Day && (column.Person is null || item.People.Contains(column.Person.Id)));

    private static string StyleOf(PlacedItem placed) => string.Create(
        CultureInfo.InvariantCulture,
        $"--start: {placed.Start}; --minutes: {placed.Minutes}; --lane: {placed.Lane}; --lanes: {placed.Lanes}");

    private async Task NewAsync() => await Panels.OpenAsync<ActivityPanel>(
        (nameof(ActivityPanel.Kind), ActivityKind.Meeting),
        (nameof(ActivityPanel.At), Day == Time.Today ? null : (object)Clock.ToUtc(Day, new TimeOnly(9, 0))));

    private async Task CreateAsync(CalendarMove span) => await Panels.OpenAsync<ActivityPanel>(
        (nameof(ActivityPanel.Kind), ActivityKind.Meeting),
        (nameof(ActivityPanel.At), Clock.ToUtc(span.Day, span.From!.Value)),
        (nameof(ActivityPanel.Minutes), span.Minutes));

    private Task OpenAsync(AgendaItem item)
    {
        if (item.IsHidden)
        {
            return Task.CompletedTask;
        }

        switch (item.Kind)
        {
            case AgendaKind.Meeting:
                return Panels.OpenAsync<ActivityPanel>((nameof(ActivityPanel.ActivityId), item.Id));
            case AgendaKind.Task:
                return Panels.OpenAsync<TaskPanel>((nameof(TaskPanel.TaskId), item.Id));
            default:
                Navigation.NavigateTo($"/opportunities/{item.Id}");
                return Task.CompletedTask;
        }
    }

    // One gesture of the hand, one act; what was refused is drawn again where it stands.
    private async Task MoveAsync(CalendarMove move)
    {
        var item = _items!.Concat(_unplaced).FirstOrDefault(candidate => candidate.Kind == move.Kind && candidate.Id == move.Id);
        if (item is null)
        {
            return;
        }

        var hour = move.KeepsHour ? item.From : move.From;
        if ((item.Repeats ? await _choice!.AskToPutOffAsync() : SeriesReach.ThisTime) is not { } reach)
        {
            return;
        }

        await Acts.RunAsync(() => move.Kind switch
        {
            AgendaKind.Meeting => RescheduleAsync(move.Id, Clock.ToUtc(move.Day, hour ?? item.From ?? new TimeOnly(9, 0)), move.KeepsHour ? item.Minutes : move.Minutes),
            AgendaKind.Task => TellAsync(Tasks.PlaceAsync(move.Id, move.Day, hour, reach)),
            _ => TellAsync(Tasks.PutOffNextActionAsync(move.Id, move.Day)),
        });
        await LoadAsync(_follower.Left);
    }

    // Guests who were invited know the former hour: writing to them is offered and never done unasked.
    private async Task RescheduleAsync(Guid meetingId, DateTime at, int minutes)
    {
        var done = await Activities.RescheduleAsync(meetingId, at, minutes);
        var isNews = at > Clock.UtcNow && await Activities.FindAsync(meetingId) is { GuestsAreBehind: true };
        Toasts.Show(done, isNews ? new ToastOffer(T["Prévenir les invités du nouvel horaire ?"], T["Prévenir"], T["Pas maintenant"], () => Invitations.SendAsync(meetingId)) : null);
    }

    private async Task TellAsync(Task<Done> act) => Toasts.Show(await act);

    private sealed record Column(DateOnly Day, Colleague? Person)
    {
        public string Key => Day.ToString("O", CultureInfo.InvariantCulture);
    }
}
