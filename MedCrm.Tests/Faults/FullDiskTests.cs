using System.Diagnostics;
using MedCrm.Core.Foundation;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Faults;

public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_full_disk_refuses_the_save_with_a_sentence_keeps_reading_and_resumes_by_itself()
    {
        using var disk = new SmallDisk(8);
        await using var world = await TestWorld.CreateAsync(root: Path.Combine(disk.Path, "data"));
        await world.InstitutionAsync();
        var ballast = Path.Combine(disk.Path, "ballast");
        Fill(ballast);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => FillDatabaseAsync(world));

        Assert.Contains("disque est plein", refusal.Message, StringComparison.Ordinal);
        await using (var db = world.Open())
        {
            Assert.Equal("CHU de Nantes", await db.Institutions.OrderBy(institution => institution.CreatedAt).Select(institution => institution.Name).FirstAsync());
        }

        var backup = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Backups>().CreateAsync());
        Assert.Contains("n'a pas pu être écrite", backup.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(world.Folder.Backups));

        File.Delete(ballast);
        await world.InstitutionAsync("Clinique de la place retrouvée");
        await using var after = world.Open();
        Assert.True(await after.Institutions.AnyAsync(institution => institution.Name == "Clinique de la place retrouvée"));
    }

    private static async Task FillDatabaseAsync(TestWorld world)
    {
        for (var i = 0; i < 400; i++)
        {
            await world.InstitutionAsync($"Clinique {i}", with: details => details with { Notes = new string('x', 19_000) });
        }
    }

    // Leaves half a megabyte.
    private static void Fill(string path)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        File.WriteAllBytes(path, new byte[free - 500_000]);
    }

    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk(int megabytes)
        {
            Path = Directory.CreateTempSubdirectory("medcrm-disk").FullName;
            Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path));
        }

        public string Path { get; }

        public static int Run(string program, params string[] args)
        {
            using var process = Process.Start(program, args);
            process.WaitForExit();
            return process.ExitCode;
        }

        public void Dispose()
        {
            Run("umount", "-l", Path);
            Directory.Delete(Path);
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SmallDiskFactAttribute : FactAttribute
    {
        public SmallDiskFactAttribute()
        {
            if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            {
                Skip = "A small disk is mounted for this: it needs root on Linux.";
            }
        }
    }
}
