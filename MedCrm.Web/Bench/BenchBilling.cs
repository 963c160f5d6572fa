using System.Diagnostics;
using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Data;
using MedCrm.Core.Dunning;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Insights;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Bench;

/// <summary>What selling costs: quotes opened and saved, invoices issued and printed by the hundred, the entries of every year, and the sheets that add them up.</summary>
internal static class BenchBilling
{
    private const string Title = "Devis de mesure, 200 lignes";
    private const int Lines = 200;
    private const int Prints = 20;
    private const int Batch = 100;

    /// <summary>What is timed again and again.</summary>
    public static async Task<IEnumerable<BenchAct>> ActsAsync(IServiceProvider services, MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var (quotes, sheets, invoices) = (services.GetRequiredService<Quotes>(), services.GetRequiredService<QuoteSheets>(), services.GetRequiredService<InvoiceSheets>());
        var quoteIds = await db.Quotes.OrderBy(quote => quote.Id).Select(quote => quote.Id).Take(500).ToListAsync(cancellationToken);
        var invoiceIds = await db.Invoices.OrderBy(invoice => invoice.Id).Select(invoice => invoice.Id).Take(500).ToListAsync(cancellationToken);
        var payers = await db.Invoices.Select(invoice => invoice.InstitutionId).Distinct().OrderBy(id => id).Take(500).ToListAsync(cancellationToken);
        var contracts = await db.Contracts.OrderBy(contract => contract.Id).Select(contract => contract.Id).Take(500).ToListAsync(cancellationToken);
        var today = services.GetRequiredService<BusinessClock>().Today;
        var large = await LargeQuoteAsync(services, db, cancellationToken);
        var seen = (await sheets.FindAsync(large, cancellationToken))!;
        return
        [
            new BenchAct("devis, ouverture", 80, run => sheets.FindAsync(quoteIds[run % quoteIds.Count], cancellationToken)),
            new BenchAct("devis de 200 lignes, ouverture", 80, _ => sheets.FindAsync(large, cancellationToken)),
            new BenchAct("devis de 200 lignes, enregistrement", 100, async run =>
            {
                // All lines at once: more than typing ever changes.
                var next = seen.Details with { Lines = [.. seen.Details.Lines.Select(line => line with { Quantity = 2 + (run % 7) })] };
                seen = seen with { Details = next, Version = (await quotes.SaveAsync(large, next, seen.Version, cancellationToken)).Version };
            }),
            new BenchAct("facture, ouverture", 80, run => invoices.FindAsync(invoiceIds[run % invoiceIds.Count], cancellationToken)),
            new BenchAct("contrat, ouverture", 80, run => services.GetRequiredService<ContractSheets>().FindAsync(contracts[run % contracts.Count], cancellationToken)),
            new BenchAct("chiffre d'affaires d'un établissement", 60, run => services.GetRequiredService<InstitutionRevenues>().FindAsync(payers[run % payers.Count], cancellationToken)),
            new BenchAct("balance âgée des factures", 60, _ => services.GetRequiredService<InvoiceList>().TotalsAsync(ListQuery.Everything, cancellationToken)),
            new BenchAct("trésorerie", 400, _ => services.GetRequiredService<Treasury>().ReadAsync(cancellationToken)),
            new BenchAct("chiffres des contrats, un mois", 400, _ => services.GetRequiredService<ContractMetrics>().ReadAsync(today.AddDays(1 - today.Day), cancellationToken)),
            new BenchAct("papiers de la journée", 100, _ => services.GetRequiredService<DayPapers>().MineAsync(cancellationToken: cancellationToken)),
        ];
    }

    /// <summary>What is long: the entries of all years, prints one at a time, and a hundred invoices issued and printed while somebody keeps opening pages.</summary>
    public static async Task MeasureAsync(IServiceProvider services, BenchTable table, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await MeasureEntriesAsync(services, db, table, cancellationToken);
        var printer = services.GetRequiredService<IDocumentPrinter>();
        if (!printer.IsAvailable)
        {
            return;
        }

        var quoteIds = await db.Quotes.Where(quote => quote.Status != QuoteStatus.Draft).OrderBy(quote => quote.Id).Select(quote => quote.Id).Take(Prints).ToListAsync(cancellationToken);
        var times = new List<double>();
        foreach (var id in quoteIds)
        {
            times.Add(await TimeAsync(() => printer.PrintAsync(PrintedKind.Quote, id, cancellationToken)));
        }

        table.Add("PDF d'un devis, un à la fois", times, 2_000);
        await MeasureBatchAsync(services, db, table, cancellationToken);
    }

    // A fiscal year makes a file: the whole is that of all of them.
    private static async Task MeasureEntriesAsync(IServiceProvider services, MedCrmDbContext db, BenchTable table, CancellationToken cancellationToken)
    {
        var exports = services.GetRequiredService<AccountingExports>();
        var today = services.GetRequiredService<BusinessClock>().Today;
        var count = await db.Invoices.CountAsync(invoice => invoice.Number != null, cancellationToken);
        var first = await db.Invoices.Where(invoice => invoice.Number != null).MinAsync(invoice => invoice.IssuedOn, cancellationToken);
        if (first is null)
        {
            return;
        }

        var times = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            times.Add(await TimeAsync(async () =>
            {
                var from = (await exports.YearOfAsync(first.Value, cancellationToken)).From;
                while (from <= today)
                {
                    var year = await exports.YearOfAsync(from, cancellationToken);
                    await using var file = (await exports.FecAsync(new LedgerScope(year.From, year.To < today ? year.To : today, LedgerJournals.Both), cancellationToken)).Content;
                    from = year.To.AddDays(1);
                }
            }));
        }

        table.Add($"écritures comptables de {count} factures, contrôle compris", times, 10_000);
    }

    // As the review tray does it: each takes its number in a turn of its own, and is printed afterwards.
    private static async Task MeasureBatchAsync(IServiceProvider services, MedCrmDbContext db, BenchTable table, CancellationToken cancellationToken)
    {
        var (invoices, prints, board, sheets) = (services.GetRequiredService<Invoices>(), services.GetRequiredService<InvoicePrints>(), services.GetRequiredService<Board>(), services.GetRequiredService<InvoiceSheets>());
        var models = await db.Invoices.Where(invoice => invoice.Number != null && invoice.Kind == InvoiceKind.Invoice && invoice.Buyer == BuyerKind.Private).OrderByDescending(invoice => invoice.IssuedOn).Select(invoice => invoice.Id).Take(Batch).ToListAsync(cancellationToken);
        var drafts = new List<Guid>();
        foreach (var id in models)
        {
            drafts.Add((await invoices.DuplicateAsync(id, cancellationToken)).RecordId);
        }

        var clicks = new List<double>();
        var start = Stopwatch.GetTimestamp();
        var working = Task.Run(
            async () =>
            {
                var refused = (await invoices.IssueManyAsync(drafts, cancellationToken: cancellationToken)).Failures;
                if (refused.Count > 0)
                {
                    throw new InvalidOperationException($"Measuring issues what nothing refuses: {refused[0].Reason}");
                }

                await Task.WhenAll(drafts.Chunk(Batch / 2).Select(async half =>
                {
                    foreach (var id in half)
                    {
                        await prints.KeepAsync(id, cancellationToken);
                    }
                }));
            },
            cancellationToken);
        for (var click = 0; !working.IsCompleted; click++)
        {
            clicks.Add(await TimeAsync(async () =>
            {
                await (click % 2 == 0 ? (Task)board.LoadAsync(ListQuery.Everything, cancellationToken: cancellationToken) : sheets.FindAsync(models[click % models.Count], cancellationToken));
            }));
            await Task.Delay(250, cancellationToken);
        }

        await working;
        table.Add($"{drafts.Count} factures émises et imprimées", [Stopwatch.GetElapsedTime(start).TotalMilliseconds], 90_000);
        table.Add("clics d'un collègue pendant ce temps", clicks, 400);
    }

    private static async Task<Guid> LargeQuoteAsync(IServiceProvider services, MedCrmDbContext db, CancellationToken cancellationToken)
    {
        if (await db.Quotes.Where(quote => quote.Title == Title).Select(quote => (Guid?)quote.Id).FirstOrDefaultAsync(cancellationToken) is { } known)
        {
            return known;
        }

        var institution = await db.Institutions.OrderBy(i => i.Id).Select(i => i.Id).FirstAsync(cancellationToken);
        var quotes = services.GetRequiredService<Quotes>();
        var details = await quotes.NewAsync(institution, cancellationToken: cancellationToken);
        var lines = Enumerable.Range(1, Lines).Select(number => new LineDetails { Description = $"Prestation {number}", Quantity = 1, Unit = "jour", UnitPrice = 100 + number, VatRate = 20 });
        return (await quotes.CreateAsync(details with { Title = Title, Lines = [.. lines] }, cancellationToken)).RecordId;
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var start = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
