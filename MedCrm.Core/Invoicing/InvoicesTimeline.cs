using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Invoicing;

/// <summary>Invoices and credit notes of a feed, where they were issued.</summary>
public sealed class InvoicesTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("invoice", "Factures", "receipt_long") { States = typeof(InvoiceStatus), Address = "/invoices/{0}" };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var issued = InvoiceList.Of(db, actor).Where(i => i.IssuedAt != null);
        var invoices = subject switch
        {
            { InstitutionId: not null } => issued.Where(i => i.InstitutionId == id),
            { ContactId: not null } => issued.Where(i => i.ContactId == id),
            _ => issued.Where(i => i.OpportunityId == id),
        };
        return invoices.Select(i => new TimelineEntry
        {
            Kind = "invoice",
            Id = i.Id,
            At = i.IssuedAt!.Value,
            Title = (i.Kind == InvoiceKind.CreditNote ? "Avoir " : i.Kind == InvoiceKind.Deposit ? "Facture d'acompte " : "Facture ") + i.Number,
            State = (int)i.Status,
            Detail = i.Title,
            Text = i.DisputeReason == null ? null : "Litige : " + i.DisputeReason,
            Amount = i.Net,
        });
    }
}

/// <summary>Money received, refunded or taken back, in the feed of its payer and of the deals of the invoices it paid.</summary>
public sealed class PaymentsTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("payment", "Règlements", "payments") { States = typeof(PaymentKind) };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var (invoices, places) = (InvoiceList.Of(db, actor), db.Institutions.VisibleTo(actor));
        var payments = subject switch
        {
            { InstitutionId: not null } => db.Payments.Where(payment => payment.InstitutionId == id && places.Any(place => place.Id == payment.InstitutionId)),
            { ContactId: not null } => db.Payments.Where(payment => payment.Allocations.Any(share => invoices.Any(i => i.Id == share.InvoiceId && i.ContactId == id))),
            _ => db.Payments.Where(payment => payment.Allocations.Any(share => invoices.Any(i => i.Id == share.InvoiceId && i.OpportunityId == id))),
        };
        return payments.Select(payment => new TimelineEntry
        {
            Kind = "payment",
            Id = payment.Id,
            At = payment.CreatedAt,
            Title = payment.Kind == PaymentKind.Received ? "Règlement reçu" : payment.Kind == PaymentKind.Refund ? "Remboursement" : "Règlement contre-passé",
            State = (int)payment.Kind,
            Detail = payment.Reference,
            Text = payment.Note,
            Amount = payment.Amount,
        });
    }
}
