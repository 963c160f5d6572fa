using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.FollowUp;

/// <summary>A task that comes back: what each occurrence is made from, and the rule of its days. One occurrence is open at a time.</summary>
public sealed class TaskSeries : IOwned, IVersioned, IBinnable
{
    private TaskSeries()
    {
    }

    /// <summary>A new series.</summary>
    /// <exception cref="BusinessRuleException">A field or the rule is refused.</exception>
    public TaskSeries(FollowUpTaskDetails details, Recurrence rule, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        CreatedById = by.Id;
        Edit(details, rule, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Titre")] public string Title { get; private set; } = "";
    [Display(Name = "Heure")] public TimeOnly? DueTime { get; private set; }
    [Display(Name = "Priorité")] public TaskPriority Priority { get; private set; }
    [Display(Name = "Rappel")] public TaskReminder? Reminder { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Assignée à")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Établissement")] public Guid? InstitutionId { get; private set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }
    [Display(Name = "Notes")] public string? Notes { get; private set; }

    [Display(Name = "Répétition")] public RecurrenceKind Kind { get; private set; }
    [Display(Name = "Intervalle")] public int Every { get; private set; }
    [Display(Name = "Jours")] public Weekdays Days { get; private set; }
    [Display(Name = "Jour du mois")] public MonthDay MonthDay { get; private set; }
    [Display(Name = "Quantième")] public int DayOfMonth { get; private set; }
    [Display(Name = "Rang dans le mois")] public int Ordinal { get; private set; }
    [Display(Name = "À partir du")] public DateOnly FirstDay { get; private set; }
    [Display(Name = "Fin")] public RecurrenceEnd Ends { get; private set; }
    [Display(Name = "Jusqu'au")] public DateOnly? EndsOn { get; private set; }
    [Display(Name = "Nombre de fois")] public int? Times { get; private set; }

    /// <summary>Who began it.</summary>
    public Guid? CreatedById { get; private set; }

    /// <summary>When it was begun, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When a field last changed, UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public DateTime? DeletedAt { get; set; }

    /// <inheritdoc/>
    public string RecordName => Title;

    /// <summary>The rule of its days.</summary>
    public Recurrence Rule => new()
    {
        Kind = Kind,
        Every = Every,
        Days = Days,
        MonthDay = MonthDay,
        DayOfMonth = DayOfMonth,
        Ordinal = Ordinal,
        FirstDay = FirstDay,
        Ends = Ends,
        EndsOn = EndsOn,
        Times = Times,
    };

    /// <summary>What an occurrence on a day begins with.</summary>
    public FollowUpTaskDetails DetailsOn(DateOnly day) => new()
    {
        Title = Title,
        DueOn = day,
        DueTime = DueTime,
        Priority = Priority,
        Reminder = Reminder,
        OwnerId = OwnerId,
        TeamId = TeamId,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OpportunityId = OpportunityId,
        Notes = Notes,
    };

    /// <summary>Takes what its next occurrences begin with, and their rule.</summary>
    /// <exception cref="BusinessRuleException">The rule is refused; the fields are those of a task that was accepted.</exception>
    public void Edit(FollowUpTaskDetails details, Recurrence rule, DateTime at)
    {
        rule = rule.Checked();
        (Title, Notes) = (Clean.Required(details.Title, 200, nameof(Title), "Indiquez ce qu'il faut faire."), Clean.Text(details.Notes, 20_000, nameof(Notes)));
        (DueTime, Priority, Reminder) = (details.DueTime, details.Priority, details.Reminder);
        (OwnerId, TeamId) = (details.OwnerId, details.TeamId);
        (InstitutionId, ContactId, OpportunityId) = (details.InstitutionId, details.ContactId, details.OpportunityId);
        (Kind, Every, Days, MonthDay, DayOfMonth, Ordinal) = (rule.Kind, rule.Every, rule.Days, rule.MonthDay, rule.DayOfMonth, rule.Ordinal);
        (FirstDay, Ends, EndsOn, Times) = (rule.FirstDay, rule.Ends, rule.EndsOn, rule.Times);
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }
}

internal sealed class TaskSeriesConfiguration : IEntityTypeConfiguration<TaskSeries>
{
    public void Configure(EntityTypeBuilder<TaskSeries> series)
    {
        series.ToTable("TaskSeries");
        series.Ignore(s => s.Rule);
        series.HasOne<User>().WithMany().HasForeignKey(s => s.OwnerId).OnDelete(DeleteBehavior.Restrict);
        series.HasOne<Team>().WithMany().HasForeignKey(s => s.TeamId).OnDelete(DeleteBehavior.Restrict);
        series.HasOne<Institution>().WithMany().HasForeignKey(s => s.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        series.HasOne<Contact>().WithMany().HasForeignKey(s => s.ContactId).OnDelete(DeleteBehavior.Restrict);
        series.HasOne<Opportunity>().WithMany().HasForeignKey(s => s.OpportunityId).OnDelete(DeleteBehavior.Restrict);
    }
}
