using System.Text;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Printing;

/// <summary>The files of documents that left the house.</summary>
public sealed class PrintedFilesTests
{
    [Fact]
    public async Task What_left_is_served_byte_for_byte_and_one_changed_byte_is_told()
    {
        await using var world = await TestWorld.CreateAsync();
        var quote = await world.QuoteAsync();
        var printed = await world.Printer.PrintLeavingQuoteAsync(quote.Id);
        var path = await world.Get<PrintedFiles>().KeepAsync("devis", 2026, quote.Number, printed);
        await using (var db = world.Open())
        {
            db.Begin(world.Claire, "Test");
            (await db.Quotes.Include(q => q.Lines).SingleAsync(q => q.Id == quote.Id)).Send(path, printed.Sha256, world.Now(), new DateOnly(2026, 11, 21));
            await db.SaveChangesAsync();
        }

        var prints = world.As(world.Claire).Get<DocumentPrints>();
        Assert.Equal($"devis/2026/{quote.Number}-{printed.Sha256[..8]}.pdf", path);
        Assert.Equal(printed.Content, (await prints.OpenAsync(PrintedKind.Quote, quote.Id))!.Content);
        Assert.Equal($"Devis-{quote.Number}.pdf", (await prints.OpenAsync(PrintedKind.Quote, quote.Id))!.Name);
        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);
        Assert.Empty(await FaultsAsync(world));

        var file = Path.Combine(world.Folder.Files, path);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        Assert.True(await prints.IsAlteredAsync(PrintedKind.Quote, quote.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => prints.OpenAsync(PrintedKind.Quote, quote.Id));
        Assert.Contains(path, Assert.Single(await FaultsAsync(world)), StringComparison.Ordinal);

        File.Delete(file);
        Assert.True(await prints.IsAlteredAsync(PrintedKind.Quote, quote.Id));
        Assert.Equal([path], (await world.Get<StoredFiles>().LookAsync()).Missing);
    }

    [Fact]
    public async Task Another_team_prints_nothing_of_ours()
    {
        await using var world = await TestWorld.CreateAsync();
        var quote = await world.QuoteAsync(owner: world.Claire);
        var prints = world.As(world.Lea).Get<DocumentPrints>();

        Assert.Null(await prints.FindAsync(PrintedKind.Quote, quote.Id));
        Assert.Null(await prints.OpenAsync(PrintedKind.Quote, quote.Id));
        Assert.NotNull(await world.As(world.Paul).Get<DocumentPrints>().OpenAsync(PrintedKind.Quote, quote.Id));
    }

    [Fact]
    public async Task A_number_never_leads_out_of_its_folder()
    {
        await using var world = await TestWorld.CreateAsync();
        var content = Encoding.UTF8.GetBytes("%PDF");

        var path = await world.Get<PrintedFiles>().KeepAsync("devis", 2026, "../../etc/passwd", new PrintedDocument(content, PrintedFiles.Fingerprint(content)));

        Assert.Equal($"devis/2026/------etc-passwd-{PrintedFiles.Fingerprint(content)[..8]}.pdf", path);
        Assert.True(File.Exists(Path.Combine(world.Folder.Files, path)));
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await world.Get<IEnumerable<IDataCheck>>().Single(check => check.Name == "Documents imprimés").FaultsAsync(db, CancellationToken.None);
    }
}
