using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Accounting;

/// <summary>The CSV files that accounting programs import: semicolons, decimal comma, days as 31/12/2026, one record a line.</summary>
internal static class CsvFiles
{
    private const int AtOnce = 500;
    private static readonly Encoding s_ansi = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The bytes of a layout; UTF-8 begins with its mark, by which spreadsheets know it.</summary>
    public static Encoding EncodingOf(CsvLayout layout) => layout.IsAnsi ? s_ansi : new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Writes the lines of entries.</summary>
    public static async Task WriteAsync(TextWriter output, CsvLayout layout, IAsyncEnumerable<LedgerLine> lines, CancellationToken cancellationToken)
    {
        var columns = layout.Written;
        await HeaderAsync(output, columns);
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            await RowAsync(output, columns.Select(column => column.Key switch
            {
                "journal" => Text(line.Journal),
                "journal-label" => Text(line.JournalLabel),
                "entry" => Text(line.Entry),
                "day" => Day(line.Day),
                "account" => Text(line.Account),
                "account-label" => Text(line.AccountLabel),
                "auxiliary" => Text(line.Auxiliary),
                "auxiliary-label" => Text(line.AuxiliaryLabel),
                "piece" => Text(line.Piece),
                "piece-day" => Day(line.PieceDay),
                "label" => Text(line.Label),
                "debit" => Amount(line.Debit),
                "credit" => Amount(line.Credit),
                "lettering" => Text(line.Lettering),
                _ => "",
            }));
        }

        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes invoices for QuickBooks, one record a line of invoice; the amounts of a record set add up to what is due. Credit notes are negative.</summary>
    public static async Task WriteAsync(TextWriter output, CsvLayout layout, IAsyncEnumerable<InvoiceRow> rows, CancellationToken cancellationToken)
    {
        var columns = layout.Written;
        await HeaderAsync(output, columns);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await RowAsync(output, columns.Select(column => column.Key switch
            {
                "number" => Text(row.Number),
                "customer" => Text(row.Customer.Name),
                "customer-account" => Text(row.Customer.Account),
                "issued" => Day(row.IssuedOn),
                "due" => row.DueOn is { } due ? Day(due) : "",
                "kind" => Text(Labels.Of(row.Kind)),
                "item" => Text(row.Item),
                "description" => Text(row.Description),
                "quantity" => row.Quantity.ToString("0.####", FrenchText.Culture),
                "rate" => row.UnitPrice.ToString("0.00####", FrenchText.Culture),
                "amount" => Amount(row.Net),
                "tax-code" => Text(row.Vat.ToString()),
                "tax" => Amount(row.Tax),
                "currency" => "EUR",
                "order" => Text(row.Order),
                _ => "",
            }));
        }

        await output.FlushAsync(cancellationToken);
    }

    /// <summary>The lines of issued documents. The tax of a rate stands on its last line, rounded on the sum of the rate as the invoice has it.</summary>
    public static async IAsyncEnumerable<InvoiceRow> RowsAsync(MedCrmDbContext db, LedgerScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var (from, to) = (scope.From, scope.To);
        var heads = LedgerReader.Booked(db)
            .Where(invoice => invoice.IssuedOn >= from && invoice.IssuedOn <= to)
            .OrderBy(invoice => invoice.IssuedOn)
            .ThenBy(invoice => invoice.IssuedAt)
            .ThenBy(invoice => invoice.Id)
            .Select(invoice => new { invoice.Id, invoice.InstitutionId, invoice.Number, invoice.Kind, invoice.IssuedOn, invoice.DueOn, invoice.PurchaseOrder, invoice.DiscountPercent, invoice.DiscountAmount })
            .AsAsyncEnumerable();
        await foreach (var chunk in heads.Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var ids = chunk.Select(head => head.Id).ToList();
            var lines = (await db.InvoiceLines.AsNoTracking().Where(line => ids.Contains(line.InvoiceId)).OrderBy(line => line.Position).ToListAsync(cancellationToken)).ToLookup(line => line.InvoiceId);
            var deposits = (await db.InvoiceDeposits.AsNoTracking().Where(deposit => ids.Contains(deposit.InvoiceId)).OrderBy(deposit => deposit.DepositNumber).ToListAsync(cancellationToken)).ToLookup(deposit => deposit.InvoiceId);
            var customers = await LedgerReader.CustomersAsync(db, chunk.Select(head => head.InstitutionId).Distinct().ToList(), cancellationToken);
            foreach (var head in chunk)
            {
                var totals = DocumentTotals.Of(lines[head.Id], new GlobalDiscount(head.DiscountPercent, head.DiscountAmount));
                var sign = head.Kind is InvoiceKind.CreditNote ? -1 : 1;
                var rows = new List<InvoiceRow>();
                foreach (var rate in totals.Rates)
                {
                    var sold = lines[head.Id].Where(line => line.Kind is LineKind.Item && !line.IsOption && line.Vat == rate.Vat).ToList();
                    rows.AddRange(sold.Select(line => Row(line.Code ?? Labels.Of(line.Nature), line.Description, sign * line.Quantity, line.Quantity == 0 ? 0 : line.Net / line.Quantity, sign * line.Net, 0, rate.Vat)));
                    if (rate.Net - sold.Sum(line => line.Net) is not 0 and var discount)
                    {
                        rows.Add(Row("Remise", "Remise globale", sign, discount, sign * discount, 0, rate.Vat));
                    }

                    rows[^1] = rows[^1] with { Tax = sign * rate.Tax };
                }

                rows.AddRange(deposits[head.Id].Select(deposit => Row("Acompte", $"Acompte {deposit.DepositNumber} déduit", -1, deposit.Net, -deposit.Net, -deposit.Tax, new Vat(deposit.VatCategory, deposit.VatRate, deposit.VatReason))));
                foreach (var row in rows)
                {
                    yield return row;
                }

                InvoiceRow Row(string item, string description, decimal quantity, decimal price, decimal net, decimal tax, Vat vat)
                    => new(head.Number!, head.Kind, head.IssuedOn!.Value, head.DueOn, customers[head.InstitutionId], item, description, quantity, price, net, tax, vat, head.PurchaseOrder);
            }
        }
    }

    private static string Text(string? text) => CsvText.Field(text);

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture).Replace('.', ',');

    private static Task HeaderAsync(TextWriter output, IReadOnlyList<CsvColumn> columns) => RowAsync(output, columns.Select(column => Text(column.Header)));

    private static Task RowAsync(TextWriter output, IEnumerable<string> fields) => output.WriteAsync(CsvText.Row(fields));
}

/// <summary>A line of an issued document, for programs that take invoices. Euros; those of a credit note are negative.</summary>
public sealed record InvoiceRow(
    string Number,
    InvoiceKind Kind,
    DateOnly IssuedOn,
    DateOnly? DueOn,
    Customer Customer,
    string Item,
    string Description,
    decimal Quantity,
    decimal UnitPrice,
    decimal Net,
    decimal Tax,
    Vat Vat,
    string? Order);
