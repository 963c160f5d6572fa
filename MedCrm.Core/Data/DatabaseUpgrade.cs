using System.Globalization;
using MedCrm.Core.Foundation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Data;

/// <summary>
/// Brings the database to this program's schema at each start. A damaged or newer database is refused untouched; before a change of
/// schema a verified copy goes to the backups, and comes back when the change fails. Who calls holds the <see cref="InstanceLock"/>.
/// </summary>
internal sealed class DatabaseUpgrade(IDbContextFactory<MedCrmDbContext> contexts, DataFolder folder, BusinessClock clock, ILogger<DatabaseUpgrade> logger)
{
    private const int CopiesKept = 5;
    private const string CopyName = "avant-mise-a-jour-";

    /// <summary>Checks the file and changes its schema when this program is newer.</summary>
    /// <exception cref="BusinessRuleException">The database is damaged, newer than the program, or could not be brought up to date; it stands as it was.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Database))
        {
            await MigrateAsync(cancellationToken);
        }
        else
        {
            await DemandSoundAsync(cancellationToken);
            await SqliteFile.ForgetMigrationLockAsync(folder.Database, cancellationToken);
            if (await PendingAsync(cancellationToken) is { Count: > 0 } pending)
            {
                await UpgradeAsync(pending, cancellationToken);
            }
        }

        if (!await SqliteFile.UseWriteAheadLogAsync(folder.Database, cancellationToken))
        {
            throw new BusinessRuleException($"La base « {folder.Database} » refuse le journal WAL : le dossier de données doit être sur un disque local.");
        }
    }

    /// <summary>Accepts a database that is exactly at this program's schema, without touching it.</summary>
    /// <exception cref="BusinessRuleException">It is older or newer.</exception>
    public async Task DemandCurrentAsync(CancellationToken cancellationToken)
    {
        if (await PendingAsync(cancellationToken) is { Count: > 0 })
        {
            throw new BusinessRuleException("Le serveur qui tourne est d'une version plus ancienne que cette commande. Redémarrez-le d'abord.");
        }
    }

    private async Task DemandSoundAsync(CancellationToken cancellationToken)
    {
        if (await SqliteFile.ProblemsAsync(folder.Database, quick: true, cancellationToken) is [var problem, ..])
        {
            throw new BusinessRuleException(
                $"La base « {folder.Database} » est endommagée ({problem}). Rien n'a été modifié. Restaurez la dernière sauvegarde : restore \"{Path.Combine(folder.Backups, "medcrm-….zip")}\".");
        }
    }

    private async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = db.Database.GetMigrations().ToList();
        var applied = await SqliteFile.MigrationsAsync(folder.Database, cancellationToken);
        if (applied.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new BusinessRuleException($"La base « {folder.Database} » vient d'une version plus récente de MedCRM ({unknown}). Rien n'a été modifié : mettez le programme à jour, ou restaurez une sauvegarde de cette version-ci.");
        }

        return [.. known.Except(applied)];
    }

    private async Task UpgradeAsync(IReadOnlyList<string> pending, CancellationToken cancellationToken)
    {
        var copy = await KeepCopyAsync(cancellationToken);
        logger.LogInformation("Upgrading the database: {Migrations}. The copy before is {Copy}", string.Join(", ", pending), copy);
        try
        {
            await MigrateAsync(cancellationToken);
            if (await SqliteFile.ProblemsAsync(folder.Database, quick: false, cancellationToken) is [var problem, ..])
            {
                throw new InvalidDataException(problem);
            }
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "The upgrade of the database failed");
            PutBack(copy);
            throw new BusinessRuleException($"La mise à jour de la base a échoué ({failure.Message}). L'ancienne base a été remise en place, rien n'est perdu : relancez la version précédente de MedCRM. Copie gardée : {copy}");
        }
    }

    private async Task<string> KeepCopyAsync(CancellationToken cancellationToken)
    {
        var copy = Path.Combine(folder.Backups, CopyName + clock.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + ".db");
        try
        {
            SqliteFile.Delete(copy);
            await SqliteFile.CopyAsync(folder.Database, copy, cancellationToken);
        }
        catch (SqliteException failure)
        {
            SqliteFile.Delete(copy);
            throw new BusinessRuleException($"La copie de sécurité avant la mise à jour n'a pas pu être écrite ({failure.Message}). La base n'a pas été touchée : libérez de la place puis relancez.");
        }

        if (await SqliteFile.ProblemsAsync(copy, quick: false, cancellationToken) is [var problem, ..])
        {
            throw new BusinessRuleException($"La copie de sécurité avant la mise à jour n'est pas saine ({problem}). La base n'a pas été touchée.");
        }

        foreach (var old in Directory.GetFiles(folder.Backups, CopyName + "*.db").OrderDescending(StringComparer.Ordinal).Skip(CopiesKept))
        {
            File.Delete(old);
        }

        return copy;
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    private void PutBack(string copy)
    {
        SqliteFile.CloseAll(folder.Database);
        var next = folder.Database + ".returning";
        File.Copy(copy, next, overwrite: true);
        SqliteFile.Delete(folder.Database);
        File.Move(next, folder.Database);
    }
}
