using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>What of an accepted quote is invoiced: a deposit of a share or of an amount excluding VAT, or all that remains once its deposits are deducted.</summary>
/// <param name="Percent">A deposit of so many percent.</param>
/// <param name="Amount">A deposit of so many euros excluding VAT.</param>
public sealed record QuoteShare(decimal? Percent = null, decimal? Amount = null)
{
    /// <summary>All of it, less the deposits already issued.</summary>
    public static QuoteShare Rest { get; } = new();

    /// <summary>Whether it is a deposit.</summary>
    public bool IsDeposit => Percent is not null || Amount is not null;

    /// <summary>What some deposit invoices ask for, less what credit notes took back of them, euros excluding VAT.</summary>
    internal static async Task<decimal> AskedAsync(MedCrmDbContext db, IQueryable<Invoice> deposits, CancellationToken cancellationToken)
        => await deposits.SumAsync(deposit => deposit.Net, cancellationToken)
            - await db.Invoices.Where(note => note.Kind == InvoiceKind.CreditNote && note.Number != null && deposits.Any(deposit => deposit.Id == note.OriginalId)).SumAsync(note => note.Net, cancellationToken);

    /// <summary>The deposits of a quote stay within its total. Euros excluding VAT.</summary>
    /// <exception cref="BusinessRuleException">With this one they would pass it.</exception>
    internal static void DemandRoom(decimal quote, decimal asked, decimal deposit, string field)
    {
        if (asked + deposit > quote)
        {
            throw new BusinessRuleException($"Les acomptes dépasseraient le total du devis : {FrenchText.FormatAmount(quote - asked)} HT au plus.", field);
        }
    }

    /// <summary>The deposit by VAT rate, euros excluding VAT: shared by the bases of the quote, the rounded parts add up to the rounded whole.</summary>
    /// <exception cref="BusinessRuleException">It is nothing, or more than the quote.</exception>
    public IReadOnlyList<(Vat Vat, decimal Net)> Split(DocumentTotals quote)
    {
        if (Percent is not null and (<= 0 or > 100))
        {
            throw new BusinessRuleException("L'acompte va de 0 à 100 % du devis.", nameof(Percent));
        }

        var wanted = Percent is { } percent ? Money.Round(quote.Net * percent / 100) : Money.Round(Amount ?? 0);
        if (wanted <= 0 || wanted > quote.Net)
        {
            throw new BusinessRuleException($"L'acompte va jusqu'à {FrenchText.FormatAmount(quote.Net)} HT, le total du devis.", Percent is null ? nameof(Amount) : nameof(Percent));
        }

        var parts = new List<(Vat, decimal)>();
        var (seen, given) = (0m, 0m);
        foreach (var rate in quote.Rates)
        {
            seen += rate.Net;
            var due = Money.Round(wanted * seen / quote.Net);
            if (due != given)
            {
                parts.Add((rate.Vat, due - given));
            }

            given = due;
        }

        return parts;
    }
}
