using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Imports;

/// <summary>Where an import stands. What « Annulation » and « Annulé » say is never stored: the change history tells whether the gesture was taken back.</summary>
public enum ImportStatus
{
    [Display(Name = "En cours")] Running,
    [Display(Name = "Terminé")] Finished,
    [Display(Name = "Interrompu")] Cancelled,
    [Display(Name = "En échec")] Failed,
    [Display(Name = "Annulé")] Reverted,

    /// <summary>It is being taken back.</summary>
    [Display(Name = "Annulation en cours")] Reverting,

    /// <summary>Taking it back stopped half-way; asking again finishes it.</summary>
    [Display(Name = "Annulation interrompue")] HalfReverted,
}

/// <summary>One import of one file: what it did, and the change set that takes it back.</summary>
public sealed class ImportRun
{
    private ImportRun()
    {
    }

    /// <summary>An import that starts. <paramref name="total"/> is the number of rows expected, or null when nobody counted them.</summary>
    public ImportRun(string fileName, ImportSubject subject, string format, string fileHash, string? headers, int? total, Guid? startedById, string startedByName, Guid changeSetId, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (FileName, Subject, Format, FileHash, Headers, Total) = (fileName, subject, format, fileHash, headers, total);
        (StartedById, StartedByName, ChangeSetId, StartedAt, ProgressAt) = (startedById, startedByName, changeSetId, at, at);
    }

    public Guid Id { get; private set; }
    public string FileName { get; private set; } = "";

    /// <summary>What its rows describe.</summary>
    public ImportSubject Subject { get; private set; }

    public string Format { get; private set; } = "";

    /// <summary>SHA-256 of the file, hexadecimal.</summary>
    public string FileHash { get; private set; } = "";

    /// <summary>The column names as a JSON array, so that rows in error can be given back under them; null when the file has none.</summary>
    public string? Headers { get; private set; }

    /// <summary>Rows expected, when somebody counted them.</summary>
    public int? Total { get; private set; }

    public Guid? StartedById { get; private set; }
    public string StartedByName { get; private set; } = "";

    /// <summary>The change set that holds everything it wrote.</summary>
    public Guid ChangeSetId { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime StartedAt { get; private set; }

    /// <summary>When it last wrote something, UTC.</summary>
    public DateTime ProgressAt { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime? FinishedAt { get; private set; }

    public ImportStatus Status { get; private set; }

    /// <summary>Rows read so far.</summary>
    public int Rows { get; private set; }

    public int Created { get; private set; }
    public int Updated { get; private set; }
    public int Unchanged { get; private set; }
    public int Skipped { get; private set; }
    public int Errors { get; private set; }
    public int Warnings { get; private set; }

    /// <summary>Why it failed or stopped, in French.</summary>
    public string? Failure { get; private set; }

    /// <summary>Writes down how far it is.</summary>
    public void Progress(ImportCounts counts, DateTime at)
    {
        (Rows, Created, Updated, Unchanged, Skipped, Errors, Warnings) = (counts.Rows, counts.Created, counts.Updated, counts.Unchanged, counts.Skipped, counts.Errors, counts.Warnings);
        ProgressAt = at;
    }

    /// <summary>It ended.</summary>
    public void End(ImportStatus status, DateTime at, string? failure = null) => (Status, FinishedAt, ProgressAt, Failure) = (status, at, at, failure);
}

/// <summary>What kind of remark an import makes on a row.</summary>
public enum ImportIssueKind
{
    [Display(Name = "Avertissement")] Warning,
    [Display(Name = "Erreur")] Error,
    [Display(Name = "Ligne ignorée")] Skipped,

    /// <summary>A record that stayed as it was when the import was taken back; its name is the value, its id the cells.</summary>
    [Display(Name = "Fiche laissée")] Kept,

    /// <summary>Why the import could not be taken back.</summary>
    [Display(Name = "Annulation refusée")] RevertRefused,
}

/// <summary>A remark on one row of an imported file; rows in error keep their cells so that they can be downloaded, mended and imported again.</summary>
public sealed class ImportIssue
{
    private ImportIssue()
    {
    }

    /// <summary>A remark on a row.</summary>
    public ImportIssue(Guid importRunId, int line, ImportIssueKind kind, string? column, string message, string? value, string? cells)
        => (ImportRunId, Line, Kind, Column, Message, Value, Cells) = (importRunId, line, kind, column, message, value, cells);

    public long Id { get; private set; }
    public Guid ImportRunId { get; private set; }

    /// <summary>The line of the file, from 1.</summary>
    public int Line { get; private set; }

    public ImportIssueKind Kind { get; private set; }
    public string? Column { get; private set; }

    /// <summary>In French.</summary>
    public string Message { get; private set; } = "";

    public string? Value { get; private set; }

    /// <summary>The row's cells as a JSON array, for rows in error.</summary>
    public string? Cells { get; private set; }
}

internal sealed class ImportConfiguration : IEntityTypeConfiguration<ImportRun>, IEntityTypeConfiguration<ImportIssue>
{
    public void Configure(EntityTypeBuilder<ImportRun> run)
    {
        run.Property(r => r.Id).ValueGeneratedNever();
        run.HasIndex(r => r.StartedAt);
        run.HasIndex(r => r.ChangeSetId);
    }

    public void Configure(EntityTypeBuilder<ImportIssue> issue)
    {
        issue.HasOne<ImportRun>().WithMany().HasForeignKey(i => i.ImportRunId).OnDelete(DeleteBehavior.Cascade);
        issue.HasIndex(i => new { i.ImportRunId, i.Kind, i.Line });
    }
}
