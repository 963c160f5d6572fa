namespace MedCrm.Core.Invoicing;

/// <summary>An invoice that still waits for money. Euros including VAT.</summary>
public sealed record OpenInvoice(Guid Id, string Number, string Title, DateOnly IssuedOn, DateOnly DueOn, decimal Due, decimal Balance, bool IsDisputed);

/// <summary>How money is shared among invoices. Euros including VAT.</summary>
public static class Allocation
{
    /// <summary>The oldest debt first (C. civ. art. 1342-10), disputed invoices last; nobody is given more than it waits for, and the rest stays with the payer.</summary>
    public static IReadOnlyList<AllocationShare> Propose(IEnumerable<OpenInvoice> open, decimal amount)
    {
        var shares = new List<AllocationShare>();
        foreach (var invoice in Ordered(open))
        {
            var share = Math.Min(invoice.Balance, amount);
            if (share > 0)
            {
                shares.Add(new AllocationShare(invoice.Id, share));
                amount -= share;
            }
        }

        return shares;
    }

    /// <summary>The order in which debts are paid when nobody says otherwise.</summary>
    public static IOrderedEnumerable<OpenInvoice> Ordered(IEnumerable<OpenInvoice> open)
        => open.OrderBy(invoice => invoice.IsDisputed).ThenBy(invoice => invoice.DueOn).ThenBy(invoice => invoice.IssuedOn).ThenBy(invoice => invoice.Number, StringComparer.Ordinal);
}
