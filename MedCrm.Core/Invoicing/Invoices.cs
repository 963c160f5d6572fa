using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Dunning;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Invoicing;

/// <summary>The door of invoices: writes drafts by hand, from a quote, from another invoice; issues them for good; takes them back by credit notes.</summary>
public sealed class Invoices(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ILogger<Invoices> logger)
{
    internal const string Gone = "Cette facture n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>What a new invoice for somebody starts with: their terms, their service, who follows them.</summary>
    /// <exception cref="BusinessRuleException">The institution is gone or out of sight.</exception>
    public async Task<InvoiceDetails> StartAsync(Guid? institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (institutionId is not { } id)
        {
            var usual = (await Company.ReadAsync(db, cancellationToken)).Term;
            return new InvoiceDetails { TermKind = usual.Kind, TermDays = usual.Days };
        }

        await Links.CheckInstitutionAsync(db, actor, id, before: null, cancellationToken);
        return await StartAsync(db, id, cancellationToken);
    }

    /// <summary>Writes a draft. Without an owner it belongs to whoever follows the institution.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public async Task<Done> CreateAsync(InvoiceDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await CheckLinksAsync(db, actor, details, null, cancellationToken);
        if (details.OwnerId is null)
        {
            var follows = await db.Institutions.Where(i => i.Id == details.InstitutionId).Select(i => new { i.OwnerId, i.TeamId }).SingleOrDefaultAsync(cancellationToken);
            details = details with { OwnerId = follows?.OwnerId, TeamId = follows?.TeamId };
        }
        else
        {
            details = details with { TeamId = await Assignment.TeamAsync(db, null, details.OwnerId, details.TeamId, cancellationToken) };
        }

        var draft = new Invoice(details with { Kind = InvoiceKind.Invoice, QuoteId = null, ContractId = null, OriginalId = null }, clock.UtcNow);
        draft.Deduct(await DepositShare.OfAsync(db, draft, details.DepositIds, cancellationToken));
        return await AddAsync(db, actor, draft, $"Brouillon « {draft.Title} » créé", cancellationToken);
    }

    /// <summary>Takes new values of a draft, joined with what others saved since the form was opened.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields meanwhile.</exception>
    /// <exception cref="BusinessRuleException">It is issued, or a value is refused.</exception>
    public Task<Done> EditAsync(Guid invoiceId, InvoiceDetails seen, InvoiceDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditInvoices);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var invoice = await Whole(db.Invoices.VisibleTo(actor)).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new BusinessRuleException(Gone);
            var merged = await db.MergeAsync(invoice, seen, mine, invoice.Details(), cancellationToken);
            var gesture = db.Begin(actor, $"Brouillon « {invoice.Title} » modifié");
            await EditAsync(new ListScope(db, actor, clock), invoice, merged, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return new Done(invoice.Id, gesture.Sentence, gesture.Undoable);
        });

    /// <summary>Writes the draft of a deposit on an accepted quote, or of all that remains of it once its issued deposits are deducted. Asked for twice, it is the same draft.</summary>
    /// <exception cref="BusinessRuleException">The quote is not accepted, is invoiced already, or its deposits would pass its total.</exception>
    public async Task<Done> BillQuoteAsync(Guid quoteId, QuoteShare share, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Done? done = null;
        await db.InTransactionAsync(
            async () =>
            {
                var quote = await db.Quotes.VisibleTo(actor).AsNoTracking().Include(q => q.Lines).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken)
                    ?? throw new BusinessRuleException("Ce devis n'existe plus, ou n'est pas visible pour vous.");
                done = await BillAsync(db, actor, quote, share, cancellationToken);
            },
            cancellationToken);
        return done!;
    }

    /// <summary>Writes a draft like another invoice, for the same buyer, without what tied it to a quote, a contract or deposits.</summary>
    /// <exception cref="BusinessRuleException">It is a credit note or a deposit, gone or out of sight.</exception>
    public async Task<Done> DuplicateAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var model = await Whole(db.Invoices.VisibleTo(actor).AsNoTracking()).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new BusinessRuleException(Gone);
        if (model.Kind is not InvoiceKind.Invoice)
        {
            throw new BusinessRuleException("Un acompte ou un avoir ne se duplique pas : il tient à son devis ou à sa facture.");
        }

        var draft = new Invoice(
            model.Details() with
            {
                QuoteId = null,
                ContractId = null,
                PeriodFrom = null,
                DepositIds = [],
                ServiceFrom = null,
                ServiceTo = null,
                PurchaseOrder = null,
                Engagement = null,
                ContactId = await VisibleContacts.Of(db, actor).AnyAsync(contact => contact.Id == model.ContactId, cancellationToken) ? model.ContactId : null,
                OpportunityId = await db.Opportunities.VisibleTo(actor).AnyAsync(deal => deal.Id == model.OpportunityId, cancellationToken) ? model.OpportunityId : null,
            },
            clock.UtcNow);
        return await AddAsync(db, actor, draft, $"Brouillon « {draft.Title} » créé", cancellationToken);
    }

    /// <summary>Writes the draft of a credit note that takes back all that is left of an invoice; lines and amounts are then lowered for a part of it. Asked for twice, it is the same draft.</summary>
    /// <exception cref="BusinessRuleException">The invoice is a draft or a credit note, nothing of it is left to take back, or it is a deposit that another invoice deducts.</exception>
    public async Task<Done> CreditAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Done? done = null;
        await db.InTransactionAsync(
            async () =>
            {
                var original = await Whole(db.Invoices.VisibleTo(actor).AsNoTracking()).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new BusinessRuleException(Gone);
                if (original.Number is null || original.Kind is InvoiceKind.CreditNote)
                {
                    throw new BusinessRuleException("Un avoir corrige une facture émise.");
                }

                if (await db.Invoices.Where(i => i.OriginalId == invoiceId && i.Number == null).Select(i => new { i.Id, i.Title }).FirstOrDefaultAsync(cancellationToken) is { } begun)
                {
                    done = new Done(begun.Id, $"« {begun.Title} » est déjà en brouillon", null);
                    return;
                }

                var left = await CreditLeft.OfAsync(db, original, cancellationToken);
                left.DemandSome();
                var whole = NoteOn(original);
                var note = new Invoice(
                    whole with
                    {
                        Lines = left.Lines(),
                        DiscountPercent = left.IsBegun ? 0 : whole.DiscountPercent,
                        DiscountAmount = left.IsBegun ? 0 : whole.DiscountAmount,
                    },
                    clock.UtcNow);
                note.Deduct(left.GivenBack(note));
                done = await AddAsync(db, actor, note, $"Brouillon d'avoir sur {original.Number} créé", cancellationToken);
            },
            cancellationToken);
        return done!;
    }

    /// <summary>Issues a draft: it takes its number and is never edited again. Not undoable. The day is today unless given.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the draft since it was shown.</exception>
    /// <exception cref="BusinessRuleException">Something that the law or the buyer asks for is missing, or the day is out of order.</exception>
    public async Task<Done> IssueAsync(Guid invoiceId, Guid seenVersion, DateOnly? on = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var done = await IssueAsync(db, db.Begin(actor, ""), invoiceId, seenVersion, on, cancellationToken);
        logger.LogInformation("Invoice {InvoiceId} issued", invoiceId);
        return done;
    }

    /// <summary>Issues several drafts one after the other, in the order given, each in a transaction of its own. What a rule refuses stays a draft and is told.</summary>
    public async Task<BulkResult> IssueManyAsync(IReadOnlyList<Guid> invoiceIds, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        var failures = new List<RefusedRow>();
        foreach (var (place, id) in invoiceIds.Index())
        {
            progress?.Report(new BulkProgress(place, invoiceIds.Count));
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            try
            {
                await IssueAsync(db, db.Begin(actor, "", ChangeOrigin.Bulk), id, seenVersion: null, on: null, cancellationToken);
            }
            catch (BusinessRuleException refusal)
            {
                var name = await db.Invoices.VisibleTo(actor).Where(i => i.Id == id).Select(i => i.Number ?? i.Title).SingleOrDefaultAsync(cancellationToken);
                failures.Add(new RefusedRow(id, name ?? "Facture introuvable", refusal.Sentence));
            }
        }

        progress?.Report(new BulkProgress(invoiceIds.Count, invoiceIds.Count));
        var issued = invoiceIds.Count - failures.Count;
        return new BulkResult(issued, failures, new Done(invoiceIds.Count > 0 ? invoiceIds[0] : Guid.Empty, issued < 2 ? $"{issued} facture émise" : $"{issued} factures émises", null));
    }

    /// <summary>Notes that the customer contests an invoice: reminders wait.</summary>
    /// <exception cref="BusinessRuleException">Nothing is left to be paid, or the reason is missing.</exception>
    public Task<Done> DisputeAsync(Guid invoiceId, string? reason, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(invoiceId, seenVersion, invoice => $"{invoice.RecordName} mise en litige", invoice => invoice.Dispute(reason, clock.Today, clock.UtcNow), cancellationToken);

    /// <summary>The dispute is over.</summary>
    /// <exception cref="BusinessRuleException">It is not disputed.</exception>
    public Task<Done> SettleDisputeAsync(Guid invoiceId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(invoiceId, seenVersion, invoice => $"Litige sur {invoice.RecordName} levé", invoice => invoice.SettleDispute(clock.UtcNow), cancellationToken);

    /// <summary>Puts a draft in the bin.</summary>
    /// <exception cref="BusinessRuleException">It is issued: a credit note takes it back.</exception>
    public Task<Done> DeleteAsync(Guid invoiceId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(invoiceId, seenVersion, invoice => $"Brouillon « {invoice.Title} » supprimé", invoice => Remove(invoice, clock.UtcNow), cancellationToken);

    /// <summary>
    /// Adds the draft of a contract's period to the caller's context, to be saved with the rest of the act; null when that period was invoiced already, the bin
    /// included. Without a period it is for what no period carries, which the caller notes in the same act.
    /// </summary>
    /// <param name="scope">The database, who acts, the clock.</param>
    /// <param name="details">The lines and texts; its <see cref="InvoiceDetails.ContractId"/> and <see cref="InvoiceDetails.PeriodFrom"/> say which period.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    internal static async Task<Invoice?> DraftForAsync(ListScope scope, InvoiceDetails details, CancellationToken cancellationToken)
    {
        if (details.ContractId is not { } contractId)
        {
            throw new ArgumentException("A draft of a contract says which contract.", nameof(details));
        }

        if (details.PeriodFrom is { } period
            && (scope.Db.Invoices.Local.Any(i => i.ContractId == contractId && i.PeriodFrom == period)
                || await scope.Db.Invoices.IgnoreQueryFilters([MedCrmDbContext.BinFilter])
                    .AnyAsync(i => i.ContractId == contractId && i.PeriodFrom == period && i.Status != InvoiceStatus.Credited, cancellationToken)))
        {
            return null;
        }

        var draft = new Invoice(details with { Kind = InvoiceKind.Invoice, OriginalId = null, DepositIds = [] }, scope.Clock.UtcNow);
        scope.Db.Invoices.Add(draft);
        return draft;
    }

    /// <summary>
    /// Adds the draft of a credit note that takes a part of an issued invoice back for a contract to the caller's context, to be saved with the rest of the act. The
    /// draft that waits already for the same contract and invoice takes the lines instead.
    /// </summary>
    /// <param name="scope">The database, who acts, the clock.</param>
    /// <param name="original">The issued invoice.</param>
    /// <param name="contractId">The contract that asks for it.</param>
    /// <param name="introduction">The text printed above the lines.</param>
    /// <param name="service">The first and the last day taken back.</param>
    /// <param name="lines">What is taken back, positive.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    internal static async Task CreditForAsync(ListScope scope, Invoice original, Guid contractId, string introduction, (DateOnly From, DateOnly To) service, IReadOnlyList<LineDetails> lines, CancellationToken cancellationToken)
    {
        if (await Whole(scope.Db.Invoices).FirstOrDefaultAsync(i => i.OriginalId == original.Id && i.ContractId == contractId && i.Number == null, cancellationToken) is { } begun)
        {
            AddLines(scope, begun, lines);
            return;
        }

        scope.Db.Invoices.Add(new Invoice(
            NoteOn(original) with { ContractId = contractId, Introduction = introduction, ServiceFrom = service.From, ServiceTo = service.To, DiscountPercent = 0, DiscountAmount = 0, Lines = lines },
            scope.Clock.UtcNow));
    }

    /// <summary>Adds lines to a draft loaded whole, to be saved with the rest of the act; a draft that then asks for nothing goes to the bin.</summary>
    /// <exception cref="BusinessRuleException">It is issued, or a value is refused.</exception>
    internal static void AddLines(ListScope scope, Invoice draft, IReadOnlyList<LineDetails> lines)
    {
        var details = draft.Details();
        draft.Edit(details with { Lines = [.. details.Lines, .. lines] }, scope.Clock.UtcNow);
        if (draft.Gross == 0)
        {
            Remove(draft, scope.Clock.UtcNow);
        }
    }

    /// <summary>What a new invoice for an institution starts with.</summary>
    internal static async Task<InvoiceDetails> StartAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
    {
        var buyer = await BillingProfiles.EffectiveAsync(db, institutionId, cancellationToken);
        var owner = await db.Institutions.Where(i => i.Id == institutionId).Select(i => new { i.OwnerId, i.TeamId }).SingleAsync(cancellationToken);
        return new InvoiceDetails { InstitutionId = institutionId, TermKind = buyer.Term.Kind, TermDays = buyer.Term.Days, ServiceCode = buyer.ServiceCode, OwnerId = owner.OwnerId, TeamId = owner.TeamId };
    }

    /// <summary>The way of every edit of a draft: links, terms, deposits.</summary>
    internal static async Task EditAsync(ListScope scope, Invoice invoice, InvoiceDetails details, CancellationToken cancellationToken)
    {
        await CheckLinksAsync(scope.Db, scope.Actor, details, invoice, cancellationToken);
        if (details.InstitutionId != invoice.InstitutionId && (invoice.OriginalId ?? invoice.QuoteId ?? invoice.ContractId) is not null)
        {
            throw new BusinessRuleException("Ce brouillon vient d'un devis, d'un contrat ou d'une facture : son établissement ne change pas.", nameof(Invoice.InstitutionId));
        }

        invoice.Edit(details with { TeamId = await Assignment.TeamAsync(scope.Db, invoice, details.OwnerId, details.TeamId, cancellationToken) }, scope.Clock.UtcNow);
        invoice.Deduct(await DepositShare.OfAsync(scope.Db, invoice, details.DepositIds, cancellationToken));
    }

    /// <summary>Invoices with the parts that their verbs need.</summary>
    internal static IQueryable<Invoice> Whole(IQueryable<Invoice> invoices) => invoices.Include(i => i.Lines).Include(i => i.Deposits).AsSplitQuery();

    /// <summary>A draft goes to the bin.</summary>
    internal static void Remove(Invoice invoice, DateTime at)
    {
        if (invoice.WhySealed is { } reason)
        {
            throw new BusinessRuleException(reason);
        }

        invoice.DeletedAt = at;
    }

    // The whole of an invoice, taken back.
    private static InvoiceDetails NoteOn(Invoice original) => original.Details() with
    {
        Kind = InvoiceKind.CreditNote,
        Title = Clean.Shortened($"Avoir sur {original.Number}", 200),
        OriginalId = original.Id,
        QuoteId = null,
        ContractId = null,
        PeriodFrom = null,
        Introduction = null,
        Notes = null,
        DepositIds = [],
    };

    private async Task<Done> BillAsync(MedCrmDbContext db, Actor actor, Quote quote, QuoteShare share, CancellationToken cancellationToken)
    {
        if (quote.Status is not QuoteStatus.Accepted)
        {
            throw new BusinessRuleException("Seul un devis accepté se facture.");
        }

        var known = await db.Invoices.AsNoTracking().Where(i => i.QuoteId == quote.Id && i.Kind != InvoiceKind.CreditNote && i.Status != InvoiceStatus.Credited)
            .Select(i => new { i.Id, i.Kind, i.Number, i.Title })
            .ToListAsync(cancellationToken);
        if (known.Find(i => i.Kind is InvoiceKind.Invoice) is { } whole)
        {
            return !share.IsDeposit && whole.Number is null
                ? new Done(whole.Id, $"« {whole.Title} » est déjà en brouillon", null)
                : throw new BusinessRuleException($"Ce devis est déjà facturé : {whole.Number ?? whole.Title}.");
        }

        var start = await StartAsync(db, quote.InstitutionId, cancellationToken);
        var details = start with
        {
            QuoteId = quote.Id,
            ContactId = quote.ContactId,
            OpportunityId = quote.OpportunityId,
            OwnerId = quote.OwnerId,
            TeamId = quote.TeamId,
            TermKind = quote.TermKind,
            TermDays = quote.TermDays,
        };
        if (!share.IsDeposit)
        {
            return await AddRestAsync(db, actor, quote, details, known.Find(i => i.Kind is InvoiceKind.Deposit && i.Number is null)?.Title, cancellationToken);
        }

        var parts = share.Split(quote.Totals);
        var ids = known.ConvertAll(i => i.Id);
        QuoteShare.DemandRoom(
            quote.Net,
            await QuoteShare.AskedAsync(db, db.Invoices.Where(i => ids.Contains(i.Id)), cancellationToken),
            parts.Sum(part => part.Net),
            share.Percent is null ? nameof(QuoteShare.Amount) : nameof(QuoteShare.Percent));
        var title = share.Percent is { } percent ? $"Acompte de {percent.ToString("0.##", FrenchText.Culture)} % sur le devis {quote.RecordName}" : $"Acompte sur le devis {quote.RecordName}";
        var draft = new Invoice(
            details with
            {
                Kind = InvoiceKind.Deposit,
                Title = title,
                Lines = [.. parts.Select(part => new LineDetails
                {
                    Description = title,
                    Quantity = Math.Sign(part.Net),
                    UnitPrice = Math.Abs(part.Net),
                    VatCategory = part.Vat.Category,
                    VatRate = part.Vat.Rate,
                    VatReason = part.Vat.Reason,
                })],
            },
            clock.UtcNow);
        return await AddAsync(db, actor, draft, $"Brouillon « {draft.Title} » créé", cancellationToken);
    }

    private async Task<Done> AddRestAsync(MedCrmDbContext db, Actor actor, Quote quote, InvoiceDetails details, string? depositInDraft, CancellationToken cancellationToken)
    {
        if (depositInDraft is not null)
        {
            throw new BusinessRuleException($"« {depositInDraft} » est encore en brouillon : émettez-le ou supprimez-le avant le solde.");
        }

        var quoteDetails = quote.Details();
        var draft = new Invoice(
            details with
            {
                Title = quote.Title,
                DiscountPercent = quote.DiscountPercent,
                DiscountAmount = quote.DiscountAmount,
                Introduction = $"Selon votre accord sur le devis {quote.RecordName} du {FrenchText.FormatDay(quote.IssuedOn)}.",
                Lines = [.. quoteDetails.Lines.Where(line => !line.IsOption)],
            },
            clock.UtcNow);
        var deposits = await db.Invoices.Where(i => i.QuoteId == quote.Id && i.Kind == InvoiceKind.Deposit && i.Number != null && i.Status != InvoiceStatus.Credited).Select(i => i.Id).ToListAsync(cancellationToken);
        draft.Deduct(await DepositShare.OfAsync(db, draft, deposits, cancellationToken));
        if (draft.Due < 0)
        {
            throw new BusinessRuleException("Les acomptes émis dépassent le total du devis : faites d'abord un avoir sur l'un d'eux.");
        }

        return await AddAsync(db, actor, draft, $"Brouillon « {draft.Title} » créé", cancellationToken);
    }

    private async Task<Done> IssueAsync(MedCrmDbContext db, Gesture gesture, Guid invoiceId, Guid? seenVersion, DateOnly? on, CancellationToken cancellationToken)
    {
        var scope = new ListScope(db, gesture.Actor, clock);
        await db.InTransactionAsync(
            async () =>
            {
                var invoice = await Whole(db.Invoices.VisibleTo(gesture.Actor)).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new StaleRecordException(Gone);
                if (seenVersion is { } seen)
                {
                    db.Expect(invoice, seen);
                }

                await Issuing.IssueAsync(scope, invoice, on, cancellationToken);
            },
            cancellationToken);
        return new Done(invoiceId, gesture.Sentence, null);
    }

    private async Task<Done> ChangeAsync(Guid invoiceId, Guid seenVersion, Func<Invoice, string> sentenceOf, Action<Invoice> change, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var invoice = await Whole(db.Invoices.VisibleTo(actor)).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new StaleRecordException(Gone);
        db.Expect(invoice, seenVersion);
        var gesture = db.Begin(actor, sentenceOf(invoice));
        change(invoice);
        await db.InTransactionAsync(
            async () =>
            {
                await db.SaveChangesAsync(cancellationToken);
                await Dunnings.AfterPaymentAsync(db, [invoice.Id], cancellationToken);
            },
            cancellationToken);
        return new Done(invoice.Id, gesture.Sentence, invoice.WhySealed is null ? gesture.Undoable : null);
    }

    private static async Task<Done> AddAsync(MedCrmDbContext db, Actor actor, Invoice draft, string sentence, CancellationToken cancellationToken)
    {
        var gesture = db.Begin(actor, sentence);
        db.Invoices.Add(draft);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(draft.Id, gesture.Sentence, gesture.Undoable);
    }

    private static async Task CheckLinksAsync(MedCrmDbContext db, Actor actor, InvoiceDetails details, Invoice? before, CancellationToken cancellationToken)
    {
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before?.InstitutionId, cancellationToken);
        await Links.CheckContactAsync(db, actor, details.ContactId, before?.ContactId, cancellationToken);
        if (details.OpportunityId is { } dealId && (dealId != before?.OpportunityId || details.InstitutionId != before.InstitutionId))
        {
            await Links.CheckDealAsync(db, actor, dealId, details.InstitutionId, cancellationToken);
        }
    }
}
