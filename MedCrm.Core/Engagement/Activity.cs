using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Engagement;

/// <summary>What happened between us and a customer, or will.</summary>
public enum ActivityKind
{
    [Display(Name = "Appel")] Call,
    [Display(Name = "Réunion")] Meeting,
    [Display(Name = "Note")] Note,
}

/// <summary>Which way a call went.</summary>
public enum CallDirection
{
    [Display(Name = "Sortant")] Outgoing,
    [Display(Name = "Entrant")] Incoming,
    [Display(Name = "Manqué")] Missed,
}

/// <summary>Where a meeting stands.</summary>
public enum MeetingStatus
{
    [Display(Name = "Prévue")] Planned,
    [Display(Name = "Tenue")] Held,
    [Display(Name = "Annulée")] Cancelled,
}

/// <summary>Who reads an activity beside its author and the colleagues who took part.</summary>
public enum Sharing
{
    [Display(Name = "Partagée")] Everyone,
    [Display(Name = "Mon équipe")] Team,
    [Display(Name = "Privée")] Private,
}

/// <summary>Everything about an activity that people edit. The moment is UTC, the duration in minutes.</summary>
public sealed record ActivityDetails
{
    [Display(Name = "Nature")] public ActivityKind Kind { get; set; }
    [Display(Name = "Objet")] public string? Subject { get; set; }
    [Display(Name = "Date")] public DateTime At { get; set; }
    [Display(Name = "Durée (min)")] public int? DurationMinutes { get; set; }
    [Display(Name = "Sens")] public CallDirection? Direction { get; set; }
    [Display(Name = "État")] public MeetingStatus? Status { get; set; }
    [Display(Name = "Résultat")] public string? Result { get; set; }
    [Display(Name = "Lieu")] public string? Place { get; set; }
    [Display(Name = "Ordre du jour")] public string? Agenda { get; set; }
    [Display(Name = "Texte")] public string? Text { get; set; }
    [Display(Name = "Visibilité")] public Sharing Sharing { get; set; }
    [Display(Name = "Auteur")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
    [Display(Name = "Contacts")] public IReadOnlyList<Guid> ContactIds { get; set; } = [];
    [Display(Name = "Collègues")] public IReadOnlyList<Guid> ColleagueIds { get; set; } = [];
    [Display(Name = "Étiquettes")] public IReadOnlyList<string> Tags { get; set; } = [];
}

/// <summary>A call, a meeting or a note. Its owner is its author; a private one is theirs alone, whatever their role sees.</summary>
public sealed class Activity : IOwned, IVersioned, IBinnable, IRestorable
{
    /// <summary>The address that shows an activity; {0} is its id.</summary>
    public const string Address = "/activities/{0}";

    /// <summary>The longest text of an activity, in characters.</summary>
    public const int LongestText = 50_000;

    private const int LongestSubject = 200;
    private const int LongestMinutes = 7 * 24 * 60;

    private readonly List<ActivityPerson> _people = [];
    private readonly List<ActivityLabel> _labels = [];

    private Activity()
    {
    }

    /// <summary>A new activity.</summary>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public Activity(ActivityDetails details, Actor by, DateTime now)
    {
        Id = Guid.CreateVersion7();
        Kind = details.Kind;
        CreatedAt = now;
        CreatedById = by.Id;
        Edit(details, now);
        Sequence = 0;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Nature")] public ActivityKind Kind { get; private set; }
    [Display(Name = "Objet")] public string Subject { get; private set; } = "";

    /// <summary>When it began or begins, UTC.</summary>
    [Display(Name = "Date")] public DateTime At { get; private set; }

    [Display(Name = "Durée (min)")] public int? DurationMinutes { get; private set; }

    /// <summary>For a call alone.</summary>
    [Display(Name = "Sens")] public CallDirection? Direction { get; private set; }

    /// <summary>For a meeting alone.</summary>
    [Display(Name = "État")] public MeetingStatus? Status { get; private set; }

    /// <summary>What came of a call, in one line.</summary>
    [Display(Name = "Résultat")] public string? Result { get; private set; }

    [Display(Name = "Lieu")] public string? Place { get; private set; }
    [Display(Name = "Ordre du jour")] public string? Agenda { get; private set; }

    /// <summary>The summary of a call, the minutes of a meeting, the note: light Markdown.</summary>
    [Display(Name = "Texte")] public string? Text { get; private set; }

    [Display(Name = "Visibilité")] public Sharing Sharing { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Auteur")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Établissement")] public Guid? InstitutionId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }

    /// <summary>Somebody of theirs was spoken to: a call that was not missed, a meeting that was held.</summary>
    [NotRecorded] public bool IsContact { get; private set; }

    /// <summary>How often the hour or the place changed since the first invitation (RFC 5545, SEQUENCE).</summary>
    [NotRecorded] public int Sequence { get; private set; }

    /// <summary>When invitations last left, UTC; null when nobody was invited.</summary>
    [NotRecorded] public DateTime? InvitedAt { get; private set; }

    /// <summary>The addresses that were told last, one a line.</summary>
    [NotRecorded] public string? InvitedTo { get; private set; }

    /// <summary>Which state of the meeting the guests were last told of; see <see cref="Sequence"/>.</summary>
    [NotRecorded] public int? InvitedSequence { get; private set; }

    /// <summary>Subject and text folded, for search.</summary>
    public string SearchKey { get; private set; } = "";

    /// <summary>Who wrote it.</summary>
    public Guid? CreatedById { get; private set; }

    /// <summary>When it was written, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When a field last changed, UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public DateTime? DeletedAt { get; set; }

    /// <summary>The contacts and colleagues who took part.</summary>
    public IReadOnlyList<ActivityPerson> People => _people;

    /// <summary>Its tags.</summary>
    public IReadOnlyList<ActivityLabel> Labels => _labels;

    /// <summary>The history and the audit are read by others: what is private is not named there.</summary>
    public string RecordName => Sharing is Sharing.Private ? $"{Foundation.Labels.Of(Kind)} à titre privé" : Subject;

    /// <summary>When it ends, UTC; a call or a note without duration ends when it begins.</summary>
    public DateTime EndsAt => At.AddMinutes(DurationMinutes ?? 0);

    /// <summary>The address that shows one activity.</summary>
    public static string LinkTo(Guid activityId) => $"/activities/{activityId}";

    /// <summary>Everything people edit, as it stands.</summary>
    public ActivityDetails Details() => new()
    {
        Kind = Kind,
        Subject = Subject,
        At = At,
        DurationMinutes = DurationMinutes,
        Direction = Direction,
        Status = Status,
        Result = Result,
        Place = Place,
        Agenda = Agenda,
        Text = Text,
        Sharing = Sharing,
        OwnerId = OwnerId,
        TeamId = TeamId,
        InstitutionId = InstitutionId,
        OpportunityId = OpportunityId,
        ContactIds = [.. _people.Where(person => person.ContactId is not null).Select(person => person.ContactId!.Value)],
        ColleagueIds = [.. _people.Where(person => person.UserId is not null).Select(person => person.UserId!.Value)],
        Tags = [.. _labels.Select(label => label.Text)],
    };

    /// <summary>Takes new values, after checking each. What has no meaning for its kind is left out. The kind stays.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public void Edit(ActivityDetails details, DateTime now)
    {
        var text = Clean.Text(details.Text, LongestText, nameof(Text));
        var subject = Clean.Text(details.Subject, LongestSubject, nameof(Subject)) ?? SubjectOf(text);
        var minutes = details.DurationMinutes is null or (>= 0 and <= LongestMinutes) ? details.DurationMinutes : throw new BusinessRuleException("La durée va de 0 minute à 7 jours.", nameof(DurationMinutes));
        if (details.At.Year is < 1990 or > 2100)
        {
            throw new BusinessRuleException("Indiquez une date entre 1990 et 2100.", nameof(At));
        }

        if (Kind is ActivityKind.Call && details.At > now.AddHours(1))
        {
            throw new BusinessRuleException("Un appel se note une fois passé. Pour plus tard, créez une tâche.", nameof(At));
        }

        if (details is { InstitutionId: null, OpportunityId: null, ContactIds.Count: 0 } && Kind is not ActivityKind.Meeting)
        {
            throw new BusinessRuleException("Reliez-la à un établissement, à un contact ou à une affaire.", nameof(InstitutionId));
        }

        if (details.ContactIds.Count + details.ColleagueIds.Count > 100)
        {
            throw new BusinessRuleException("Cent participants au plus.", nameof(ActivityDetails.ContactIds));
        }

        var (place, agenda, result) = (Clean.Text(details.Place, 300, nameof(Place)), Clean.Text(details.Agenda, LongestText, nameof(Agenda)), Clean.Text(details.Result, 500, nameof(Result)));
        var isMeeting = Kind is ActivityKind.Meeting;
        if (isMeeting && details.Status is MeetingStatus.Held && details.At > now)
        {
            throw new BusinessRuleException("Une réunion se tient une fois son heure venue.", nameof(Status));
        }

        if (isMeeting && (At != details.At || DurationMinutes != minutes || Place != place || (Status is MeetingStatus.Cancelled) != (details.Status is MeetingStatus.Cancelled) || (InvitedAt is not null && SaysSomethingElse(details, subject, agenda))))
        {
            Sequence++;
        }

        (Subject, At, Text, Sharing) = (subject, details.At, text, details.Sharing);
        DurationMinutes = Kind is ActivityKind.Note ? null : isMeeting ? minutes ?? 60 : minutes;
        Direction = Kind is ActivityKind.Call ? details.Direction ?? CallDirection.Outgoing : null;
        Result = Kind is ActivityKind.Call ? result : null;
        Status = isMeeting ? details.Status ?? MeetingStatus.Planned : null;
        Place = isMeeting ? place : null;
        Agenda = isMeeting ? agenda : null;
        (OwnerId, TeamId, InstitutionId, OpportunityId) = (details.OwnerId, details.TeamId, details.InstitutionId, details.OpportunityId);
        TakePeople(details);
        LabelList.Match(_labels, _ => true, label => label.Text, LabelList.Clean(details.Tags, nameof(ActivityDetails.Tags)), tag => new ActivityLabel(Id, tag));
        Follow();
        UpdatedAt = now;
    }

    /// <summary>Puts a meeting at another moment (UTC), for another duration in minutes.</summary>
    /// <exception cref="BusinessRuleException">It is cancelled, no meeting, or the moment is refused.</exception>
    public void Reschedule(DateTime at, int minutes, DateTime now)
    {
        if (Kind is not ActivityKind.Meeting || Status is MeetingStatus.Cancelled)
        {
            throw new BusinessRuleException(Kind is ActivityKind.Meeting ? "Cette réunion est annulée." : "Seule une réunion se déplace.");
        }

        Edit(Details() with { At = at, DurationMinutes = minutes }, now);
    }

    /// <summary>Guests were told of the meeting as it stands, at a moment (UTC).</summary>
    public void Invited(IEnumerable<string> addresses, DateTime at) => (InvitedAt, InvitedSequence, InvitedTo) = (at, Sequence, string.Join('\n', addresses));

    /// <summary>Guests know another hour, another place, or do not know that it is cancelled.</summary>
    public bool GuestsAreBehind => InvitedAt is not null && InvitedSequence != Sequence;

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        // Whatever came back, the guests heard of something else since.
        Sequence += InvitedAt is null ? 0 : 1;
        Follow();
    }

    // What guests read in their invitation beside its hour and place.
    private bool SaysSomethingElse(ActivityDetails details, string subject, string? agenda)
        => Subject != subject || Agenda != agenda || !Details().ContactIds.ToHashSet().SetEquals(details.ContactIds) || !Details().ColleagueIds.ToHashSet().SetEquals(details.ColleagueIds);

    // What a title-less note is called: its first line, without the marks of its layout.
    private string SubjectOf(string? text)
    {
        var line = text?.Replace("**", "", StringComparison.Ordinal).Replace("__", "", StringComparison.Ordinal).Split('\n').Select(line => line.Trim(' ', '\t', '\r', '#', '*', '_', '-', '>')).FirstOrDefault(line => line.Length > 0);
        return line is null
            ? throw new BusinessRuleException(Kind is ActivityKind.Note ? (Sentence)"Écrivez la note." : "Indiquez l'objet.", Kind is ActivityKind.Note ? nameof(Text) : nameof(Subject))
            : Clean.Shortened(line, LongestSubject);
    }

    private void TakePeople(ActivityDetails details)
    {
        _people.RemoveAll(person => person.ContactId is { } contact ? !details.ContactIds.Contains(contact) : !details.ColleagueIds.Contains(person.UserId!.Value));
        _people.AddRange(details.ContactIds.Distinct().Where(id => !_people.Exists(person => person.ContactId == id)).Select(id => new ActivityPerson(Id, RecordName, contactId: id, userId: null)));
        _people.AddRange(details.ColleagueIds.Distinct().Where(id => !_people.Exists(person => person.UserId == id)).Select(id => new ActivityPerson(Id, RecordName, contactId: null, userId: id)));
    }

    private void Follow()
    {
        IsContact = Kind switch
        {
            ActivityKind.Call => Direction is not CallDirection.Missed,
            ActivityKind.Meeting => Status is MeetingStatus.Held,
            _ => false,
        };
        SearchKey = Foundation.SearchKey.Fold($"{Subject} {(Text is { Length: > 4000 } ? Text[..4000] : Text)}");
    }
}

/// <summary>Somebody who took part in an activity: a contact, or a colleague.</summary>
public sealed class ActivityPerson : IRecordedPart
{
    private ActivityPerson()
    {
    }

    internal ActivityPerson(Guid activityId, string name, Guid? contactId, Guid? userId)
    {
        Id = Guid.CreateVersion7();
        (ActivityId, ActivityName, ContactId, UserId) = (activityId, name, contactId, userId);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The activity.</summary>
    public Guid ActivityId { get; private set; }

    /// <summary>What the activity was called when they joined it.</summary>
    [NotRecorded] public string ActivityName { get; private set; } = "";

    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Collègue")] public Guid? UserId { get; private set; }

    /// <inheritdoc/>
    public string RecordName => ActivityName;

    /// <inheritdoc/>
    public string WholeType => nameof(Activity);

    /// <inheritdoc/>
    public Guid WholeId => ActivityId;
}

/// <summary>A tag on an activity.</summary>
public sealed class ActivityLabel : IRecordedPart
{
    private ActivityLabel()
    {
    }

    internal ActivityLabel(Guid activityId, string text)
    {
        Id = Guid.CreateVersion7();
        (ActivityId, Text, SearchKey) = (activityId, text, Foundation.SearchKey.Fold(text));
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The activity.</summary>
    public Guid ActivityId { get; private set; }

    [Display(Name = "Libellé")] public string Text { get; private set; } = "";

    /// <summary>The text folded, for filters.</summary>
    public string SearchKey { get; private set; } = "";

    /// <inheritdoc/>
    public string RecordName => Text;

    /// <inheritdoc/>
    public string WholeType => nameof(Activity);

    /// <inheritdoc/>
    public Guid WholeId => ActivityId;
}

internal sealed class ActivityConfiguration : IEntityTypeConfiguration<Activity>, IEntityTypeConfiguration<ActivityPerson>, IEntityTypeConfiguration<ActivityLabel>
{
    public void Configure(EntityTypeBuilder<Activity> activity)
    {
        activity.Ignore(a => a.EndsAt);
        activity.Ignore(a => a.GuestsAreBehind);
        activity.HasOne<User>().WithMany().HasForeignKey(a => a.OwnerId).OnDelete(DeleteBehavior.Restrict);
        activity.HasOne<Team>().WithMany().HasForeignKey(a => a.TeamId).OnDelete(DeleteBehavior.Restrict);
        activity.HasOne<Institution>().WithMany().HasForeignKey(a => a.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        activity.HasOne<Opportunity>().WithMany().HasForeignKey(a => a.OpportunityId).OnDelete(DeleteBehavior.Restrict);
        activity.HasMany(a => a.People).WithOne().HasForeignKey(p => p.ActivityId).OnDelete(DeleteBehavior.Cascade);
        activity.HasMany(a => a.Labels).WithOne().HasForeignKey(l => l.ActivityId).OnDelete(DeleteBehavior.Cascade);
        activity.HasIndex(a => new { a.InstitutionId, a.DeletedAt, a.Kind, a.At });
        activity.HasIndex(a => new { a.OpportunityId, a.At });
        activity.HasIndex(a => new { a.OwnerId, a.DeletedAt, a.At });
        activity.HasIndex(a => new { a.TeamId, a.DeletedAt, a.At });
        activity.HasIndex(a => new { a.DeletedAt, a.At });

        // The last time somebody was spoken to, asked for each institution.
        activity.HasIndex(a => new { a.InstitutionId, a.At }).HasDatabaseName("IX_Activities_ContactsByInstitution").HasFilter("\"IsContact\" AND \"DeletedAt\" IS NULL");
    }

    public void Configure(EntityTypeBuilder<ActivityPerson> person)
    {
        person.HasOne<Contact>().WithMany().HasForeignKey(p => p.ContactId).OnDelete(DeleteBehavior.Restrict);
        person.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Restrict);

        // A row is a contact or a colleague: each index holds its own, or the many empty ones would make it look useless.
        person.HasIndex(p => new { p.ContactId, p.ActivityId }).HasFilter("\"ContactId\" IS NOT NULL");
        person.HasIndex(p => new { p.UserId, p.ActivityId }).HasFilter("\"UserId\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<ActivityLabel> label) => label.HasIndex(l => new { l.SearchKey, l.ActivityId });
}
