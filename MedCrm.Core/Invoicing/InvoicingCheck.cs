using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

// What an invoice or a payment repeats of its rows must say the same, and the numbers of a year follow each other.
internal sealed class InvoicingCheck : IDataCheck
{
    public string Name => "Factures et règlements";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var issued = await db.Invoices.IgnoreQueryFilters().Where(i => i.Number != null)
            .Select(i => new { i.Id, i.Number, i.Kind, i.IssuedOn, i.InstitutionId, i.OriginalId, i.Gross, i.Net, i.Tax, i.Prepaid, i.Received, i.Credited, i.Balance, i.Status, i.SettledOn, i.DeletedAt })
            .ToListAsync(cancellationToken);
        var received = await db.PaymentAllocations.GroupBy(share => share.InvoiceId).Select(group => new { group.Key, Sum = group.Sum(share => share.Amount) }).ToDictionaryAsync(group => group.Key, group => group.Sum, cancellationToken);
        var credited = issued.Where(i => i.Kind is InvoiceKind.CreditNote && i.OriginalId is not null).GroupBy(i => i.OriginalId!.Value).ToDictionary(group => group.Key, group => group.Sum(i => i.Gross - i.Prepaid));
        var takenBack = issued.Where(i => i.Kind is InvoiceKind.CreditNote && i.OriginalId is not null).GroupBy(i => i.OriginalId!.Value).ToDictionary(group => group.Key, group => group.Sum(i => i.Gross));
        var prepaid = await db.InvoiceDeposits.GroupBy(deposit => deposit.InvoiceId).Select(group => new { group.Key, Net = group.Sum(deposit => deposit.Net), Tax = group.Sum(deposit => deposit.Tax) }).ToDictionaryAsync(group => group.Key, group => group.Net + group.Tax, cancellationToken);
        var lines = await db.InvoiceLines.GroupBy(line => line.InvoiceId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        foreach (var i in issued)
        {
            var (gave, back) = (received.GetValueOrDefault(i.Id), credited.GetValueOrDefault(i.Id));
            var isNote = i.Kind is InvoiceKind.CreditNote;
            var balance = isNote ? 0 : i.Gross - i.Prepaid - gave - back;
            if (i.Net + i.Tax != i.Gross || i.Prepaid != prepaid.GetValueOrDefault(i.Id) || i.DeletedAt is not null || !lines.ContainsKey(i.Id))
            {
                faults.Add($"{i.Number} : son total, ses acomptes ou ses lignes ne vont pas ensemble, ou elle est à la corbeille");
            }

            if ((!isNote && (i.Received != gave || i.Credited != back)) || i.Balance != balance || balance < 0)
            {
                faults.Add($"{i.Number} : reste dû {i.Balance}, alors que ses règlements et ses avoirs donnent {balance}");
            }

            if (!isNote && (i.Status is InvoiceStatus.Credited) != (takenBack.GetValueOrDefault(i.Id) is > 0 and var whole && whole == i.Gross))
            {
                faults.Add($"{i.Number} : annulée par avoir alors que ses avoirs ne la reprennent pas en entier, ou l'inverse");
            }

            if (!isNote && (balance == 0) != (i.SettledOn is not null && i.Status is InvoiceStatus.Paid or InvoiceStatus.Credited))
            {
                faults.Add($"{i.Number} : son statut contredit son reste dû");
            }
        }

        faults.AddRange(await PaymentFaultsAsync(db, cancellationToken));
        return faults;
    }

    private static async Task<IEnumerable<string>> PaymentFaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var payments = await db.Payments.Select(p => new { p.Id, p.JournalNumber, p.Kind, p.OriginalId, p.Amount, p.Left, p.Withdrawn }).ToListAsync(cancellationToken);
        var shares = await db.PaymentAllocations.GroupBy(share => share.PaymentId).Select(group => new { group.Key, Sum = group.Sum(share => share.Amount) }).ToDictionaryAsync(group => group.Key, group => group.Sum, cancellationToken);
        var back = payments.Where(p => p.OriginalId is not null).GroupBy(p => p.OriginalId!.Value).ToDictionary(group => group.Key, group => -group.Sum(p => p.Amount));
        var faults = payments.Where(p => p.Kind is PaymentKind.Received
                ? p.Withdrawn != back.GetValueOrDefault(p.Id) || p.Left != p.Amount - p.Withdrawn - shares.GetValueOrDefault(p.Id) || p.Left < 0
                : p.Left != 0 || p.Amount >= 0 || shares.ContainsKey(p.Id))
            .Select(p => $"{Payment.NameOf(null, p.JournalNumber)} : ce qui en reste contredit ses affectations et ses remboursements").ToList();
        if (payments.Select(p => p.JournalNumber).Order().Index().Any(row => row.Item != row.Index + 1))
        {
            faults.Add("Journal de banque : les numéros ne se suivent pas");
        }

        return faults;
    }
}
