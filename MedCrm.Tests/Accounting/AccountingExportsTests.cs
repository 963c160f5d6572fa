using System.Globalization;
using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static MedCrm.Tests.Accounting.BookedRows;

namespace MedCrm.Tests.Accounting;

public sealed class AccountingExportsTests
{
    private static readonly LedgerScope s_year = new(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), LedgerJournals.Both);

    private const string Sample = """
        JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise
        VE|Ventes|VE000001|20260115|411000|Clients|C00012|CENTRE HOSPITALIER DEMO|FA-2026-0001|20260115|Facture FA-2026-0001|5022,66|0,00|AAA|20260302|20260115||
        VE|Ventes|VE000001|20260115|706000|Prestations de services|||FA-2026-0001|20260115|Facture FA-2026-0001|0,00|3121,80|||20260115||
        VE|Ventes|VE000001|20260115|707000|Ventes de marchandises|||FA-2026-0001|20260115|Facture FA-2026-0001|0,00|72,51|||20260115||
        VE|Ventes|VE000001|20260115|706100|Prestations exonerees|||FA-2026-0001|20260115|Facture FA-2026-0001|0,00|1200,00|||20260115||
        VE|Ventes|VE000001|20260115|445711|TVA collectee 20 %|||FA-2026-0001|20260115|Facture FA-2026-0001|0,00|624,36|||20260115||
        VE|Ventes|VE000001|20260115|445713|TVA collectee 5,5 %|||FA-2026-0001|20260115|Facture FA-2026-0001|0,00|3,99|||20260115||
        BQ|Banque|BQ000001|20260302|512000|Banque|||VIR-0001|20260302|Reglement FA-2026-0001|5022,66|0,00|||20260302||
        BQ|Banque|BQ000001|20260302|411000|Clients|C00012|CENTRE HOSPITALIER DEMO|VIR-0001|20260302|Reglement FA-2026-0001|0,00|5022,66|AAA|20260302|20260302||
        VE|Ventes|VE000002|20260310|706000|Prestations de services|||AV-2026-0001|20260310|Avoir AV-2026-0001 sur FA-2026-0001|500,00|0,00|||20260310||
        VE|Ventes|VE000002|20260310|445711|TVA collectee 20 %|||AV-2026-0001|20260310|Avoir AV-2026-0001 sur FA-2026-0001|100,00|0,00|||20260310||
        VE|Ventes|VE000002|20260310|411000|Clients|C00012|CENTRE HOSPITALIER DEMO|AV-2026-0001|20260310|Avoir AV-2026-0001 sur FA-2026-0001|0,00|600,00|||20260310||
        """;

    [Fact]
    public async Task The_sample_comes_out_of_rows_to_the_letter()
    {
        await using var world = await SampleAsync();
        await Door(world).EditPlanAsync(new AccountPlanDetails(), new AccountPlanDetails { Separator = FecSeparator.Pipe, Charset = FecCharset.Ascii });

        var (name, text) = await ReadAsync(await Door(world).FecAsync(s_year));

        Assert.Equal("267500452FEC20261231.txt", name);
        Assert.Equal(Sample.ReplaceLineEndings("\r\n"), text);
        var preview = await Door(world).CheckAsync(s_year);
        Assert.Equal((11, 3, 10_645.32m, 10_645.32m, 2, true, "partiel (journaux VE, BQ)"), (preview.Verdict.Lines, preview.Verdict.Entries, preview.Verdict.Debit, preview.Verdict.Credit, preview.Verdict.Lettered, preview.Verdict.IsRight, preview.Label));
    }

    [Fact]
    public async Task The_usual_file_has_tabs_and_accents_whatever_the_culture()
    {
        await using var world = await SampleAsync();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
            var bytes = await BytesAsync(await Door(world).FecAsync(s_year));
            var text = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!.GetString(bytes);

            Assert.Contains("\tTVA collectée 5,5 %\t\t\tFA-2026-0001\t20260115\tFacture FA-2026-0001\t0,00\t3,99\t", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\r\n", text, StringComparison.Ordinal);
            Assert.False(text.EndsWith('\n'));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_balance_invoice_takes_its_deposit_back_out_of_4191()
    {
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync();
        var deposit = Document(place, "FA-2026-0001", new DateOnly(2026, 3, 2), [Line("Acompte 30 %", 1, 3000)], InvoiceKind.Deposit, received: 3600);
        var balance = Document(place, "FA-2026-0002", new DateOnly(2026, 4, 1), [Line("Commande", 1, 10_000)], deposits: [deposit]);
        var paid = Paid(place, "VIR-1", new DateOnly(2026, 3, 20), 1, 3600, (deposit, 3600));
        await world.SaveAsync(db => db.AddRange(Seller(), deposit, balance, paid));

        var lines = await LinesAsync(world, s_year);

        Assert.Equal(
            ["411000 3600.00 AAA", "419100 -3000.00", "445711 -600.00", "512000 3600.00", "411000 -3600.00 AAA", "411000 8400.00", "419100 3000.00", "706000 -10000.00", "445711 -1400.00"],
            lines.Select(Brief));
        Assert.Equal((8400m, 1400m), (balance.Balance, lines[^1].Credit));
    }

    [Fact]
    public async Task Discount_and_exemption_reach_the_right_accounts_to_the_cent()
    {
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync();
        var invoice = Document(
            place,
            "FA-2026-0001",
            new DateOnly(2026, 3, 2),
            [Line("Conseil", 1, 100.01m), Line("Livre", 1, 200.02m, nature: SupplyNature.Goods), Line("Manuel", 1, 33.30m, nature: SupplyNature.Goods), Line("Ouvrage", 1, 66.67m, 5.5m, nature: SupplyNature.Goods)],
            discountAmount: 20);
        await world.SaveAsync(db => db.AddRange(Seller(), invoice));

        var lines = await LinesAsync(world, s_year);

        Assert.Equal(["706000", "707000", "445711", "445713"], lines.Skip(1).Select(line => line.Account));
        Assert.Equal((63.33m, 3.48m), (lines[3].Credit, lines[4].Credit));
        Assert.Equal(380m, lines[1].Credit + lines[2].Credit);
        Assert.Equal(lines.Sum(line => line.Debit), lines.Sum(line => line.Credit));
    }

    [Fact]
    public async Task A_letter_ties_only_what_the_period_holds()
    {
        await using var world = await SampleAsync();

        var january = await LinesAsync(world, new LedgerScope(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31), LedgerJournals.Both));
        var march = await LinesAsync(world, new LedgerScope(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), LedgerJournals.Sales));

        Assert.All(january, line => Assert.Null(line.Lettering));
        Assert.Equal(["VE000002"], march.Select(line => line.Entry).Distinct());
    }

    [Fact]
    public async Task A_payment_for_two_invoices_and_its_rest_are_booked_apart()
    {
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync();
        var one = Document(place, "FA-2026-0001", new DateOnly(2026, 3, 2), [Line("A", 1, 100)], received: 120);
        var two = Document(place, "FA-2026-0002", new DateOnly(2026, 3, 2), [Line("B", 1, 100)], received: 50);
        await world.SaveAsync(db => db.AddRange(Seller(), one, two, Paid(place, "VIR-1", new DateOnly(2026, 3, 20), 1, 200, (one, 120), (two, 50))));

        var lines = (await LinesAsync(world, s_year)).Where(line => line.Journal == "BQ").ToList();

        Assert.Equal(["512000 200.00", "411000 -120.00 AAA", "411000 -50.00", "411000 -30.00"], lines.Select(Brief));
    }

    [Fact]
    public async Task A_set_that_does_not_add_up_is_refused_by_name()
    {
        await using var world = await SampleAsync();
        await using (var db = world.Open())
        {
            await db.Invoices.Where(invoice => invoice.Number == "FA-2026-0001").ExecuteUpdateAsync(set => set.SetProperty(invoice => invoice.Gross, 5022.67m));
        }

        foreach (var act in new Func<Task>[]
        {
            () => Door(world).CheckAsync(s_year), () => Door(world).FecAsync(s_year), () => Door(world).CsvAsync(s_year, AccountingFormat.Sage), () => LinesAsync(world, s_year),
        })
        {
            var refusal = await Assert.ThrowsAsync<BusinessRuleException>(act);
            Assert.StartsWith("FA-2026-0001 : les lignes font", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFiles(world.Folder.Temporary, "accounting-*"));
    }

    [Fact]
    public async Task A_file_that_fails_its_check_is_shown_to_nobody_as_a_file()
    {
        await using var world = await SampleAsync();
        var place = await world.InstitutionAsync();

        // A reference that the charset of the file leaves nothing of.
        await world.SaveAsync(db => db.Add(Paid(place, "\u200B", new DateOnly(2026, 5, 2), 2, 50)));

        var verdict = (await Door(world).CheckAsync(s_year)).Verdict;
        Assert.Equal([FecRule.Required, FecRule.Required], verdict.Faults.Select(fault => fault.Rule));
        foreach (var act in new Func<Task>[] { () => Door(world).FecAsync(s_year), () => Door(world).CsvAsync(s_year, AccountingFormat.Sage), () => LinesAsync(world, s_year) })
        {
            Assert.StartsWith("L'export est refusé : 2 anomalies.", (await Assert.ThrowsAsync<BusinessRuleException>(act)).Message.Replace('\u00a0', ' '), StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFiles(world.Folder.Temporary, "accounting-*"));
    }

    [Fact]
    public async Task What_was_exported_keeps_its_numbers_and_letters_whatever_is_typed_later()
    {
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync();
        var one = Document(place, "FA-2026-0001", new DateOnly(2026, 3, 2), [Line("A", 1, 100)]);
        var two = Document(place, "FA-2026-0002", new DateOnly(2026, 3, 4), [Line("B", 1, 100)], received: 120);
        var (paid, other) = (Paid(place, "VIR-2", new DateOnly(2026, 3, 20), 1, 120, (two, 120)), Paid(place, null, new DateOnly(2026, 4, 2), 2, 50));
        await world.SaveAsync(db => db.AddRange(Seller(), one, two, paid, other));
        var march = new LedgerScope(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), LedgerJournals.Both);
        var (year, month) = (await LinesAsync(world, s_year), await LinesAsync(world, march));

        // An older payment settles the first invoice, and an older credit note comes late: both are typed in April.
        var late = Paid(place, "VIR-1", new DateOnly(2026, 3, 10), 3, 120, (one, 120)).With(nameof(Payment.CreatedAt), new DateTime(2026, 4, 5, 9, 0, 0, DateTimeKind.Utc));
        var note = Document(place, "AV-2026-0001", new DateOnly(2026, 3, 3), [Line("C", 1, 10)], InvoiceKind.CreditNote).With(nameof(Invoice.IssuedAt), new DateTime(2026, 4, 6, 9, 0, 0, DateTimeKind.Utc));
        await world.SaveAsync(db =>
        {
            db.AddRange(late, note);
            db.Attach(one).Entity.With(nameof(Invoice.Balance), 0m).With(nameof(Invoice.Received), 120m).With(nameof(Invoice.Status), InvoiceStatus.Paid);
        });
        var (yearAgain, monthAgain) = (await LinesAsync(world, s_year), await LinesAsync(world, march));

        Assert.Equal(year.Select(Kept), yearAgain.Take(year.Count).Select(Kept));
        Assert.Equal(month.Select(Kept), monthAgain.Take(month.Count).Select(Kept));
        Assert.Equal(["BQ000003 VIR-1 2026-03-10 2026-04-05", "VE000003 AV-2026-0001 2026-03-03 2026-04-06"], monthAgain.Skip(month.Count).Select(Named).Distinct());
        Assert.Equal(["BQ000002 RG000002 2026-04-02 2026-04-02"], yearAgain.Select(Named).Except(monthAgain.Select(Named)));
        Assert.Equal([("FA-2026-0001", "AAA"), ("FA-2026-0002", "AAB"), ("VIR-1", "AAA"), ("VIR-2", "AAB")], yearAgain.Where(line => line.Lettering is not null).Select(line => (line.Piece, line.Lettering!)).Order());
        Assert.Equal("AAB", year.First(line => line.Piece == "VIR-2" && line.Lettering is not null).Lettering);

        // The first invoice was settled since: its letter is all that its line may gain.
        static LedgerLine Kept(LedgerLine line) => line.Piece == "FA-2026-0001" ? line with { Lettering = null, LetteredOn = null } : line;
        static string Named(LedgerLine line) => string.Create(CultureInfo.InvariantCulture, $"{line.Entry} {line.Piece} {line.Day:yyyy-MM-dd} {line.ValidatedOn:yyyy-MM-dd}");
    }

    [Fact]
    public async Task Accountants_are_told_when_the_vat_of_services_is_due_on_receipt()
    {
        await using var world = await SampleAsync();
        Assert.True((await Door(world).CheckAsync(s_year)).IsVatOnReceipt);
        Assert.Contains("n'a pas opté pour les débits", (await Door(world).DescribeAsync(s_year)).Text, StringComparison.Ordinal);

        foreach (var option in new[] { nameof(Company.PaysVatOnDebits), nameof(Company.IsVatExempt) })
        {
            await world.SaveAsync(db => db.Companies.Single().With(nameof(Company.PaysVatOnDebits), false).With(nameof(Company.IsVatExempt), false).With(option, true));

            Assert.False((await Door(world).CheckAsync(s_year)).IsVatOnReceipt);
            Assert.DoesNotContain("débits", (await Door(world).DescribeAsync(s_year)).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2026-03-01", "2026-02-01", LedgerJournals.Both, "La fin de la période précède son début.")]
    [InlineData("2026-12-01", "2027-01-31", LedgerJournals.Both, "La période doit tenir dans un exercice : celui-ci va du 01/01/2026 au 31/12/2026.")]
    [InlineData("2026-01-01", "2026-02-01", LedgerJournals.None, "Choisissez au moins un journal.")]
    public async Task A_period_that_makes_no_file_is_refused(string from, string to, LedgerJournals journals, string sentence)
    {
        await using var world = await SampleAsync();
        var scope = new LedgerScope(DateOnly.Parse(from, CultureInfo.InvariantCulture), DateOnly.Parse(to, CultureInfo.InvariantCulture), journals);

        Assert.Equal(sentence, (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).CheckAsync(scope))).Message);
    }

    [Fact]
    public async Task Only_those_who_see_and_may_export_every_invoice_get_the_file()
    {
        await using var world = await SampleAsync();

        await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world.As(world.Claire)).FecAsync(s_year));
        var partial = await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world.As(world.Manager with { Visibility = Visibility.Team })).FecAsync(s_year));
        Assert.Contains("n'en voit qu'une partie", partial.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world.As(world.Claire with { Visibility = Visibility.All })).FecAsync(s_year));
        Assert.True((await Door(world.As(world.Manager with { Visibility = Visibility.All })).CheckAsync(s_year)).Verdict.IsRight);
    }

    [Fact]
    public async Task Without_a_siren_there_is_no_name_for_the_file()
    {
        await using var world = await TestWorld.CreateAsync();

        Assert.Contains("SIREN", (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).CheckAsync(s_year))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fiscal_year_that_closes_in_june_names_the_file_and_numbers_its_entries()
    {
        await using var world = await SampleAsync();
        await Door(world).EditPlanAsync(new AccountPlanDetails(), new AccountPlanDetails { ClosingMonth = 6 });

        var preview = await Door(world).CheckAsync(new LedgerScope(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), LedgerJournals.Both));

        Assert.Equal(("267500452FEC20260630.txt", new FiscalYear(new DateOnly(2025, 7, 1), new DateOnly(2026, 6, 30))), (preview.FileName, preview.Year));
    }

    [Fact]
    public async Task Sage_takes_columns_in_the_order_and_under_the_titles_chosen()
    {
        await using var world = await SampleAsync();
        var usual = (await ReadAsync(await Door(world).CsvAsync(s_year, AccountingFormat.Sage), Encoding.Latin1)).Text.Split("\r\n");
        Assert.Equal("journal;date;compte;compte auxiliaire;pièce;libellé;débit;crédit;lettrage", usual[0]);
        Assert.Equal("VE;15/01/2026;411000;C00012;FA-2026-0001;Facture FA-2026-0001;5022,66;0,00;AAA", usual[1]);

        var layout = await Door(world).LayoutAsync(AccountingFormat.Sage);
        var columns = layout.Columns.Select(column => column with { IsWritten = column.Key is "account" or "debit", Header = column.Key == "account" ? "N° compte" : column.Header }).Reverse().ToList();
        await Door(world).ArrangeAsync(AccountingFormat.Sage, new CsvLayout(columns, IsAnsi: false));
        var chosen = (await ReadAsync(await Door(world).CsvAsync(s_year, AccountingFormat.Sage), Encoding.UTF8)).Text.Split("\r\n");
        Assert.Equal(["\ufeffdébit;N° compte", "5022,66;411000"], chosen[..2]);

        var twins = columns.ConvertAll(column => column with { Header = "Compte", IsWritten = true });
        Assert.StartsWith("Header-", (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).ArrangeAsync(AccountingFormat.Sage, new CsvLayout(twins, false)))).Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuickBooks_takes_invoices_line_by_line_that_add_up_to_what_is_due()
    {
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync("=Clinique; du \"Parc\"");
        var deposit = Document(place, "FA-2026-0001", new DateOnly(2026, 3, 2), [Line("Acompte", 1, 300)], InvoiceKind.Deposit);
        var balance = Document(place, "FA-2026-0002", new DateOnly(2026, 4, 1), [Line("Conseil", 3, 10.03m), Line("Commande", 1, 969.91m)], deposits: [deposit], discountAmount: 100);
        var note = Document(place, "AV-2026-0001", new DateOnly(2026, 4, 2), [Line("Conseil", 1, 10.03m)], InvoiceKind.CreditNote, original: balance);
        await world.SaveAsync(db => db.AddRange(Seller(), deposit, balance, note));

        var rows = (await ReadAsync(await Door(world).CsvAsync(s_year, AccountingFormat.QuickBooks), Encoding.UTF8)).Text.Split("\r\n");

        Assert.StartsWith("\ufeffInvoiceNo;Customer;InvoiceDate;DueDate;", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("FA-2026-0001;\"'=Clinique; du \"\"Parc\"\"\";02/03/2026;01/04/2026;Facture d'acompte;", rows[1], StringComparison.Ordinal);
        Assert.Equal(balance.Balance, rows.Where(row => row.StartsWith("FA-2026-0002", StringComparison.Ordinal)).Sum(Due));
        Assert.Equal(-note.Gross, rows.Where(row => row.StartsWith("AV-", StringComparison.Ordinal)).Sum(Due));

        static decimal Due(string row) => row.Split(';')[^4..] is [var net, _, var tax, _] ? decimal.Parse(net, FrenchText.Culture) + decimal.Parse(tax, FrenchText.Culture) : 0;
    }

    [Fact]
    public async Task Accounts_are_checked_and_kept()
    {
        await using var world = await TestWorld.CreateAsync();

        foreach (var (wrong, field) in new[]
        {
            (new AccountPlanDetails { Services = "70 Prestations" }, "Services"), (new AccountPlanDetails { Vat20 = "445711" }, "Vat20"), (new AccountPlanDetails { BankJournal = "VE Banque" }, "BankJournal"), (new AccountPlanDetails { ClosingMonth = 13 }, "ClosingMonth"),
        })
        {
            Assert.Equal(field, (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).EditPlanAsync(new AccountPlanDetails(), wrong))).Field);
        }

        await Door(world).EditPlanAsync(new AccountPlanDetails(), new AccountPlanDetails { Services = "  706200   Missions  " });
        Assert.Equal("706200 Missions", (await Door(world).PlanAsync()).Services);
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world.As(world.Manager)).EditPlanAsync(new AccountPlanDetails(), new AccountPlanDetails()));
    }

    [Fact]
    public async Task Thousands_of_invoices_are_written_read_back_and_right()
    {
        const int count = 2_000;
        await using var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync();
        await using (var db = world.Open())
        {
            db.Begin(Actor.System, "Test");
            await db.InTransactionAsync(async () =>
            {
                db.Add(Seller());
                await db.SaveChangesAsync();
                foreach (var chunk in Enumerable.Range(0, count).Chunk(2000))
                {
                    var invoices = chunk.Select(i => Document(place, $"FA-2026-{i + 1:00000}", new DateOnly(2026, 1, 1).AddDays(i * 360 / count), [Line("Abonnement", 1, 149.90m), Line("Ouvrage", 3, 24.17m, 5.5m, nature: SupplyNature.Goods), Line("Formation", 1, 1200, 0)], received: i % 2 == 0 ? 1456.38m : 0)).ToList();
                    var payments = invoices.Index().Where(pair => pair.Index % 2 == 0).Select(pair => Paid(place, $"VIR-{chunk[pair.Index]}", pair.Item.IssuedOn!.Value, chunk[pair.Index] + 1, 1456.38m, (pair.Item, 1456.38m))).ToList();
                    await db.InsertAsync([.. invoices, .. invoices.SelectMany(invoice => invoice.Lines), .. payments, .. payments.SelectMany(payment => payment.Allocations)]);
                }
            });
        }

        await using var content = (await Door(world).FecAsync(s_year)).Content;
        using var reader = new StreamReader(content, Encoding.Latin1);
        var verdict = await FecValidator.CheckAsync(reader, new FiscalYear(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31)));
        Assert.Equal((true, count + (count / 2)), (verdict.IsRight, verdict.Entries));
    }

    private static AccountingExports Door(TestWorld world) => world.Get<AccountingExports>();

    private static string Brief(LedgerLine line) => string.Create(CultureInfo.InvariantCulture, $"{line.Account} {line.Debit - line.Credit:0.00} {line.Lettering}").TrimEnd();

    private static async Task<List<LedgerLine>> LinesAsync(TestWorld world, LedgerScope scope)
    {
        var lines = new List<LedgerLine>();
        await foreach (var line in Door(world).LinesAsync(scope))
        {
            lines.Add(line);
        }

        return lines;
    }

    private static async Task<byte[]> BytesAsync(AccountingFile file)
    {
        await using var content = file.Content;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task<(string Name, string Text)> ReadAsync(AccountingFile file, Encoding? encoding = null) => (file.Name, (encoding ?? Encoding.ASCII).GetString(await BytesAsync(file)));

    private static async Task<TestWorld> SampleAsync()
    {
        var world = await TestWorld.CreateAsync();
        var place = await world.InstitutionAsync("CENTRE HOSPITALIER DEMO");
        var invoice = Document(
            place,
            "FA-2026-0001",
            new DateOnly(2026, 1, 15),
            [Line("Abonnement", 12, 149.90m), Line("Formation sur site", 1.5m, 980, discount: 10), Line("Ouvrage technique", 3, 24.17m, 5.5m, nature: SupplyNature.Goods), Line("Formation exonérée", 1, 1200, 0)],
            received: 5022.66m);
        var note = Document(place, "AV-2026-0001", new DateOnly(2026, 3, 10), [Line("Formation sur site", 1, 500)], InvoiceKind.CreditNote, original: invoice);
        await world.SaveAsync(db => db.AddRange(Seller(), Profile(place, "C00012"), invoice, note, Paid(place, "VIR-0001", new DateOnly(2026, 3, 2), 1, 5022.66m, (invoice, 5022.66m))));
        return world;
    }
}
