using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Dunning;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Invoicing;

/// <summary>A payment that left money to its payer. Euros including VAT.</summary>
public sealed record OpenCredit(Guid Id, Guid Version, DateOnly ReceivedOn, decimal Amount, decimal Left, PaymentMeans Means, string? Reference);

/// <summary>What somebody needs to enter a payment of an institution: its open invoices, in the order in which they are paid, and the credits it may use.</summary>
public sealed record PayerState(Guid InstitutionId, string Name, IReadOnlyList<OpenInvoice> Open, IReadOnlyList<OpenCredit> Credits);

/// <summary>
/// The door of money received: records it, shares it among invoices, uses what was left, gives back, corrects. Nothing here is undone by the history:
/// a mistake is reversed by a movement the other way, with its reason, and the bank journal keeps both.
/// </summary>
public sealed class Payments(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ILogger<Payments> logger)
{
    internal const string Gone = "Ce règlement n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>What an institution owes and may use; null when it is gone or out of sight.</summary>
    public async Task<PayerState?> PayerAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Institutions.VisibleTo(actor).Where(i => i.Id == institutionId).Select(i => i.Name).SingleOrDefaultAsync(cancellationToken) is not { } name)
        {
            return null;
        }

        var open = await db.Invoices.VisibleTo(actor).Where(i => i.InstitutionId == institutionId && i.Balance > 0)
            .Select(i => new OpenInvoice(i.Id, i.Number!, i.Title, i.IssuedOn!.Value, i.DueOn!.Value, i.Gross - i.Prepaid, i.Balance, i.DisputedOn != null))
            .ToListAsync(cancellationToken);
        var credits = await db.Payments.Where(payment => payment.InstitutionId == institutionId && payment.Left > 0)
            .OrderBy(payment => payment.ReceivedOn).ThenBy(payment => payment.JournalNumber)
            .Select(payment => new OpenCredit(payment.Id, payment.Version, payment.ReceivedOn, payment.Amount, payment.Left, payment.Means, payment.Reference))
            .ToListAsync(cancellationToken);
        return new PayerState(institutionId, name, [.. Allocation.Ordered(open)], credits);
    }

    /// <summary>Records money that came, with its shares; what they leave is a credit of the payer. Not undoable.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, a share passes what its invoice waits for, or the line of the statement is recorded already.</exception>
    public async Task<Done> RecordAsync(PaymentDetails details, IReadOnlyList<AllocationShare> shares, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before: null, cancellationToken);
        Payment payment = null!;
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                if (details.BankKey is { } key && await db.Payments.AnyAsync(other => other.BankKey == key, cancellationToken))
                {
                    throw new BusinessRuleException("Cette ligne du relevé est déjà enregistrée.", nameof(Payment.BankKey));
                }

                payment = new Payment(details, await NextNumberAsync(db, cancellationToken), clock.UtcNow, clock.Today);
                gesture.Sentence = $"Règlement de {FrenchText.FormatAmount(payment.Amount)} enregistré";
                db.Payments.Add(payment);
                await AllocateAsync(db, actor, payment, shares, cancellationToken);
            },
            cancellationToken);
        logger.LogInformation("Payment {PaymentId} recorded", payment.Id);
        return new Done(payment.Id, gesture.Sentence, null);
    }

    /// <summary>Uses what a payment left on other invoices of its payer.</summary>
    /// <exception cref="StaleRecordException">Somebody used it meanwhile.</exception>
    /// <exception cref="BusinessRuleException">A share passes what is left, or what its invoice waits for.</exception>
    public Task<Done> AllocateAsync(Guid paymentId, IReadOnlyList<AllocationShare> shares, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            paymentId,
            seenVersion,
            payment => $"Avance de {FrenchText.FormatAmount(shares.Sum(share => share.Amount))} affectée",
            (db, actor, payment) => AllocateAsync(db, actor, payment, shares, cancellationToken),
            cancellationToken);

    /// <summary>Uses what the payer's payments left on one of its invoices, the oldest first, until it is settled.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the invoice since it was shown.</exception>
    /// <exception cref="BusinessRuleException">Nothing is left to use, or nothing to be paid.</exception>
    public async Task<Done> UseCreditsAsync(Guid invoiceId, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var invoice = await db.Invoices.VisibleTo(actor).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new StaleRecordException(Invoices.Gone);
                db.Expect(invoice, seenVersion);
                var credits = await db.Payments.Include(payment => payment.Allocations).Where(payment => payment.InstitutionId == invoice.InstitutionId && payment.Left > 0)
                    .OrderBy(payment => payment.ReceivedOn).ThenBy(payment => payment.JournalNumber).ToListAsync(cancellationToken);
                var wanted = Math.Min(invoice.Balance, credits.Sum(payment => payment.Left));
                if (wanted <= 0)
                {
                    throw new BusinessRuleException(invoice.Balance <= 0 ? "Cette facture est déjà soldée." : "Ce payeur n'a plus d'avance disponible.");
                }

                gesture.Sentence = $"{FrenchText.FormatAmount(wanted)} d'avance affectés à {invoice.Number}";
                foreach (var payment in credits.TakeWhile(_ => wanted > 0))
                {
                    var share = Math.Min(payment.Left, wanted);
                    payment.Allocate(invoice, share);
                    wanted -= share;
                }

                await db.SaveChangesAsync(cancellationToken);
                await RecountAsync(db, [invoiceId], cancellationToken);
            },
            cancellationToken);
        return new Done(invoiceId, gesture.Sentence, null);
    }

    /// <summary>Takes the share of one invoice back: it becomes a credit of the payer.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the payment meanwhile.</exception>
    /// <exception cref="BusinessRuleException">The invoice took nothing of it.</exception>
    public Task<Done> ReleaseAsync(Guid paymentId, Guid invoiceId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            paymentId,
            seenVersion,
            payment => $"Affectation du règlement {payment.RecordName} retirée",
            async (db, _, payment) =>
            {
                if (payment.Release(invoiceId) == 0)
                {
                    throw new BusinessRuleException("Cette facture n'a rien pris de ce règlement.");
                }

                await db.SaveChangesAsync(cancellationToken);
                await RecountAsync(db, [invoiceId], cancellationToken);
            },
            cancellationToken);

    /// <summary>Takes a payment back that was entered by mistake or came back unpaid: its invoices are owed again, and a movement the other way stands in the bank journal.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the payment meanwhile.</exception>
    /// <exception cref="BusinessRuleException">It was taken back already, or the reason is missing.</exception>
    public Task<Done> ReverseAsync(Guid paymentId, DateOnly on, string? reason, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            paymentId,
            seenVersion,
            payment => $"Règlement {payment.RecordName} contre-passé",
            async (db, _, payment) =>
            {
                var invoices = payment.Allocations.Select(share => share.InvoiceId).ToList();
                db.Payments.Add(payment.Reverse(on, reason, await NextNumberAsync(db, cancellationToken), clock.UtcNow, clock.Today));
                await db.SaveChangesAsync(cancellationToken);
                await RecountAsync(db, invoices, cancellationToken);
            },
            cancellationToken);

    /// <summary>Gives back money that a payment left.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the payment meanwhile.</exception>
    /// <exception cref="BusinessRuleException">It is more than is left, or the reason is missing.</exception>
    public Task<Done> RefundAsync(Guid paymentId, decimal amount, DateOnly on, PaymentMeans means, string? reason, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            paymentId,
            seenVersion,
            payment => $"Remboursement de {FrenchText.FormatAmount(amount)}",
            async (db, _, payment) =>
            {
                db.Payments.Add(payment.Refund(amount, on, means, reason, await NextNumberAsync(db, cancellationToken), clock.UtcNow, clock.Today));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>The next number of the bank journal, inside the caller's transaction.</summary>
    internal static async Task<int> NextNumberAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => (await db.Payments.MaxAsync(payment => (int?)payment.JournalNumber, cancellationToken) ?? 0) + 1;

    /// <summary>Shares a payment of the caller's context, saves it and counts its invoices again, inside the caller's transaction.</summary>
    internal static async Task AllocateAsync(MedCrmDbContext db, Actor actor, Payment payment, IReadOnlyList<AllocationShare> shares, CancellationToken cancellationToken)
    {
        // Two shares of one invoice are one: its balance moves only once they are saved.
        foreach (var share in shares.GroupBy(share => share.InvoiceId).Select(same => new AllocationShare(same.Key, same.Sum(share => share.Amount))))
        {
            var invoice = await db.Invoices.VisibleTo(actor).SingleOrDefaultAsync(i => i.Id == share.InvoiceId, cancellationToken) ?? throw new BusinessRuleException(Invoices.Gone, AllocationShare.FieldOf(share.InvoiceId));
            payment.Allocate(invoice, share.Amount);
        }

        await db.SaveChangesAsync(cancellationToken);
        await RecountAsync(db, [.. shares.Select(share => share.InvoiceId)], cancellationToken);
    }

    private static async Task RecountAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
    {
        await Balances.RecountAsync(db, invoiceIds, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await Dunnings.AfterPaymentAsync(db, invoiceIds, cancellationToken);
    }

    private async Task<Done> ChangeAsync(Guid paymentId, Guid seenVersion, Func<Payment, string> sentenceOf, Func<MedCrmDbContext, Actor, Payment, Task> change, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var payment = await db.Payments.Include(p => p.Allocations)
                    .SingleOrDefaultAsync(p => p.Id == paymentId && db.Institutions.VisibleTo(actor).Any(i => i.Id == p.InstitutionId), cancellationToken) ?? throw new StaleRecordException(Gone);
                db.Expect(payment, seenVersion);
                gesture.Sentence = sentenceOf(payment);
                await change(db, actor, payment);
            },
            cancellationToken);
        return new Done(paymentId, gesture.Sentence, null);
    }
}
