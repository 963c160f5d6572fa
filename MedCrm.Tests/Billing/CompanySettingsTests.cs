using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Documents;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Billing;

public sealed class CompanySettingsTests
{
    [Fact]
    public async Task An_administrator_fills_the_company_in_and_the_notice_empties()
    {
        await using var world = await TestWorld.CreateAsync();
        var settings = world.Get<CompanySettings>();
        Assert.Equal(7, (await settings.ReadAsync()).Missing.Count);

        await settings.EditAsync((await settings.ReadAsync()).Details, CompanyTests.Filled());

        var sheet = await settings.ReadAsync();
        Assert.Empty(sheet.Missing);
        Assert.Equal(("Soignance", "787878784"), (sheet.Details.LegalName, sheet.Details.Siren));
        Assert.Equal(["D-2026-0001", "FA-2026-0001", "AV-2026-0001", "C-2026-0001"], sheet.Series.Select(series => series.Next));
    }

    [Fact]
    public async Task Everybody_reads_it_and_administrators_alone_change_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var settings = world.As(world.Manager).Get<CompanySettings>();

        var sheet = await settings.ReadAsync();

        await Assert.ThrowsAsync<BusinessRuleException>(() => settings.EditAsync(sheet.Details, CompanyTests.Filled()));
        await Assert.ThrowsAsync<BusinessRuleException>(() => settings.SetLogoAsync(new MemoryStream(FileSample.Png())));
        await Assert.ThrowsAsync<BusinessRuleException>(() => settings.RemoveLogoAsync());
        Assert.Empty(Directory.EnumerateFiles(world.Folder.Files, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Two_administrators_keep_what_each_typed_in_other_fields()
    {
        await using var world = await TestWorld.CreateAsync();
        var settings = world.Get<CompanySettings>();
        await settings.EditAsync(new CompanyDetails(), CompanyTests.Filled());
        var seen = (await settings.ReadAsync()).Details;

        await settings.EditAsync(seen, seen with { City = "Rezé" });
        await settings.EditAsync(seen, seen with { Footer = "Merci de votre confiance." });

        var now = (await settings.ReadAsync()).Details;
        Assert.Equal(("Rezé", "Merci de votre confiance."), (now.City, now.Footer));
        await Assert.ThrowsAsync<EditConflictException>(() => settings.EditAsync(seen, seen with { City = "Orvault" }));
    }

    [Fact]
    public async Task A_prefix_is_frozen_from_the_first_number_of_the_year_to_its_last_day()
    {
        await using var world = await TestWorld.CreateAsync();
        var settings = world.Get<CompanySettings>();
        await NumberSeriesTests.TakeAsync(world, new DateOnly(2026, 11, 21));
        var seen = (await settings.ReadAsync()).Details;

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => settings.EditAsync(seen, seen with { InvoicePrefix = "FACT" }));
        Assert.Equal("InvoicePrefix", refusal.Field);
        var series = (await settings.ReadAsync()).Series.Single(series => series.Series is DocumentSeries.Invoice);
        Assert.Equal(("FA-2026-0002", 1), (series.Next, series.Last));
        Assert.NotNull(series.WhyFrozen);

        world.Time.MoveTo(new DateTime(2027, 1, 4, 8, 0, 0));
        await settings.EditAsync(seen, seen with { InvoicePrefix = "FACT" });
        Assert.Equal("FACT-2027-0001", (await settings.ReadAsync()).Series.Single(row => row.Series is DocumentSeries.Invoice).Next);
    }

    [Fact]
    public async Task A_logo_is_recognised_by_its_content_and_replaces_the_former_one()
    {
        await using var world = await TestWorld.CreateAsync();
        var settings = world.Get<CompanySettings>();

        await settings.SetLogoAsync(new MemoryStream(FileSample.Png(40, 20)));
        var first = (await settings.ReadAsync()).LogoPath;
        await settings.SetLogoAsync(new MemoryStream(FileSample.Png(80, 20)));

        var logo = (await settings.OpenLogoAsync())!;
        Assert.Equal("image/png", logo.MediaType);
        Assert.Equal(FileSample.Png(80, 20), await File.ReadAllBytesAsync(logo.Path));
        Assert.NotEqual(first, (await settings.ReadAsync()).LogoPath);
        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);

        await settings.RemoveLogoAsync();
        Assert.Null(await settings.OpenLogoAsync());
        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);
        Assert.Empty(Directory.EnumerateFiles(world.Folder.Files, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_no_logo_is_refused_and_leaves_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var settings = world.Get<CompanySettings>();
        var large = FileSample.Png().Concat(new byte[CompanyLogos.MostOctets]).ToArray();

        foreach (var refused in new[] { FileSample.Pdf("x"), "<svg/>"u8.ToArray(), FileSample.Png()[..30], [], large })
        {
            Assert.Equal("Logo", (await Assert.ThrowsAsync<BusinessRuleException>(() => settings.SetLogoAsync(new MemoryStream(refused)))).Field);
        }

        Assert.Null((await settings.ReadAsync()).LogoPath);
        Assert.Empty(Directory.EnumerateFiles(world.Folder.Files, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_check_of_numbers_tells_gaps_days_that_go_back_and_numbers_of_no_series()
    {
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync();
        for (var taken = 0; taken < 4; taken++)
        {
            await NumberSeriesTests.TakeAsync(world, new DateOnly(2026, 11, 21));
        }

        var invoices = Enumerable.Range(1, 4).Select(number => new Invoice(new InvoiceDetails { Title = $"Facture {number}", InstitutionId = place.Id }, world.Now())).ToList();
        await world.SaveAsync(db => db.Invoices.AddRange(invoices));
        for (var number = 1; number <= 4; number++)
        {
            await NumberAsync(world, invoices[number - 1], $"FA-2026-000{number}", $"2026-11-{10 + number}");
        }

        var settings = world.Get<CompanySettings>();
        Assert.Equal((4, 0), Invoices(await settings.ReadAsync()));
        Assert.Empty(await FaultsAsync(world));

        await NumberAsync(world, invoices[1], "X-2026-0002", "2026-11-12");
        await NumberAsync(world, invoices[3], "FA-2026-0004", "2026-11-01");

        Assert.Equal(
            ["Factures 2026 : il manque FA-2026-0002", "Factures 2026 : FA-2026-0004 est daté du 01/11/2026, avant FA-2026-0003", "X-2026-0002 n'appartient à aucune série"],
            await FaultsAsync(world));
        Assert.Equal((4, 2), Invoices(await settings.ReadAsync()));
    }

    private static (int Last, int Faults) Invoices(CompanySheet sheet)
    {
        var series = sheet.Series.Single(series => series.Series is DocumentSeries.Invoice);
        return (series.Last, series.Faults!.Count);
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await world.Get<IEnumerable<IDataCheck>>().Single(check => check.Name == "Numérotation des factures et avoirs").FaultsAsync(db, CancellationToken.None);
    }

    private static async Task NumberAsync(TestWorld world, Invoice invoice, string number, string day)
    {
        await using var db = world.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE Invoices SET Number = {number}, IssuedOn = {day} WHERE Id = {invoice.Id}");
    }
}
