using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Faults;

public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_taken_under_load_restores_to_exactly_what_it_announced()
    {
        await using var world = await TestWorld.CreateAsync();
        await StoreFileAsync(world, "contrats/contrat.pdf", "signé");
        await File.WriteAllTextAsync(Path.Combine(world.Folder.Keys, "key-1.xml"), "<key/>");
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 3).Select(_ => Task.Run(() => WriteUntilAsync(world, enough.Token))).ToList();
        await Task.Delay(300);

        var taken = await world.Get<Backups>().CreateAsync();

        await enough.CancelAsync();
        await Task.WhenAll(load);
        var path = Path.Combine(world.Folder.Backups, taken.Name);
        var manifest = await world.Get<BackupArchives>().TestAsync(path);
        Assert.True(manifest.Rows["Institutions"] > 1);

        await using var other = await TestWorld.CreateAsync();
        await other.Get<BackupArchives>().RestoreAsync(path);

        await using var db = other.Open();
        Assert.Equal(manifest.Rows["Institutions"], await db.Institutions.LongCountAsync());
        Assert.Equal(manifest.Rows["RecordChanges"], await db.RecordChanges.LongCountAsync());
        Assert.Equal("signé", await File.ReadAllTextAsync(Path.Combine(other.Folder.Files, "contrats/contrat.pdf")));
        Assert.Equal("<key/>", await File.ReadAllTextAsync(Path.Combine(other.Folder.Keys, "key-1.xml")));
        Assert.Equal("wal", (await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").ToListAsync())[0]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_backup_with_one_flipped_byte_is_found_out_before_the_live_data_is_touched(double place)
    {
        await using var world = await TestWorld.CreateAsync();
        await StoreFileAsync(world, "a.txt", "vivant");
        var path = Path.Combine(world.Folder.Backups, (await world.Get<Backups>().CreateAsync()).Name);
        await world.InstitutionAsync("Écrit après la sauvegarde");
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, Flipped(bytes, (int)(bytes.Length * place)));

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<BackupArchives>().RestoreAsync(path));

        await AssertUntouchedAsync(world);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.99)]
    public async Task A_truncated_backup_is_found_out_before_the_live_data_is_touched(double kept)
    {
        await using var world = await TestWorld.CreateAsync();
        await StoreFileAsync(world, "a.txt", "vivant");
        var path = Path.Combine(world.Folder.Backups, (await world.Get<Backups>().CreateAsync()).Name);
        await world.InstitutionAsync("Écrit après la sauvegarde");
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(int)(bytes.Length * kept)]);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<BackupArchives>().RestoreAsync(path));

        await AssertUntouchedAsync(world);
    }

    [Fact]
    public async Task A_restore_keeps_the_data_before_aside()
    {
        await using var world = await TestWorld.CreateAsync();
        var path = Path.Combine(world.Folder.Backups, (await world.Get<Backups>().CreateAsync()).Name);
        await world.InstitutionAsync("Écrit après la sauvegarde");

        var aside = await world.Get<BackupArchives>().RestoreAsync(path);

        await using var db = world.Open();
        Assert.False(await db.Institutions.AnyAsync());
        Assert.True(File.Exists(Path.Combine(aside, "medcrm.db")));
    }

    [Fact]
    public async Task A_restore_killed_between_its_two_moves_is_taken_back_at_the_next_start()
    {
        await using var world = await TestWorld.CreateAsync();
        await StoreFileAsync(world, "a.txt", "vivant");
        await world.InstitutionAsync("Écrit après la sauvegarde");
        await using (var db = world.Open())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var aside = Path.Combine(world.Folder.Root, "avant-restauration-1");
        Directory.CreateDirectory(aside);
        File.Move(world.Folder.Database, Path.Combine(aside, "medcrm.db"));
        Directory.Move(world.Folder.Files, Path.Combine(aside, "files"));
        await File.WriteAllTextAsync(world.Folder.Database, "half of another database");
        await File.WriteAllTextAsync(Path.Combine(world.Folder.Root, "restore-under-way"), aside);

        Assert.True(world.Get<BackupArchives>().PutBackInterruptedRestore());

        await AssertUntouchedAsync(world);
        Assert.False(world.Get<BackupArchives>().PutBackInterruptedRestore());
    }

    [Fact]
    public async Task The_night_keeps_fourteen_days_and_tells_when_the_last_backup_is_late()
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var days in new[] { 1, 5, 13, 15, 40 })
        {
            var stamp = world.Now().AddDays(-days).ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            await File.WriteAllTextAsync(Path.Combine(world.Folder.Backups, $"medcrm-{stamp}.zip"), "old");
        }

        var backups = world.Get<Backups>();
        await backups.NightlyAsync();

        var state = await backups.StateAsync();
        Assert.Equal(4, state.Backups.Count);
        Assert.Equal(world.Now(), backups.LastOkAt());
        Assert.False(state.IsLate);
        world.Time.Advance(TimeSpan.FromHours(27));
        Assert.True((await backups.StateAsync()).IsLate);
    }

    [Fact]
    public async Task Backups_are_for_administrators()
    {
        await using var world = await TestWorld.CreateAsync();
        var backups = world.As(world.Manager).Get<Backups>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => backups.StateAsync());
        await Assert.ThrowsAsync<BusinessRuleException>(() => backups.CreateAsync());
        await Assert.ThrowsAsync<BusinessRuleException>(() => backups.TestAsync("x"));
    }

    private static async Task WriteUntilAsync(TestWorld world, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            await world.InstitutionAsync($"Clinique {i}");
        }
    }

    private static async Task StoreFileAsync(TestWorld world, string name, string content)
    {
        var path = Path.Combine(world.Folder.Files, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content);
    }

    private static async Task AssertUntouchedAsync(TestWorld world)
    {
        await using var db = world.Open();
        Assert.True(await db.Institutions.AnyAsync(institution => institution.Name == "Écrit après la sauvegarde"));
        Assert.Equal("vivant", await File.ReadAllTextAsync(Path.Combine(world.Folder.Files, "a.txt")));
        Assert.Empty(Directory.GetDirectories(world.Folder.Temporary));
    }

    // Among the zeros of an empty table a flipped bit may unpack to the same bytes, which is no damage: the next one that changes something is taken.
    private static byte[] Flipped(byte[] archive, int place)
    {
        var whole = Unpacked(archive);
        while (true)
        {
            byte[] flipped = [.. archive];
            flipped[place++] ^= 0x10;
            if (Unpacked(flipped) != whole)
            {
                return flipped;
            }
        }
    }

    private static string? Unpacked(byte[] archive)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var entry in zip.Entries)
            {
                using var content = entry.Open();
                using var bytes = new MemoryStream();
                content.CopyTo(bytes);
                hash.AppendData(bytes.ToArray());
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException or NotSupportedException)
        {
            return null;
        }
    }
}
