using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.FollowUp;

/// <summary>How pressing a task is.</summary>
public enum TaskPriority
{
    [Display(Name = "Basse")] Low,
    [Display(Name = "Normale")] Normal,
    [Display(Name = "Haute")] High,
}

/// <summary>Where a task stands.</summary>
public enum FollowUpStatus
{
    [Display(Name = "À faire")] ToDo,
    [Display(Name = "En cours")] InProgress,
    [Display(Name = "Terminée")] Done,
    [Display(Name = "Abandonnée")] Cancelled,
}

/// <summary>Everything about a task that people edit.</summary>
public sealed record FollowUpTaskDetails
{
    [Display(Name = "Titre")] public string Title { get; set; } = "";
    [Display(Name = "Échéance")] public DateOnly? DueOn { get; set; }
    [Display(Name = "Heure")] public TimeOnly? DueTime { get; set; }
    [Display(Name = "Priorité")] public TaskPriority Priority { get; set; } = TaskPriority.Normal;
    [Display(Name = "Rappel")] public TaskReminder? Reminder { get; set; }
    [Display(Name = "Assignée à")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "État")] public FollowUpStatus Status { get; set; }
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
    [Display(Name = "Notes")] public string? Notes { get; set; }
}

/// <summary>Something somebody has to do by a day. Its owner is the assignee.</summary>
public sealed class FollowUpTask : IOwned, IVersioned, IBinnable, IRestorable
{
    /// <summary>The address that opens a task over the list; {0} is its id.</summary>
    public const string Address = "/tasks?open={0}";

    /// <summary>The address that opens one task.</summary>
    public static string LinkTo(Guid taskId) => $"/tasks?open={taskId}";

    /// <summary>The most steps that a task has.</summary>
    public const int MostSteps = 100;

    private readonly List<TaskStep> _steps = [];

    private FollowUpTask()
    {
    }

    /// <summary>A new task.</summary>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public FollowUpTask(FollowUpTaskDetails details, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        CreatedById = by.Id;
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Titre")] public string Title { get; private set; } = "";
    [Display(Name = "Échéance")] public DateOnly? DueOn { get; private set; }
    [Display(Name = "Heure")] public TimeOnly? DueTime { get; private set; }
    [Display(Name = "Priorité")] public TaskPriority Priority { get; private set; }
    [Display(Name = "Rappel")] public TaskReminder? Reminder { get; private set; }

    /// <summary>The local day on which it is recalled, and <see cref="RemindTime"/> the hour.</summary>
    [NotRecorded] public DateOnly? RemindOn { get; private set; }

    /// <summary>The local hour at which it is recalled.</summary>
    [NotRecorded] public TimeOnly? RemindTime { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Assignée à")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "État")] public FollowUpStatus Status { get; private set; }

    /// <summary>Still to be done.</summary>
    [NotRecorded] public bool IsOpen { get; private set; }

    [Display(Name = "Établissement")] public Guid? InstitutionId { get; private set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }
    [Display(Name = "Notes")] public string? Notes { get; private set; }

    /// <summary>The series that it is an occurrence of.</summary>
    [Display(Name = "Série")] public Guid? SeriesId { get; private set; }

    /// <summary>The day that the rule of the series gives it, wherever it was put off to.</summary>
    [Display(Name = "Jour de la série")] public DateOnly? SeriesDay { get; private set; }

    /// <summary>What it is made of, in no order.</summary>
    public IReadOnlyList<TaskStep> Steps => _steps;

    /// <summary>When it was finished or given up, UTC.</summary>
    [Display(Name = "Terminée le")] public DateTime? CompletedAt { get; private set; }

    /// <summary>What came of it, in one line.</summary>
    [Display(Name = "Résultat")] public string? Result { get; private set; }

    /// <summary>Title folded, for search.</summary>
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

    /// <inheritdoc/>
    public string RecordName => Title;

    /// <summary>Everything people edit, as it stands.</summary>
    public FollowUpTaskDetails Details() => new()
    {
        Title = Title,
        DueOn = DueOn,
        DueTime = DueTime,
        Priority = Priority,
        Reminder = Reminder,
        OwnerId = OwnerId,
        TeamId = TeamId,
        Status = Status,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OpportunityId = OpportunityId,
        Notes = Notes,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public void Edit(FollowUpTaskDetails details, DateTime at)
    {
        var title = Clean.Required(details.Title, 200, nameof(Title), "Indiquez ce qu'il faut faire.");
        var notes = Clean.Text(details.Notes, 20_000, nameof(Notes));
        if (details.DueTime is not null && details.DueOn is null)
        {
            throw new BusinessRuleException("Une heure demande un jour.", nameof(DueOn));
        }

        if (details.Reminder is not null && details.DueOn is null)
        {
            throw new BusinessRuleException("Un rappel demande un jour.", nameof(DueOn));
        }

        (Title, DueOn, DueTime, Priority, Notes) = (title, details.DueOn, details.DueTime, details.Priority, notes);
        (OwnerId, TeamId) = (details.OwnerId, details.TeamId);
        (InstitutionId, ContactId, OpportunityId) = (details.InstitutionId, details.ContactId, details.OpportunityId);
        Reminder = details.Reminder;
        Follow();
        Become(details.Status, at);
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <summary>Finishes the task, with what came of it.</summary>
    public void Complete(string? result, DateTime at)
    {
        Result = Clean.Text(result, 500, nameof(Result));
        Become(FollowUpStatus.Done, at);
        UpdatedAt = at;
    }

    /// <summary>Puts the task off to another day.</summary>
    public void PutOff(DateOnly dueOn, DateTime at) => Edit(Details() with { DueOn = dueOn }, at);

    /// <summary>Is the occurrence of a series on one of its days.</summary>
    public void Join(TaskSeries series, DateOnly day) => (SeriesId, SeriesDay) = (series.Id, day);

    /// <summary>Is no occurrence of a series any more.</summary>
    public void LeaveSeries() => (SeriesId, SeriesDay) = (null, null);

    /// <summary>Adds a step, after the others.</summary>
    /// <exception cref="BusinessRuleException">The title is refused, or there are too many.</exception>
    public TaskStep AddStep(string title)
    {
        if (_steps.Count >= MostSteps)
        {
            throw new BusinessRuleException($"Une tâche a {MostSteps} sous-tâches au plus.", nameof(TaskStep.Title));
        }

        var step = new TaskStep(Id, title, _steps.Count == 0 ? 0 : _steps.Max(other => other.Position) + 1);
        _steps.Add(step);
        return step;
    }

    /// <summary>Removes a step.</summary>
    public void RemoveStep(TaskStep step) => _steps.Remove(step);

    /// <summary>Puts a step at a place among the others, from 0.</summary>
    public void MoveStep(TaskStep step, int place)
    {
        var others = _steps.Where(other => other != step).OrderBy(other => other.Position).ToList();
        others.Insert(Math.Clamp(place, 0, others.Count), step);
        for (var position = 0; position < others.Count; position++)
        {
            others[position].PlaceAt(position);
        }
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        IsOpen = Status is FollowUpStatus.ToDo or FollowUpStatus.InProgress;
        Follow();
    }

    private void Follow()
    {
        SearchKey = Foundation.SearchKey.Fold(Title);
        (RemindOn, RemindTime) = (null, null);
        if (Reminder is { } reminder && DueOn is { } day)
        {
            (RemindOn, RemindTime) = ReminderTimes.Of(day, DueTime, reminder);
        }
    }

    private void Become(FollowUpStatus status, DateTime at)
    {
        var open = status is FollowUpStatus.ToDo or FollowUpStatus.InProgress;
        if (Status != status || IsOpen != open)
        {
            CompletedAt = open ? null : CompletedAt ?? at;
        }

        (Status, IsOpen) = (status, open);
    }
}

internal sealed class FollowUpTaskConfiguration : IEntityTypeConfiguration<FollowUpTask>
{
    public void Configure(EntityTypeBuilder<FollowUpTask> task)
    {
        task.HasOne<User>().WithMany().HasForeignKey(t => t.OwnerId).OnDelete(DeleteBehavior.Restrict);
        task.HasOne<Team>().WithMany().HasForeignKey(t => t.TeamId).OnDelete(DeleteBehavior.Restrict);
        task.HasOne<Institution>().WithMany().HasForeignKey(t => t.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        task.HasOne<Contact>().WithMany().HasForeignKey(t => t.ContactId).OnDelete(DeleteBehavior.Restrict);
        task.HasOne<TaskSeries>().WithMany().HasForeignKey(t => t.SeriesId).OnDelete(DeleteBehavior.Restrict);
        task.HasMany(t => t.Steps).WithOne().HasForeignKey(s => s.TaskId).OnDelete(DeleteBehavior.Cascade);
        task.Navigation(t => t.Steps).HasField("_steps").UsePropertyAccessMode(PropertyAccessMode.Field);
        task.HasOne<Opportunity>().WithMany().HasForeignKey(t => t.OpportunityId).OnDelete(DeleteBehavior.Restrict);
        task.HasIndex(t => new { t.OwnerId, t.DeletedAt, t.IsOpen, t.DueOn });
        task.HasIndex(t => new { t.DeletedAt, t.IsOpen, t.DueOn });
        task.HasIndex(t => new { t.TeamId, t.DeletedAt, t.IsOpen });
        task.HasIndex(t => t.InstitutionId);
        task.HasIndex(t => t.ContactId);
        task.HasIndex(t => new { t.OpportunityId, t.IsOpen, t.DueOn });

        // The reminders still to ring, looked at every minute.
        task.HasIndex(t => new { t.RemindOn, t.RemindTime }).HasDatabaseName("IX_FollowUpTasks_Reminders").HasFilter("\"RemindOn\" IS NOT NULL AND \"IsOpen\" AND \"DeletedAt\" IS NULL");

        // The finished tasks of the board, the last first.
        task.HasIndex(t => new { t.Status, t.CompletedAt });

        // A day of a series happens once, whoever finishes the one before and however often.
        task.HasIndex(t => new { t.SeriesId, t.SeriesDay }).IsUnique().HasDatabaseName("IX_FollowUpTasks_OncePerDayOfSeries").HasFilter("\"DeletedAt\" IS NULL");

        // What is planned is asked for deal by deal, and each morning person by person: these hold the open tasks alone, for a yes-or-no column is no bound of an index here.
        task.HasIndex(t => new { t.OpportunityId, t.DueOn }).HasDatabaseName("IX_FollowUpTasks_OpenByOpportunity").HasFilter("\"IsOpen\" AND \"DeletedAt\" IS NULL");
        task.HasIndex(t => new { t.OwnerId, t.DueOn }).HasDatabaseName("IX_FollowUpTasks_OpenByOwner").HasFilter("\"IsOpen\" AND \"DeletedAt\" IS NULL");
    }
}
