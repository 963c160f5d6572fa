using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data.Backup;

/// <summary><c>backup DIR</c>: writes a verified archive of the data folder, beside the running server or not.</summary>
public sealed class BackupCommand(BackupArchives archives) : IConsoleCommand
{
    /// <inheritdoc/>
    public string Name => "backup";

    /// <inheritdoc/>
    public bool NeedsDatabase => false;

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var target])
        {
            await output.WriteLineAsync("Usage : backup DOSSIER");
            return 2;
        }

        var path = await archives.CreateAsync(target, cancellationToken);
        await output.WriteLineAsync($"Sauvegarde vérifiée : {path} ({new FileInfo(path).Length:N0} octets)");
        return 0;
    }
}

/// <summary><c>restore FILE</c>: puts a verified archive in the place of the live data, which is kept aside.</summary>
public sealed class RestoreCommand(BackupArchives archives) : IConsoleCommand
{
    /// <inheritdoc/>
    public string Name => "restore";

    /// <inheritdoc/>
    public bool NeedsDatabase => false;

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var path])
        {
            await output.WriteLineAsync("Usage : restore FICHIER");
            return 2;
        }

        await output.WriteLineAsync($"Vérification de {path}…");
        var aside = await archives.RestoreAsync(path, cancellationToken);
        await output.WriteLineAsync($"Restauration terminée. Les données d'avant sont dans {aside}.");
        return 0;
    }
}

/// <summary><c>check</c>: reads the whole database and says what is wrong. Exit code 1 when something is.</summary>
public sealed class CheckCommand(IDbContextFactory<MedCrmDbContext> contexts, DataFolder folder, IEnumerable<IDataCheck> checks) : IConsoleCommand
{
    /// <inheritdoc/>
    public string Name => "check";

    /// <inheritdoc/>
    public bool NeedsDatabase => false;

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Database))
        {
            throw new BusinessRuleException($"Il n'y a pas de base dans « {folder.Root} ».");
        }

        var faults = await ReportAsync(output, "Intégrité et clés étrangères", await SqliteFile.ProblemsAsync(folder.Database, quick: false, cancellationToken));
        if (faults == 0)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (!(await SqliteFile.MigrationsAsync(folder.Database, cancellationToken)).SequenceEqual(db.Database.GetMigrations()))
            {
                faults += await ReportAsync(output, "Schéma", ["la base est d'une autre version que ce programme : le reste n'a pas été vérifié"]);
            }
            else
            {
                foreach (var check in checks)
                {
                    faults += await ReportAsync(output, check.Name, await check.FaultsAsync(db, cancellationToken));
                }
            }
        }

        await output.WriteLineAsync($"faults={faults}");
        return faults == 0 ? 0 : 1;
    }

    private static async Task<int> ReportAsync(TextWriter output, string name, IReadOnlyList<string> faults)
    {
        await output.WriteLineAsync($"{name} : {(faults.Count == 0 ? "rien à signaler" : $"{faults.Count} défaut(s)")}");
        foreach (var fault in faults)
        {
            await output.WriteLineAsync($"  {fault}");
        }

        return faults.Count;
    }
}
