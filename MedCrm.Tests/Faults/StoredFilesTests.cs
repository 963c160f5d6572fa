using MedCrm.Core.Automation;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Faults;

public sealed class StoredFilesTests
{
    [Fact]
    public async Task Files_and_records_that_agree_are_nothing_to_report()
    {
        await using var world = await WorldAsync("contrats/a.pdf", "contrats/a.pdf", "b.pdf");
        await StoreAsync(world, "contrats/a.pdf");
        await StoreAsync(world, "b.pdf");

        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);
        Assert.Equal((0, "Fichiers : rien à signaler"), await CheckAsync(world));
        Assert.Equal("", await NightAsync(world));
    }

    [Fact]
    public async Task A_file_that_is_gone_and_one_that_nobody_knows_are_told_by_the_check_the_page_and_the_night()
    {
        await using var world = await WorldAsync("contrats/a.pdf", "b.pdf");
        await StoreAsync(world, "b.pdf");
        await StoreAsync(world, "contrats/perdu.pdf");
        await StoreAsync(world, "B.PDF");

        var (code, said) = await CheckAsync(world);
        Assert.Equal(1, code);
        Assert.Equal(
            """
            Fichiers : 3 défaut(s)
              « contrats/a.pdf » manque : une fiche y renvoie
              « B.PDF » n'appartient à aucune fiche
              « contrats/perdu.pdf » n'appartient à aucune fiche
            """,
            said);
        var state = (await world.Get<Backups>().StateAsync()).Files;
        Assert.Equal(["contrats/a.pdf"], state.Missing);
        Assert.Equal(["B.PDF", "contrats/perdu.pdf"], state.Strays);
        Assert.Equal(" Fichiers manquants : 1, sans fiche : 2.", await NightAsync(world));
    }

    private static Task<TestWorld> WorldAsync(params string[] paths)
        => TestWorld.CreateAsync(services => services.AddSingleton<IFileReferences>(new Room(paths)));

    private static async Task StoreAsync(TestWorld world, string path)
    {
        var file = Path.Combine(world.Folder.Files, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, path);
    }

    // The exit code, and what the command says of the files.
    private static async Task<(int Code, string Said)> CheckAsync(TestWorld world)
    {
        var output = new StringWriter();
        var code = await world.Get<IEnumerable<IConsoleCommand>>().Single(command => command.Name == "check").RunAsync([], output, CancellationToken.None);
        var lines = output.ToString().Split(Environment.NewLine).SkipWhile(line => !line.StartsWith("Fichiers :", StringComparison.Ordinal)).ToList();
        return (code, string.Join(Environment.NewLine, lines.Take(1).Concat(lines.Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)))));
    }

    // What the job of the night adds to the name of its backup.
    private static async Task<string> NightAsync(TestWorld world)
    {
        var result = await world.Get<Jobs>().RunNowAsync("backup");
        await using var db = world.Open();
        var outcome = (await db.JobRuns.SingleAsync()).Outcome!;
        Assert.Equal(outcome, result.Sentence);
        return outcome[(outcome.IndexOf(".zip.", StringComparison.Ordinal) + 5)..];
    }

    private sealed class Room(string[] paths) : IFileReferences
    {
        public Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<string>>(paths);
    }
}
