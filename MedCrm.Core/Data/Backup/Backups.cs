using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Data.Backup;

/// <summary>A backup of the data folder. The moment is UTC, the size in bytes.</summary>
public sealed record BackupRow(string Name, DateTime TakenAt, long Length);

/// <summary>How the backups, the stored files and the disk stand. Sizes in bytes, the moment UTC. A long log means that a reader never lets go of the database.</summary>
public sealed record BackupState(IReadOnlyList<BackupRow> Backups, DateTime? LastOkAt, bool IsLate, string Folder, long DatabaseLength, long LogLength, bool LogIsLong, long FreeSpace, bool DiskIsLow, StoredFilesState Files);

/// <summary>What a trial restore found. Moments in UTC.</summary>
public sealed record BackupTrial(string Name, DateTime TakenAt, long Rows, int Files, TimeSpan Duration);

/// <summary>The door of the backups: taken every night and on demand, tried without touching the live data, kept fourteen days.</summary>
public sealed class Backups(BackupArchives archives, StoredFiles files, DataFolder folder, WriteGate gate, ICurrentUser currentUser, BusinessClock clock, ILogger<Backups> logger)
{
    private const int LeastKept = 3;
    private const long LowSpace = 1L << 30;
    private const long LongLog = 256L << 20;
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_late = TimeSpan.FromHours(26);

    /// <summary>The backups, newest first, and what an administrator must watch: their age (26 hours at most), the stored files, the disk, the log.</summary>
    public async Task<BackupState> StateAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        var rows = Rows();
        var last = rows.Count > 0 ? rows[0].TakenAt : (DateTime?)null;
        var log = LengthOf(folder.Database + "-wal");
        var disk = new DriveInfo(folder.Root);
        return new BackupState(
            rows,
            last,
            last is null || clock.UtcNow - last > s_late,
            folder.Backups,
            LengthOf(folder.Database),
            log,
            log > LongLog,
            disk.AvailableFreeSpace,
            disk.AvailableFreeSpace < LowSpace || disk.AvailableFreeSpace < disk.TotalSize / 10,
            await files.LookAsync(cancellationToken));
    }

    /// <summary>When the last complete, verified backup was taken, UTC; null when there is none.</summary>
    public DateTime? LastOkAt() => Rows() is [var newest, ..] ? newest.TakenAt : null;

    /// <summary>Takes a backup now.</summary>
    /// <exception cref="BusinessRuleException">It could not be written or verified.</exception>
    public async Task<BackupRow> CreateAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        var path = await Task.Run(() => archives.CreateAsync(folder.Backups, cancellationToken), cancellationToken);
        logger.LogInformation("Backup {Path} taken by {Actor}", path, actor.Name);
        return Row(path)!;
    }

    /// <summary>The work of the night: a backup, the old ones removed, the database tidied.</summary>
    /// <exception cref="BusinessRuleException">The backup could not be written or verified; nothing was removed.</exception>
    public async Task<BackupRow> NightlyAsync(CancellationToken cancellationToken = default)
    {
        var taken = await CreateAsync(cancellationToken);
        foreach (var old in Rows().Skip(LeastKept).Where(row => row.TakenAt < clock.UtcNow - s_kept))
        {
            File.Delete(Path.Combine(folder.Backups, old.Name));
        }

        // Emptying the log is a checkpoint, which must never meet a write.
        using (await gate.EnterAsync(cancellationToken))
        {
            await Task.Run(() => SqliteFile.TidyAsync(folder.Database, cancellationToken), cancellationToken);
        }

        return taken;
    }

    /// <summary>Restores a backup aside, all checks included, and throws it away: the live data is not touched.</summary>
    /// <exception cref="BusinessRuleException">The backup would not restore; the sentence says why.</exception>
    public async Task<BackupTrial> TestAsync(string name, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        var row = Rows().FirstOrDefault(candidate => candidate.Name == name) ?? throw new BusinessRuleException("Cette sauvegarde n'existe plus.");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var manifest = await Task.Run(() => archives.TestAsync(Path.Combine(folder.Backups, row.Name), cancellationToken), cancellationToken);
        return new BackupTrial(row.Name, manifest.CreatedAt, manifest.Rows.Values.Sum(), manifest.Entries.Count - 1, watch.Elapsed);
    }

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private List<BackupRow> Rows()
        => [.. Directory.GetFiles(folder.Backups, "*.zip").Select(Row).OfType<BackupRow>().OrderByDescending(row => row.TakenAt)];

    private static BackupRow? Row(string path)
        => BackupArchives.TakenAt(path) is { } at ? new BackupRow(Path.GetFileName(path), at, LengthOf(path)) : null;
}
