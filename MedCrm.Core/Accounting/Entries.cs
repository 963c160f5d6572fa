using System.Globalization;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;

namespace MedCrm.Core.Accounting;

/// <summary>The account of a customer.</summary>
public sealed record Customer(string Account, string Name);

/// <summary>What one line of an invoice sells. Euros excluding VAT.</summary>
public sealed record SaleLine(Vat Vat, SupplyNature Nature, decimal Net, bool IsOption = false) : IPricedLine
{
    /// <inheritdoc/>
    public LineKind Kind => LineKind.Item;

    /// <inheritdoc/>
    public decimal Quantity => 1;

    /// <inheritdoc/>
    public decimal UnitPrice => Net;

    /// <inheritdoc/>
    public decimal DiscountPercent => 0;

    /// <inheritdoc/>
    public decimal? UnitCost => null;
}

/// <summary>The share of a deposit invoice that a balance invoice deducts, at one rate. Euros.</summary>
public sealed record DeductedDeposit(decimal Rate, decimal Net, decimal Tax);

/// <summary>An issued document as it is booked. Euros.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">Invoice, deposit or credit note.</param>
/// <param name="On">The day of issue.</param>
/// <param name="ValidatedOn">The day it was recorded: from then on nothing of it changes.</param>
/// <param name="Customer">Who pays.</param>
/// <param name="OriginalNumber">The invoice that a credit note takes back.</param>
/// <param name="IsOfDeposit">A credit note on a deposit invoice.</param>
/// <param name="Gross">Its total including VAT, as issued.</param>
/// <param name="Discount">Its global discount.</param>
/// <param name="Lines">What it sells.</param>
/// <param name="Deposits">What it deducts.</param>
public sealed record SaleFacts(
    string Number,
    InvoiceKind Kind,
    DateOnly On,
    DateOnly ValidatedOn,
    Customer Customer,
    string? OriginalNumber,
    bool IsOfDeposit,
    decimal Gross,
    GlobalDiscount Discount,
    IReadOnlyList<SaleLine> Lines,
    IReadOnlyList<DeductedDeposit> Deposits);

/// <summary>The share of a payment that settles an invoice. Euros.</summary>
public sealed record PaidShare(string InvoiceNumber, Customer Customer, decimal Amount, Lettering? Lettering);

/// <summary>A payment as it is booked. Euros.</summary>
/// <param name="Piece">Its reference.</param>
/// <param name="On">The day it was received.</param>
/// <param name="ValidatedOn">The day it was recorded: from then on nothing of it changes.</param>
/// <param name="Customer">Who paid.</param>
/// <param name="Amount">What was received.</param>
/// <param name="Shares">What each invoice took; the rest stays to the credit of the customer.</param>
public sealed record PaymentFacts(string Piece, DateOnly On, DateOnly ValidatedOn, Customer Customer, decimal Amount, IReadOnlyList<PaidShare> Shares);

/// <summary>
/// Makes the entries of documents: an invoice debits its customer and credits its sales by nature and its VAT by rate; a deposit credits 4191 and its VAT; the balance
/// invoice takes 4191 back; a credit note does the reverse; a payment debits the bank. Each entry balances, to the cent.
/// </summary>
public static class Entries
{
    private const int LongestLabel = 200;

    /// <summary>The number of an entry, « VE000001 ».</summary>
    public static string NumberOf(string journal, int place) => string.Create(CultureInfo.InvariantCulture, $"{journal}{place:000000}");

    /// <summary>The lines of an invoice, a deposit or a credit note.</summary>
    /// <exception cref="BusinessRuleException">No account is known for a rate, or the lines do not make the total that was issued.</exception>
    public static IReadOnlyList<LedgerLine> Of(SaleFacts sale, AccountPlan plan, int place, Lettering? lettering)
    {
        var totals = DocumentTotals.Of(sale.Lines, sale.Discount);
        if (totals.Gross != sale.Gross)
        {
            throw new BusinessRuleException($"{sale.Number} : les lignes font {FrenchText.FormatAmount(totals.Gross)} TTC et la pièce {FrenchText.FormatAmount(sale.Gross)}. L'export s'arrête là.");
        }

        // Signed amounts: a debit is positive. Each account once, in the order of the rates.
        var isDeposit = sale.Kind is InvoiceKind.Deposit || sale.IsOfDeposit;
        var sold = new List<(LedgerAccount Account, decimal Amount)>();
        var vat = new List<(LedgerAccount Account, decimal Amount)>();
        foreach (var rate in totals.Rates)
        {
            foreach (var (nature, net) in ByNature(sale.Lines.Where(line => !line.IsOption && line.Vat == rate.Vat), rate.Net))
            {
                Add(sold, isDeposit ? AccountPlan.Split(plan.Deposits) : plan.SaleOf(rate.Vat.Category, nature), -net);
            }

            if (rate.Tax != 0)
            {
                Add(vat, plan.VatOf(rate.Vat.Rate), -rate.Tax);
            }
        }

        var deducted = sale.Deposits.Sum(deposit => deposit.Net);
        foreach (var deposit in sale.Deposits.Where(deposit => deposit.Tax != 0))
        {
            Add(vat, plan.VatOf(deposit.Rate), deposit.Tax);
        }

        var client = (AccountPlan.Split(plan.Clients), sale.Gross - sale.Deposits.Sum(deposit => deposit.Net + deposit.Tax));
        List<(LedgerAccount Account, decimal Amount)> parts = deducted == 0 ? [client, .. sold, .. vat] : [client, (AccountPlan.Split(plan.Deposits), deducted), .. sold, .. vat];
        if (sale.Kind is InvoiceKind.CreditNote)
        {
            parts = [.. parts.Skip(1).Append(parts[0]).Select(part => (part.Account, -part.Amount))];
        }

        var label = sale.Kind switch
        {
            InvoiceKind.Deposit => $"Facture d'acompte {sale.Number}",
            InvoiceKind.CreditNote => sale.OriginalNumber is null ? $"Avoir {sale.Number}" : $"Avoir {sale.Number} sur {sale.OriginalNumber}",
            _ => $"Facture {sale.Number}",
        };
        var journal = AccountPlan.Split(plan.SalesJournal);
        var clients = AccountPlan.Split(plan.Clients);
        return
        [
            .. parts.Where(part => part.Amount != 0).Select(part => Line(journal, place, sale.On, sale.ValidatedOn, part.Account, sale.Number, label, part.Amount, part.Account == clients ? sale.Customer : null, lettering)),
        ];
    }

    /// <summary>The lines of a payment: the bank, then the customer once for each invoice, then what no invoice took.</summary>
    public static IReadOnlyList<LedgerLine> Of(PaymentFacts payment, AccountPlan plan, int place)
    {
        var (journal, bank, clients) = (AccountPlan.Split(plan.BankJournal), AccountPlan.Split(plan.Bank), AccountPlan.Split(plan.Clients));
        var left = payment.Amount - payment.Shares.Sum(share => share.Amount);
        var numbers = string.Join(", ", payment.Shares.Select(share => share.InvoiceNumber));
        var whole = Clean.Shortened(numbers.Length == 0 ? $"Règlement {payment.Customer.Name}" : $"Règlement {numbers}", LongestLabel);
        var lines = new List<LedgerLine> { Line(journal, place, payment.On, payment.ValidatedOn, bank, payment.Piece, whole, payment.Amount, null, null) };
        lines.AddRange(payment.Shares.Select(share => Line(journal, place, payment.On, payment.ValidatedOn, clients, payment.Piece, $"Règlement {share.InvoiceNumber}", -share.Amount, share.Customer, share.Lettering)));
        if (left != 0)
        {
            lines.Add(Line(journal, place, payment.On, payment.ValidatedOn, clients, payment.Piece, Clean.Shortened($"Règlement {payment.Customer.Name}", LongestLabel), -left, payment.Customer, null));
        }

        return lines;
    }

    private static LedgerLine Line(LedgerAccount journal, int place, DateOnly on, DateOnly validatedOn, LedgerAccount account, string piece, string label, decimal amount, Customer? customer, Lettering? lettering) => new(
        journal.Number,
        journal.Label,
        NumberOf(journal.Number, place),
        on,
        account.Number,
        account.Label,
        customer?.Account,
        customer?.Name,
        piece,
        on,
        label,
        Math.Max(amount, 0),
        Math.Max(-amount, 0),
        customer is null ? null : lettering?.Code,
        customer is null ? null : lettering?.On,
        validatedOn);

    private static void Add(List<(LedgerAccount Account, decimal Amount)> parts, LedgerAccount account, decimal amount)
    {
        var known = parts.FindIndex(part => part.Account == account);
        if (known < 0)
        {
            parts.Add((account, amount));
        }
        else
        {
            parts[known] = (account, parts[known].Amount + amount);
        }
    }

    // What the global discount left of a rate is shared among its natures by rounding the running sum, so that no cent is lost.
    private static IEnumerable<(SupplyNature Nature, decimal Net)> ByNature(IEnumerable<SaleLine> lines, decimal net)
    {
        var natures = lines.GroupBy(line => line.Nature).OrderBy(group => group.Key).Select(group => (group.Key, Net: group.Sum(line => line.Net))).ToList();
        var sum = natures.Sum(nature => nature.Net);
        var (seen, given) = (0m, 0m);
        foreach (var (nature, part) in natures)
        {
            seen += part;
            var due = sum == 0 ? seen : Money.Round(net * seen / sum);
            yield return (nature, due - given);
            given = due;
        }
    }
}
