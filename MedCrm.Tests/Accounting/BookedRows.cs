using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Accounting;

/// <summary>Documents and payments as rows, whatever the doors that make them ask for: the accounts read rows.</summary>
internal static class BookedRows
{
    public static LineDetails Line(string description, decimal quantity, decimal price, decimal rate = 20, decimal discount = 0, SupplyNature nature = SupplyNature.Services) => new()
    {
        Description = description,
        Quantity = quantity,
        UnitPrice = price,
        DiscountPercent = discount,
        VatCategory = rate == 0 ? VatCategory.Exempt : VatCategory.Standard,
        VatRate = rate,
        VatReason = rate == 0 ? Vat.Training.Reason : null,
        Nature = nature,
    };

    /// <summary>An issued document; its balance is what is due less what was received, unless said otherwise.</summary>
    public static Invoice Document(
        Institution institution,
        string number,
        DateOnly on,
        IReadOnlyList<LineDetails> lines,
        InvoiceKind kind = InvoiceKind.Invoice,
        DateOnly? dueOn = null,
        decimal received = 0,
        Invoice? original = null,
        IReadOnlyList<Invoice>? deposits = null,
        decimal discountAmount = 0,
        decimal? balance = null,
        BuyerKind buyer = BuyerKind.Private)
    {
        var at = on.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc);
        var invoice = new Invoice(new InvoiceDetails { Kind = kind, Title = number, InstitutionId = institution.Id, Lines = lines, OriginalId = original?.Id, DiscountAmount = discountAmount }, at);
        foreach (var deposit in deposits ?? [])
        {
            foreach (var rate in deposit.Totals.Rates)
            {
                var deducted = (InvoiceDeposit)Activator.CreateInstance(typeof(InvoiceDeposit), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic, null, [invoice.Id, deposit.Id, deposit.Number!, rate.Vat, rate.Net, rate.Tax], null)!;
                ((List<InvoiceDeposit>)typeof(Invoice).GetField("_deposits", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(invoice)!).Add(deducted);
            }
        }

        var prepaid = invoice.Deposits.Sum(deposit => deposit.Net + deposit.Tax);
        var left = balance ?? (kind is InvoiceKind.CreditNote ? 0 : invoice.Gross - prepaid - received);
        return invoice
            .With(nameof(Invoice.Number), number)
            .With(nameof(Invoice.SearchKey), Core.Foundation.SearchKey.Fold($"{number} {number}"))
            .With(nameof(Invoice.Status), left == 0 && kind is not InvoiceKind.CreditNote ? InvoiceStatus.Paid : received > 0 ? InvoiceStatus.PartlyPaid : InvoiceStatus.Issued)
            .With(nameof(Invoice.IssuedOn), on)
            .With(nameof(Invoice.IssuedAt), at)
            .With(nameof(Invoice.DueOn), dueOn ?? on.AddDays(30))
            .With(nameof(Invoice.BuyerName), institution.Name)
            .With(nameof(Invoice.Buyer), buyer)
            .With(nameof(Invoice.Prepaid), prepaid)
            .With(nameof(Invoice.Received), received)
            .With(nameof(Invoice.Balance), left);
    }

    /// <summary>A payment and what each invoice took of it, recorded the day it came.</summary>
    public static Payment Paid(Institution institution, string? reference, DateOnly on, int journalNumber, decimal amount, params (Invoice Invoice, decimal Amount)[] shares)
    {
        var payment = ((Payment)Activator.CreateInstance(typeof(Payment), nonPublic: true)!)
            .With(nameof(Payment.Id), Guid.CreateVersion7())
            .With(nameof(Payment.InstitutionId), institution.Id)
            .With(nameof(Payment.ReceivedOn), on)
            .With(nameof(Payment.CreatedAt), on.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc))
            .With(nameof(Payment.Amount), amount)
            .With(nameof(Payment.Reference), reference)
            .With(nameof(Payment.JournalNumber), journalNumber)
            .With(nameof(Payment.Left), amount - shares.Sum(share => share.Amount));
        var allocations = (List<PaymentAllocation>)typeof(Payment).GetField("_allocations", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(payment)!;
        allocations.AddRange(shares.Select(share => ((PaymentAllocation)Activator.CreateInstance(typeof(PaymentAllocation), nonPublic: true)!)
            .With(nameof(PaymentAllocation.Id), Guid.CreateVersion7())
            .With(nameof(PaymentAllocation.PaymentId), payment.Id)
            .With(nameof(PaymentAllocation.InvoiceId), share.Invoice.Id)
            .With(nameof(PaymentAllocation.InvoiceNumber), share.Invoice.Number!)
            .With(nameof(PaymentAllocation.Amount), share.Amount)));
        return payment;
    }

    public static BillingProfile Profile(Institution institution, string? account = null, string? email = null, bool isNeverDunned = false) => new BillingProfile(institution.Id, institution.Name)
        .With(nameof(BillingProfile.AccountCode), account)
        .With(nameof(BillingProfile.Email), email)
        .With(nameof(BillingProfile.IsNeverDunned), isNeverDunned);

    public static Company Seller(string? siren = "267500452") => new Company().With(nameof(Company.LegalName), "MedEquip SAS").With(nameof(Company.Siren), siren);

    /// <summary>Writes what only a verb may write.</summary>
    public static T With<T>(this T row, string property, object? value)
        where T : class
    {
        typeof(T).GetProperty(property)!.SetValue(row, value);
        return row;
    }
}
