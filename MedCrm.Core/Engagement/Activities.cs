using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Engagement;

/// <summary>The door of calls, meetings and notes.</summary>
public sealed class Activities(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Colleagues colleagues, Actors actors, NotificationNews bells, BusinessClock clock)
{
    private const string Gone = "Cette activité n'existe plus, ou n'est pas visible pour vous.";
    private const int FewLines = 5;

    /// <summary>A new activity as its form opens: by the actor, now (a meeting: the next full hour), tied to what it is created from. A deal brings its institution and contact, a contact its institution.</summary>
    public async Task<ActivitySheet> NewAsync(ActivityKind kind, Guid? institutionId = null, Guid? contactId = null, Guid? opportunityId = null, DateTime? at = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deal = await db.Opportunities.VisibleTo(actor).Where(o => o.Id == opportunityId).Select(o => new { o.Id, o.InstitutionId, o.ContactId }).SingleOrDefaultAsync(cancellationToken);
        var contact = deal?.ContactId ?? contactId;
        var details = new ActivityDetails
        {
            Kind = kind,
            At = at ?? (kind is ActivityKind.Meeting ? NextHour() : Minute(clock.UtcNow)),
            DurationMinutes = kind is ActivityKind.Meeting ? 60 : null,
            Direction = kind is ActivityKind.Call ? CallDirection.Outgoing : null,
            Status = kind is ActivityKind.Meeting ? MeetingStatus.Planned : null,
            OwnerId = actor.Id,
            TeamId = actor.TeamId,
            OpportunityId = deal?.Id,
            InstitutionId = deal?.InstitutionId ?? institutionId ?? await PlaceOfAsync(db, actor, contact, cancellationToken),
            ContactIds = contact is { } person ? [person] : [],
        };
        return await SheetAsync(db, actor, Guid.Empty, details, null, cancellationToken);
    }

    /// <summary>An activity as its panel and page open it; null when it is gone or out of sight.</summary>
    public async Task<ActivitySheet?> FindAsync(Guid activityId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var activity = await VisibleActivities.Of(db, actor).AsNoTracking().Include(a => a.People).Include(a => a.Labels).AsSplitQuery().SingleOrDefaultAsync(a => a.Id == activityId, cancellationToken);
        return activity is null ? null : await SheetAsync(db, actor, activity.Id, activity.Details(), activity, cancellationToken);
    }

    /// <summary>The tags already in use, the most frequent first.</summary>
    public async Task<IReadOnlyList<string>> TagsInUseAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var visible = VisibleActivities.Of(db, actor);
        return await db.ActivityLabels
            .Where(label => visible.Any(activity => activity.Id == label.ActivityId))
            .GroupBy(label => label.Text)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key)
            .Select(same => same.Key)
            .Take(100)
            .ToListAsync(cancellationToken);
    }

    /// <summary>What happened with an institution and what comes, as far as the actor sees; null when the institution is out of sight.</summary>
    public async Task<ActivityBoard?> OfInstitutionAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Institutions.VisibleTo(actor).AnyAsync(i => i.Id == institutionId, cancellationToken))
        {
            return null;
        }

        var now = clock.UtcNow;
        var visible = VisibleActivities.Of(db, actor).Where(a => a.InstitutionId == institutionId);
        var counts = await visible.GroupBy(a => a.Kind).Select(kind => new { kind.Key, Count = kind.Count() }).ToDictionaryAsync(kind => kind.Key, kind => kind.Count, cancellationToken);
        var planned = visible.Where(a => a.Kind == ActivityKind.Meeting && a.Status == MeetingStatus.Planned);
        var tasks = TaskLine.OfInstitution(db, actor, institutionId);
        return new ActivityBoard
        {
            Calls = counts.GetValueOrDefault(ActivityKind.Call),
            Meetings = counts.GetValueOrDefault(ActivityKind.Meeting),
            Notes = counts.GetValueOrDefault(ActivityKind.Note),
            Tasks = await tasks.CountAsync(cancellationToken),
            UpcomingMeetings = await planned.CountAsync(a => a.At >= now, cancellationToken),
            OpenTasks = await tasks.CountAsync(task => task.IsOpen, cancellationToken),
            PendingReminders = await tasks.CountAsync(Reminders.StillToRing(clock), cancellationToken),
            Upcoming = await Lines(db, actor, planned.Where(a => a.At >= now).OrderBy(a => a.At).Take(FewLines)).ToListAsync(cancellationToken),
            ToConfirm = await Lines(db, actor, planned.Where(a => a.At < now).OrderByDescending(a => a.At).Take(FewLines)).ToListAsync(cancellationToken),
            LastCalls = await Lines(db, actor, visible.Where(a => a.Kind == ActivityKind.Call).OrderByDescending(a => a.At).Take(FewLines)).ToListAsync(cancellationToken),
            LastNotes = await Lines(db, actor, visible.Where(a => a.Kind == ActivityKind.Note).OrderByDescending(a => a.At).Take(FewLines)).ToListAsync(cancellationToken),
            LastMeetings = await Lines(db, actor, visible.Where(a => a.Kind == ActivityKind.Meeting && a.Status == MeetingStatus.Held).OrderByDescending(a => a.At).Take(FewLines)).ToListAsync(cancellationToken),
            ToDo = await TaskLine.Lines(tasks.Where(task => task.IsOpen)).Take(FewLines).ToListAsync(cancellationToken),
        };
    }

    /// <summary>Notes what happened or will, and plans what follows in the same gesture. The deal it is tied to counts as dealt with when somebody was spoken to; colleagues named in its text hear of it.</summary>
    /// <exception cref="BusinessRuleException">A field is refused, something it is tied to is gone or out of sight, or a private note names somebody.</exception>
    public async Task<Done> CreateAsync(ActivityDetails details, NextStep? next = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        details = await CompletedAsync(db, actor, details, new ActivityDetails(), null, cancellationToken);
        var activity = new Activity(details, actor, clock.UtcNow);
        var gesture = db.Begin(actor, string.Create(CultureInfo.InvariantCulture, $"{NounOf(activity)} « {activity.RecordName} » {(activity.Kind is ActivityKind.Call ? "noté" : activity is { Kind: ActivityKind.Meeting, Status: MeetingStatus.Planned } ? "planifiée" : "notée")}"));
        db.Activities.Add(activity);
        Follow(db, actor, activity, next, gesture);
        await SaveAsync(db, actor, activity, before: null, cancellationToken);
        return new Done(activity.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Takes new values, and plans what follows in the same gesture.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields.</exception>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public Task<Done> EditAsync(Guid activityId, ActivityDetails seen, ActivityDetails mine, NextStep? next = null, CancellationToken cancellationToken = default)
        => ChangeAsync(
            activityId,
            async (db, actor, activity, gesture) =>
            {
                var before = activity.Details();
                var merged = await db.MergeAsync(activity, seen, mine, before, cancellationToken);
                if (merged.Sharing != before.Sharing)
                {
                    DemandHold(actor, activity);
                }

                activity.Edit(await CompletedAsync(db, actor, merged, before, activity, cancellationToken), clock.UtcNow);
                gesture.Sentence = $"{NounOf(activity)} « {activity.RecordName} » {(activity.Kind is ActivityKind.Call ? "modifié" : "modifiée")}";
                Follow(db, actor, activity, next, gesture);
            },
            cancellationToken);

    /// <summary>Puts a meeting at another moment (UTC) or gives it another duration, in minutes: a drag in the calendar.</summary>
    /// <exception cref="BusinessRuleException">It is no meeting, is cancelled, or is gone.</exception>
    public Task<Done> RescheduleAsync(Guid activityId, DateTime at, int minutes, CancellationToken cancellationToken = default)
        => ChangeAsync(
            activityId,
            (_, _, activity, gesture) =>
            {
                var before = activity.At;
                activity.Reschedule(at, minutes, clock.UtcNow);
                var local = clock.ToLocal(at);
                gesture.Sentence = activity.At == before ? $"Réunion « {activity.RecordName} » : {minutes} minutes" : $"Réunion « {activity.RecordName} » déplacée au {FrenchText.FormatDay(DateOnly.FromDateTime(local))} à {local.ToString("HH:mm", CultureInfo.InvariantCulture)}";
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Says what became of a meeting.</summary>
    /// <exception cref="BusinessRuleException">It is no meeting, or is gone.</exception>
    public Task<Done> SettleAsync(Guid activityId, MeetingStatus status, CancellationToken cancellationToken = default)
        => ChangeAsync(
            activityId,
            (_, _, activity, gesture) =>
            {
                if (activity.Kind is not ActivityKind.Meeting)
                {
                    throw new BusinessRuleException("Seule une réunion se tient ou s'annule.");
                }

                activity.Edit(activity.Details() with { Status = status }, clock.UtcNow);
                gesture.Sentence = $"Réunion « {activity.RecordName} » {Labels.Of(status).ToLower(FrenchText.Culture)}";
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Puts an activity in the bin.</summary>
    /// <exception cref="BusinessRuleException">It is gone.</exception>
    public Task<Done> DeleteAsync(Guid activityId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            activityId,
            (_, actor, activity, gesture) =>
            {
                DemandHold(actor, activity);
                if (activity is { InvitedAt: not null, Status: MeetingStatus.Planned } && activity.At > clock.UtcNow)
                {
                    throw new BusinessRuleException("Des invités attendent cette réunion : passez-la d'abord « Annulée » et prévenez-les.");
                }

                activity.DeletedAt = clock.UtcNow;
                gesture.Sentence = $"{NounOf(activity)} « {activity.RecordName} » {(activity.Kind is ActivityKind.Call ? "supprimé" : "supprimée")}";
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Activities as short lists show them, in the order given.</summary>
    internal static IQueryable<ActivityLine> Lines(MedCrmDbContext db, Actor actor, IQueryable<Activity> activities)
    {
        var contacts = ActivityContact.VisibleTo(db, actor);
        return activities.Select(a => new ActivityLine
        {
            Id = a.Id,
            Kind = a.Kind,
            Subject = a.Subject,
            At = a.At,
            DurationMinutes = a.DurationMinutes,
            Direction = a.Direction,
            Status = a.Status,
            Result = a.Result,
            Text = a.Text == null ? null : a.Text.Substring(0, 400),
            Place = a.Place,
            Sharing = a.Sharing,
            OwnerId = a.OwnerId,
            ContactName = contacts.Where(person => person.ActivityId == a.Id).OrderBy(person => person.SearchKey).Select(person => person.FullName).FirstOrDefault(),
            ContactCount = a.People.Count(person => person.ContactId != null),
        });
    }

    // Whoever takes part reads and completes; to hide or to remove is for the author and those who follow the record with them.
    private static void DemandHold(Actor actor, Activity activity)
    {
        if (activity.OwnerId != actor.Id && (activity.Sharing is Sharing.Private || !actor.Sees(activity)))
        {
            throw new BusinessRuleException("Seuls l'auteur et son équipe peuvent la supprimer ou changer qui la voit.", nameof(Activity.Sharing));
        }
    }

    private static string NounOf(Activity activity) => Labels.Of(activity.Kind);

    private static DateTime Minute(DateTime moment) => new(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);

    private DateTime NextHour()
    {
        var now = clock.UtcNow;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerHour), DateTimeKind.Utc).AddHours(1);
    }

    private Task<Done> ChangeAsync(Guid activityId, Func<MedCrmDbContext, Actor, Activity, Gesture, Task> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var activity = await VisibleActivities.Of(db, actor).Include(a => a.People).Include(a => a.Labels).AsSplitQuery().SingleOrDefaultAsync(a => a.Id == activityId, cancellationToken)
                ?? throw new BusinessRuleException(Gone);
            var before = activity.Text;
            var gesture = db.Begin(actor, "");
            await change(db, actor, activity, gesture);
            await SaveAsync(db, actor, activity, before, cancellationToken);
            return new Done(activity.Id, gesture.Sentence, gesture.Undoable);
        });

    // Whoever writes is the author; their team shares it. A deal brings its institution, so that one feed holds everything about an account.
    private static async Task<ActivityDetails> CompletedAsync(MedCrmDbContext db, Actor actor, ActivityDetails details, ActivityDetails before, Activity? activity, CancellationToken cancellationToken)
    {
        details = details with { OwnerId = activity is null ? details.OwnerId ?? actor.Id : details.OwnerId };
        details = details with { TeamId = await Assignment.TeamAsync(db, activity, details.OwnerId, activity is null ? null : details.TeamId, cancellationToken) };
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before.InstitutionId, cancellationToken);
        if (details.OpportunityId is { } dealId && dealId != before.OpportunityId)
        {
            details = details with { InstitutionId = await Links.CheckDealAsync(db, actor, dealId, details.InstitutionId, cancellationToken) };
        }

        foreach (var contactId in details.ContactIds.Except(before.ContactIds))
        {
            if (!await VisibleContacts.Of(db, actor).AnyAsync(contact => contact.Id == contactId, cancellationToken))
            {
                throw new BusinessRuleException("Ce contact n'existe plus, ou n'est pas visible pour vous.", nameof(ActivityDetails.ContactIds));
            }
        }

        if (details.InstitutionId is null && details.ContactIds.Count > 0)
        {
            details = details with { InstitutionId = await PlaceOfAsync(db, actor, details.ContactIds[0], cancellationToken) };
        }

        var known = details.ColleagueIds.Except(before.ColleagueIds).ToList();
        if (known.Count > 0 && await db.Users.CountAsync(user => known.Contains(user.Id), cancellationToken) != known.Count)
        {
            throw new BusinessRuleException("Cette personne n'a plus de compte.", nameof(ActivityDetails.ColleagueIds));
        }

        return details;
    }

    private static Task<Guid?> PlaceOfAsync(MedCrmDbContext db, Actor actor, Guid? contactId, CancellationToken cancellationToken)
    {
        var visible = db.Institutions.VisibleTo(actor);
        return db.ContactRoles
            .Where(role => role.ContactId == contactId && role.EndedOn == null && visible.Any(i => i.Id == role.InstitutionId))
            .OrderByDescending(role => role.IsPrimary).ThenBy(role => role.Id)
            .Select(role => (Guid?)role.InstitutionId)
            .FirstOrDefaultAsync(cancellationToken);
    }

    // What comes next is a task of the author's. After a private activity it is named for them alone.
    private void Follow(MedCrmDbContext db, Actor actor, Activity activity, NextStep? next, Gesture gesture)
    {
        if (next is not { IsEmpty: false })
        {
            return;
        }

        var task = new FollowUpTask(
            new FollowUpTaskDetails
            {
                Title = next.Title!,
                DueOn = next.DueOn ?? FrenchCalendar.AddWorkingDays(clock.Today, 1),
                OwnerId = activity.OwnerId ?? actor.Id,
                TeamId = activity.TeamId,
                InstitutionId = activity.InstitutionId,
                ContactId = activity.People.Select(person => person.ContactId).FirstOrDefault(id => id is not null),
                OpportunityId = activity.OpportunityId,
            },
            actor,
            clock.UtcNow);
        db.FollowUpTasks.Add(task);
        gesture.Sentence += $", suite : « {task.Title} » le {FrenchText.FormatDay(task.DueOn!.Value)}";
    }

    private async Task SaveAsync(MedCrmDbContext db, Actor actor, Activity activity, string? before, CancellationToken cancellationToken)
    {
        if (activity is { IsContact: true, DeletedAt: null, Sharing: not Sharing.Private, OpportunityId: { } dealId } && await db.Opportunities.SingleOrDefaultAsync(deal => deal.Id == dealId, cancellationToken) is { } deal)
        {
            deal.Touch(activity.At < clock.UtcNow ? activity.At : clock.UtcNow);
        }

        var told = await MentionAsync(db, actor, activity, before, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (told.Count > 0)
        {
            bells.Announce(told);
        }
    }

    // Only those newly named hear of it, once, and only if they may read it.
    private async Task<HashSet<Guid>> MentionAsync(MedCrmDbContext db, Actor actor, Activity activity, string? before, CancellationToken cancellationToken)
    {
        var people = await colleagues.AllAsync(cancellationToken);
        var already = Mentions.In(before, people).Select(colleague => colleague.Id).ToHashSet();
        var named = Mentions.In(activity.Text, people).Where(colleague => colleague.Id != actor.Id && !already.Contains(colleague.Id)).ToList();
        if (named.Count == 0 || activity.DeletedAt is not null)
        {
            return [];
        }

        if (activity.Sharing is Sharing.Private)
        {
            throw new BusinessRuleException($"Une note privée ne prévient personne : partagez-la, ou retirez « @{named[0].Name} ».", nameof(Activity.Text));
        }

        var told = new HashSet<Guid>();
        foreach (var colleague in named)
        {
            var sees = await actors.FindAsync(colleague.Id, cancellationToken) is { } reader && await VisibleActivities.IncludesAsync(db, reader, activity, cancellationToken);
            if (!sees)
            {
                throw new BusinessRuleException($"{colleague.Name} ne voit pas cet établissement et ne pourrait pas lire ce texte : retirez « @{colleague.Name} ».", nameof(Activity.Text));
            }

            var key = $"mention:{activity.Id}";
            if (!await db.Notifications.AnyAsync(line => line.UserId == colleague.Id && line.OnceKey == key, cancellationToken))
            {
                db.Notifications.Add(new Notification(colleague.Id, key, $"{actor.Name} vous cite : {activity.Subject}", null, Activity.LinkTo(activity.Id), nameof(Activity), activity.Id, clock.UtcNow));
                told.Add(colleague.Id);
            }
        }

        return told;
    }

    private static async Task<ActivitySheet> SheetAsync(MedCrmDbContext db, Actor actor, Guid id, ActivityDetails details, Activity? activity, CancellationToken cancellationToken)
        => new(
            id,
            details,
            await db.Institutions.VisibleTo(actor).Where(i => i.Id == details.InstitutionId).Select(i => i.Name).SingleOrDefaultAsync(cancellationToken),
            await db.Opportunities.VisibleTo(actor).Where(o => o.Id == details.OpportunityId).Select(o => o.Name).SingleOrDefaultAsync(cancellationToken))
        {
            Contacts = await VisibleContacts.Of(db, actor).Where(c => details.ContactIds.Contains(c.Id)).OrderBy(c => c.SearchKey).Select(c => new Participant(c.Id, c.FullName)).ToListAsync(cancellationToken),
            Colleagues = await db.Users.Where(user => details.ColleagueIds.Contains(user.Id)).OrderBy(user => user.DisplayName).Select(user => new Participant(user.Id, user.DisplayName)).ToListAsync(cancellationToken),
            InvitedAt = activity?.InvitedAt,
            GuestsAreBehind = activity?.GuestsAreBehind ?? false,
        };
}
