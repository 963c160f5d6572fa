using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Engagement;

/// <summary>What stands in a calendar.</summary>
public enum AgendaKind
{
    Meeting,
    Task,
    NextAction,
}

/// <summary>Something of somebody's calendar. Day and hour are of the team's time zone.</summary>
public sealed record AgendaItem
{
    public required AgendaKind Kind { get; init; }

    /// <summary>The meeting, the task, or the deal.</summary>
    public required Guid Id { get; init; }

    public required string Title { get; init; }
    public required DateOnly Day { get; init; }

    /// <summary>The hour it begins; null for something of the whole day.</summary>
    public TimeOnly? From { get; init; }

    /// <summary>Minutes it lasts on that day.</summary>
    public int Minutes { get; init; }

    /// <summary>Whose calendars it stands in.</summary>
    public required IReadOnlyList<Guid> People { get; init; }

    /// <summary>The institution, as far as the actor sees it.</summary>
    public string? InstitutionName { get; init; }

    public string? Place { get; init; }

    /// <summary>Done, held.</summary>
    public bool IsDone { get; init; }

    /// <summary>Cancelled, given up.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Comes back by the rule of a series.</summary>
    public bool Repeats { get; init; }

    /// <summary>A meeting of a colleague that the actor may not read: its hour is no secret, all the rest is, and it opens nothing.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Whether a drag may move it.</summary>
    public bool Moves { get; init; }

    /// <summary>Whether its end may be dragged.</summary>
    public bool Stretches => Moves && Kind is AgendaKind.Meeting && From is not null;

    /// <summary>Minutes since midnight at which it begins.</summary>
    public int Start => From is { } from ? (from.Hour * 60) + from.Minute : 0;
}

/// <summary>Somebody who already has something at the hour of a meeting. The subject is null when the actor may not read it.</summary>
public sealed record BusyColleague(Guid UserId, string Name, DateTime At, int Minutes, string? Subject);

/// <summary>The door of calendars: meetings, tasks with a day and next actions of deals, of some people between two days.</summary>
public sealed class Agendas(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Colleagues colleagues, TaskList tasks, BusinessClock clock)
{
    private const int Most = 2000;
    private const int TaskMinutes = 30;
    private const int DayMinutes = 24 * 60;
    private const int LongestDays = 7;

    /// <summary>Those whose calendar the actor may open: everybody, the team, or the actor alone, as the actor's visibility says.</summary>
    public async Task<IReadOnlyList<Colleague>> PeopleAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        return [.. (await colleagues.AllAsync(cancellationToken)).Where(colleague => !colleague.IsDisabled && IsOpenTo(actor, colleague))];
    }

    /// <summary>What stands in the calendars of some people from a day to another, both included. What the actor may not see is left out, but for the hours at which a colleague whose calendar is open to the actor is in a meeting: « Occupé ».</summary>
    public async Task<IReadOnlyList<AgendaItem>> ReadAsync(IReadOnlyCollection<Guid> people, DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var items = await TasksAsync(db, actor, people, from, to, cancellationToken);
        var meetings = await MeetingsAsync(db, actor, people, from, to, cancellationToken);
        items.AddRange(meetings);
        items.AddRange(await HiddenAsync(db, actor, people, from, to, [.. meetings.Select(meeting => meeting.Id)], cancellationToken));
        items.AddRange(await NextActionsAsync(db, actor, people, from, to, cancellationToken));
        return items;
    }

    /// <summary>The tasks that a query of their list keeps, from a day to another, both included.</summary>
    public async Task<IReadOnlyList<AgendaItem>> TasksAsync(ListQuery query, DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = tasks.Definition.Filter(db.FollowUpTasks.VisibleTo(actor), query, new ListScope(db, actor, clock));
        return await ItemsAsync(db, actor, kept.Where(task => task.DueOn >= from && task.DueOn <= to).OrderBy(task => task.DueOn).ThenBy(task => task.Id).Take(Most), cancellationToken);
    }

    /// <summary>The actor's open tasks that have no hour: those to place in the calendar, the most pressing first.</summary>
    public async Task<IReadOnlyList<AgendaItem>> UnplacedAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var horizon = clock.Today.AddDays(14);
        var tasks = db.FollowUpTasks.VisibleTo(actor)
            .Where(task => task.OwnerId == actor.Id && task.IsOpen && task.DueTime == null && (task.DueOn == null || task.DueOn <= horizon))
            .OrderBy(task => task.DueOn == null).ThenBy(task => task.DueOn).ThenByDescending(task => task.Priority).ThenBy(task => task.Id)
            .Take(40);
        return await ItemsAsync(db, actor, tasks, cancellationToken);
    }

    /// <summary>Which of some people already have a meeting that overlaps a span (UTC, minutes). Everybody learns that somebody is busy, and what with only when they may read it.</summary>
    public async Task<IReadOnlyList<BusyColleague>> BusyAsync(IReadOnlyCollection<Guid> people, DateTime at, int minutes, Guid? exceptId = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ends = at.AddMinutes(Math.Max(minutes, 1));
        var begins = at.AddDays(-LongestDays);
        var visible = VisibleActivities.Of(db, actor);
        var found = await db.Activities
            .Where(a => a.Kind == ActivityKind.Meeting && a.Status == MeetingStatus.Planned && a.Id != exceptId && a.At < ends && a.At > begins)
            .Where(a => people.Contains(a.OwnerId!.Value) || a.People.Any(person => people.Contains(person.UserId!.Value)))
            .Select(a => new { a.Id, a.At, a.DurationMinutes, a.OwnerId, Others = a.People.Where(person => person.UserId != null).Select(person => person.UserId!.Value).ToList(), Subject = visible.Where(seen => seen.Id == a.Id).Select(seen => seen.Subject).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        var names = (await colleagues.AllAsync(cancellationToken)).ToDictionary(colleague => colleague.Id, colleague => colleague.Name);
        return
        [
            .. from meeting in found
               where meeting.At.AddMinutes(meeting.DurationMinutes ?? 0) > at
               from id in meeting.Others.Append(meeting.OwnerId ?? Guid.Empty).Distinct()
               where people.Contains(id) && names.ContainsKey(id)
               orderby names[id], meeting.At
               select new BusyColleague(id, names[id], meeting.At, meeting.DurationMinutes ?? 0, meeting.Subject),
        ];
    }

    private static bool IsOpenTo(Actor actor, Colleague colleague) => actor.Visibility switch
    {
        Visibility.All => true,
        Visibility.Team => colleague.Id == actor.Id || (actor.TeamId is not null && colleague.TeamId == actor.TeamId),
        _ => colleague.Id == actor.Id,
    };

    private async Task<List<AgendaItem>> MeetingsAsync(MedCrmDbContext db, Actor actor, IReadOnlyCollection<Guid> people, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var begins = clock.ToUtc(from.AddDays(-LongestDays), TimeOnly.MinValue);
        var ends = clock.ToUtc(to.AddDays(1), TimeOnly.MinValue);
        var institutions = db.Institutions.VisibleTo(actor);
        var found = await VisibleActivities.Of(db, actor)
            .Where(a => a.Kind == ActivityKind.Meeting && a.At >= begins && a.At < ends)
            .Where(a => people.Contains(a.OwnerId!.Value) || a.People.Any(person => people.Contains(person.UserId!.Value)))
            .OrderBy(a => a.At)
            .Take(Most)
            .Select(a => new
            {
                a.Id,
                a.Subject,
                a.At,
                Minutes = a.DurationMinutes ?? 0,
                a.Status,
                a.Place,
                a.OwnerId,
                Others = a.People.Where(person => person.UserId != null).Select(person => person.UserId!.Value).ToList(),
                Institution = institutions.Where(i => i.Id == a.InstitutionId).Select(i => i.Name).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. found.SelectMany(meeting => PartsOf(meeting.At, meeting.Minutes, from, to), (meeting, part) => new AgendaItem
            {
                Kind = AgendaKind.Meeting,
                Id = meeting.Id,
                Title = meeting.Subject,
                Day = part.Day,
                From = part.From,
                Minutes = part.Minutes,
                People = [.. meeting.Others.Append(meeting.OwnerId ?? Guid.Empty).Distinct().Where(id => id != Guid.Empty)],
                InstitutionName = meeting.Institution,
                Place = meeting.Place,
                IsDone = meeting.Status is MeetingStatus.Held,
                IsCancelled = meeting.Status is MeetingStatus.Cancelled,
                Moves = meeting.Status is MeetingStatus.Planned && part.IsWhole && actor.May(Right.EditCustomers),
            }),
        ];
    }

    // Of a meeting out of sight, only when, and for whom of those whose calendar is open anyway.
    private async Task<List<AgendaItem>> HiddenAsync(MedCrmDbContext db, Actor actor, IReadOnlyCollection<Guid> people, DateOnly from, DateOnly to, IReadOnlyCollection<Guid> shownIds, CancellationToken cancellationToken)
    {
        var open = (await colleagues.AllAsync(cancellationToken)).Where(colleague => colleague.Id != actor.Id && people.Contains(colleague.Id) && IsOpenTo(actor, colleague)).Select(colleague => colleague.Id).ToArray();
        if (open.Length == 0)
        {
            return [];
        }

        var begins = clock.ToUtc(from.AddDays(-LongestDays), TimeOnly.MinValue);
        var ends = clock.ToUtc(to.AddDays(1), TimeOnly.MinValue);
        var found = await db.Activities
            .Where(a => a.Kind == ActivityKind.Meeting && a.Status != MeetingStatus.Cancelled && a.At >= begins && a.At < ends)
            .Where(a => open.Contains(a.OwnerId!.Value) || a.People.Any(person => open.Contains(person.UserId!.Value)))
            .OrderBy(a => a.At)
            .Take(Most)
            .Select(a => new { a.Id, a.At, Minutes = a.DurationMinutes ?? 0, a.OwnerId, Others = a.People.Where(person => person.UserId != null).Select(person => person.UserId!.Value).ToList() })
            .ToListAsync(cancellationToken);
        var shown = shownIds.ToHashSet();
        return
        [
            .. found.Where(meeting => !shown.Contains(meeting.Id)).SelectMany(meeting => PartsOf(meeting.At, meeting.Minutes, from, to), (meeting, part) => new AgendaItem
            {
                Kind = AgendaKind.Meeting,
                Id = meeting.Id,
                Title = "Occupé",
                Day = part.Day,
                From = part.From,
                Minutes = part.Minutes,
                People = [.. meeting.Others.Append(meeting.OwnerId ?? Guid.Empty).Distinct().Where(open.Contains)],
                IsHidden = true,
            }),
        ];
    }

    // What of a meeting falls on each day between two: its hour and minutes, no hour on a day that it fills.
    private IEnumerable<(DateOnly Day, TimeOnly? From, int Minutes, bool IsWhole)> PartsOf(DateTime at, int minutes, DateOnly from, DateOnly to)
    {
        var (starts, over) = (clock.ToLocal(at), clock.ToLocal(at.AddMinutes(minutes)));
        var first = DateOnly.FromDateTime(starts);
        var last = DateOnly.FromDateTime(over > starts ? over.AddTicks(-1) : over);
        for (var day = first < from ? from : first; day <= last && day <= to; day = day.AddDays(1))
        {
            var fills = day > first && day < last;
            var start = day == first ? TimeOnly.FromDateTime(starts) : TimeOnly.MinValue;
            var end = day == last ? (int)(over - day.ToDateTime(TimeOnly.MinValue)).TotalMinutes : DayMinutes;
            yield return (day, fills ? null : start, fills ? 0 : Math.Max(end - ((start.Hour * 60) + start.Minute), 15), first == last);
        }
    }

    private Task<List<AgendaItem>> TasksAsync(MedCrmDbContext db, Actor actor, IReadOnlyCollection<Guid> people, DateOnly from, DateOnly to, CancellationToken cancellationToken)
        => ItemsAsync(db, actor, db.FollowUpTasks.VisibleTo(actor).Where(task => people.Contains(task.OwnerId!.Value) && task.DueOn >= from && task.DueOn <= to).OrderBy(task => task.DueOn).ThenBy(task => task.Id).Take(Most), cancellationToken);

    private async Task<List<AgendaItem>> ItemsAsync(MedCrmDbContext db, Actor actor, IQueryable<FollowUpTask> tasks, CancellationToken cancellationToken)
    {
        var institutions = db.Institutions.VisibleTo(actor);
        var found = await tasks
            .Select(task => new { task.Id, task.Title, task.DueOn, task.DueTime, task.OwnerId, task.Status, task.SeriesId, Institution = institutions.Where(i => i.Id == task.InstitutionId).Select(i => i.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return found.ConvertAll(task => new AgendaItem
        {
            Kind = AgendaKind.Task,
            Id = task.Id,
            Title = task.Title,
            Day = task.DueOn ?? clock.Today,
            From = task.DueTime,
            Minutes = task.DueTime is null ? 0 : TaskMinutes,
            People = task.OwnerId is { } owner ? [owner] : [],
            InstitutionName = task.Institution,
            Repeats = task.SeriesId is not null,
            IsDone = task.Status is FollowUpStatus.Done,
            IsCancelled = task.Status is FollowUpStatus.Cancelled,
            Moves = task.Status is FollowUpStatus.ToDo or FollowUpStatus.InProgress,
        });
    }

    private static async Task<List<AgendaItem>> NextActionsAsync(MedCrmDbContext db, Actor actor, IReadOnlyCollection<Guid> people, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var found = await db.Opportunities.VisibleTo(actor)
            .Where(deal => deal.Outcome == StageOutcome.Open && people.Contains(deal.OwnerId!.Value) && deal.NextActionOn >= from && deal.NextActionOn <= to)
            .OrderBy(deal => deal.NextActionOn).ThenBy(deal => deal.Id)
            .Take(Most)
            .Select(deal => new { deal.Id, Title = deal.NextAction ?? deal.Name, deal.NextActionOn, deal.OwnerId, Institution = deal.Institution.Name })
            .ToListAsync(cancellationToken);
        return found.ConvertAll(deal => new AgendaItem
        {
            Kind = AgendaKind.NextAction,
            Id = deal.Id,
            Title = deal.Title,
            Day = deal.NextActionOn!.Value,
            People = deal.OwnerId is { } owner ? [owner] : [],
            InstitutionName = deal.Institution,
            Moves = actor.May(Right.EditSales),
        });
    }
}
