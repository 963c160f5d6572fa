using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.FollowUp;

/// <summary>One of the things that a task is made of, ticked by itself.</summary>
public sealed class TaskStep : IRecordedPart
{
    private TaskStep()
    {
    }

    internal TaskStep(Guid taskId, string title, int position)
    {
        Id = Guid.CreateVersion7();
        (TaskId, Position) = (taskId, position);
        Rename(title);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The task.</summary>
    public Guid TaskId { get; private set; }

    [Display(Name = "Titre")] public string Title { get; private set; } = "";

    [Display(Name = "Faite")] public bool IsDone { get; private set; }

    /// <summary>Its place among the others, smallest first.</summary>
    public int Position { get; private set; }

    /// <inheritdoc/>
    public string RecordName => Title;

    /// <inheritdoc/>
    public string WholeType => nameof(FollowUpTask);

    /// <inheritdoc/>
    public Guid WholeId => TaskId;

    /// <summary>Takes another title.</summary>
    /// <exception cref="BusinessRuleException">It is empty or too long.</exception>
    public void Rename(string title) => Title = Clean.Required(title, 200, nameof(Title), "Écrivez la sous-tâche.");

    /// <summary>Ticks it, or takes the tick away.</summary>
    public void Tick(bool isDone) => IsDone = isDone;

    /// <summary>Goes to a place among the others.</summary>
    internal void PlaceAt(int position) => Position = position;
}

internal sealed class TaskStepConfiguration : IEntityTypeConfiguration<TaskStep>
{
    public void Configure(EntityTypeBuilder<TaskStep> step)
    {
        step.Property(s => s.Title).HasMaxLength(200);
        step.HasIndex(s => new { s.TaskId, s.Position });
    }
}
