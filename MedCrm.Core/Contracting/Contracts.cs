using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Contracting;

/// <summary>The door of contracts: writes them, puts them in force, amends, renews and stops them.</summary>
public sealed class Contracts(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ILogger<Contracts> logger)
{
    private const string Gone = "Ce contrat n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>What a new contract starts from: an accepted quote, whose recurring lines become its prices; a won deal; a contract that it takes the place of; an institution, for its terms of payment.</summary>
    /// <exception cref="BusinessRuleException">The quote is not accepted, the deal not won, or something is out of sight.</exception>
    public async Task<ContractDetails> StartAsync(Guid? quoteId = null, Guid? dealId = null, Guid? replacesId = null, Guid? institutionId = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var details = new ContractDetails { OwnerId = actor.Id, TeamId = actor.TeamId, InstitutionId = institutionId, StartsOn = FirstOfNextMonth() };
        if (quoteId is not null)
        {
            details = await FromQuoteAsync(db, actor, quoteId.Value, details, cancellationToken);
        }
        else if (dealId is not null)
        {
            details = await FromDealAsync(db, actor, dealId.Value, details, cancellationToken);
        }
        else if (replacesId is not null)
        {
            var former = await Whole(db.Contracts.VisibleTo(actor)).AsNoTracking().SingleOrDefaultAsync(c => c.Id == replacesId, cancellationToken) ?? throw new BusinessRuleException(Gone);
            details = former.Details() with { ReplacesId = former.Id, QuoteId = null, BillsFrom = null, StartsOn = former.Terms.RenewsOn, Lines = [.. former.InForceOn(former.EndsOn).Select(line => line.Details())] };
            return details;
        }

        if (details.InstitutionId is { } payer)
        {
            var billing = await BillingProfiles.EffectiveAsync(db, payer, cancellationToken);
            var agreed = quoteId is null ? billing.Term : new PaymentTerm(details.TermKind, details.TermDays);
            (details.TermKind, details.TermDays) = agreed.ForPeriodic(billing.Buyer);
        }

        return details;
    }

    /// <summary>Writes a draft, with its number. Without an owner it belongs to the actor.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, its quote is not accepted, its deal not won, or the contract it replaces is another institution's.</exception>
    public async Task<Done> CreateAsync(ContractDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditContracts);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        details = details with { OwnerId = details.OwnerId ?? actor.Id };
        details = details with { TeamId = await Assignment.TeamAsync(db, null, details.OwnerId, details.TeamId, cancellationToken) };
        await CheckLinksAsync(db, actor, details, null, cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);

        Contract contract = null!;
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var number = await NumberSeries.TakeAsync(db, DocumentSeries.Contract, clock.Today, company.PrefixOf(DocumentSeries.Contract), cancellationToken);
                contract = new Contract(details, number, clock.UtcNow);
                gesture.Sentence = $"Contrat {number} créé";
                db.Contracts.Add(contract);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(contract.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Takes new values, joined with what others saved since the form was opened.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields meanwhile.</exception>
    /// <exception cref="BusinessRuleException">A value is refused, or the contract changes only by an amendment.</exception>
    public Task<Done> EditAsync(Guid contractId, ContractDetails seen, ContractDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditContracts);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var contract = await Whole(db.Contracts.VisibleTo(actor)).SingleOrDefaultAsync(c => c.Id == contractId, cancellationToken) ?? throw new BusinessRuleException(Gone);
            var merged = await db.MergeAsync(contract, seen, mine, contract.Details(), cancellationToken);
            var gesture = db.Begin(actor, $"Contrat {contract.Number} modifié");
            contract.Edit(await CheckedAsync(db, actor, merged, contract, cancellationToken), clock.UtcNow);
            await db.SaveChangesAsync(cancellationToken);
            return new Done(contract.Id, gesture.Sentence, gesture.Undoable);
        });

    /// <summary>Puts a draft in force. The contract it replaces, if any, stops the day before.</summary>
    /// <exception cref="BusinessRuleException">It is in force already, has no price, or the terms of payment are longer than the law allows.</exception>
    public Task<Done> ActivateAsync(Guid contractId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contractId,
            seenVersion,
            contract => $"Contrat {contract.Number} activé",
            async (db, actor, contract) =>
            {
                new PaymentTerm(contract.TermKind, contract.TermDays).Checked((await BillingProfiles.EffectiveAsync(db, contract.InstitutionId, cancellationToken)).Buyer, nameof(Contract.TermDays), isPeriodic: true);
                contract.Activate(actor, clock.UtcNow, clock.Today);
                if (contract.ReplacesId is { } formerId && await Whole(db.Contracts).SingleOrDefaultAsync(c => c.Id == formerId, cancellationToken) is { } former && former.Status.IsLive())
                {
                    former.ReplaceBy(contract, actor, clock.UtcNow, clock.Today);
                    await RecurringInvoices.SettleAsync(new ListScope(db, actor, clock), former, cancellationToken);
                }

                await CustomerAsync(db, contract, cancellationToken);
            },
            cancellationToken);

    /// <summary>What an amendment would change, without making it.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or nothing changes.</exception>
    public async Task<ProrationPreview> PreviewAsync(Guid contractId, AmendmentDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var contract = await Whole(db.Contracts.VisibleTo(actor)).AsNoTracking().SingleOrDefaultAsync(c => c.Id == contractId, cancellationToken) ?? throw new BusinessRuleException(Gone);
        return contract.Preview(details);
    }

    /// <summary>Changes the prices from a day on.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or nothing changes.</exception>
    public Task<Done> AmendAsync(Guid contractId, AmendmentDetails details, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(contractId, seenVersion, contract => $"Avenant au contrat {contract.Number}", (_, actor, contract) => Act(() => contract.Amend(details, actor, clock.UtcNow, clock.Today)), cancellationToken);

    /// <summary>Records the notice of one of the parties.</summary>
    /// <exception cref="BusinessRuleException">It comes too late and is not accepted, or a value is missing.</exception>
    public Task<Done> GiveNoticeAsync(Guid contractId, NoticeDetails details, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(contractId, seenVersion, contract => $"Contrat {contract.Number} dénoncé", (_, actor, contract) => Act(() => contract.GiveNotice(details, actor, clock.UtcNow, clock.Today)), cancellationToken);

    /// <summary>Takes a notice back.</summary>
    /// <exception cref="BusinessRuleException">No notice was given.</exception>
    public Task<Done> WithdrawNoticeAsync(Guid contractId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(contractId, seenVersion, contract => $"Dénonciation du contrat {contract.Number} retirée", (_, actor, contract) => Act(() => contract.WithdrawNotice(actor, clock.UtcNow, clock.Today)), cancellationToken);

    /// <summary>Stops a contract before its term; what was billed beyond goes back by drafts of credit notes.</summary>
    /// <exception cref="BusinessRuleException">The reason is missing or the day is outside the term.</exception>
    public Task<Done> TerminateAsync(Guid contractId, TerminationDetails details, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(contractId, seenVersion, contract => $"Contrat {contract.Number} résilié", (_, actor, contract) => Act(() => contract.Terminate(details, actor, clock.UtcNow, clock.Today)), cancellationToken);

    /// <summary>Opens a next term by agreement.</summary>
    /// <exception cref="BusinessRuleException">The contract is not in force, or the months are out of bounds.</exception>
    public Task<Done> RenewAsync(Guid contractId, int months, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(contractId, seenVersion, contract => $"Contrat {contract.Number} reconduit", (_, actor, contract) => Act(() => contract.Renew(months, actor, clock.UtcNow, clock.Today)), cancellationToken);

    /// <summary>Says which document of the institution or the deal is the signed one; null takes it back.</summary>
    /// <exception cref="BusinessRuleException">The document is gone or out of sight.</exception>
    public Task<Done> SignAsync(Guid contractId, Guid? documentId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contractId,
            seenVersion,
            contract => documentId is null ? $"Exemplaire signé du contrat {contract.Number} retiré" : $"Exemplaire signé du contrat {contract.Number} désigné",
            async (db, actor, contract) =>
            {
                if (documentId is { } id && !await VisibleDocuments.Of(db, actor).AnyAsync(document => document.Id == id, cancellationToken))
                {
                    throw new BusinessRuleException("Ce document n'existe plus, ou n'est pas visible pour vous.");
                }

                contract.Sign(documentId, clock.UtcNow);
            },
            cancellationToken);

    /// <summary>Puts a draft in the bin.</summary>
    /// <exception cref="BusinessRuleException">It is in force, or was.</exception>
    public Task<Done> DeleteAsync(Guid contractId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(contractId, seenVersion, contract => $"Contrat {contract.Number} supprimé", (_, _, contract) => Act(() => Remove(contract, clock.UtcNow)), cancellationToken);

    /// <summary>Puts a draft in the bin; what binds stays.</summary>
    internal static void Remove(Contract contract, DateTime at)
    {
        if (contract.WhySealed is not null)
        {
            throw new BusinessRuleException("Un contrat qui a été en vigueur ne se supprime pas : résiliez-le.");
        }

        contract.DeletedAt = at;
    }

    /// <summary>A contract with all that its verbs look at.</summary>
    internal static IQueryable<Contract> Whole(IQueryable<Contract> contracts)
        => contracts.Include(c => c.Lines).Include(c => c.Amendments).Include(c => c.Periods).Include(c => c.Events).Include(c => c.Movements).Include(c => c.Billings).Include(c => c.Letters).Include(c => c.Revisions).AsSplitQuery();

    /// <summary>New values of a contract, once what they refer to is known to exist and the team follows the owner.</summary>
    internal static async Task<ContractDetails> CheckedAsync(MedCrmDbContext db, Actor actor, ContractDetails details, Contract before, CancellationToken cancellationToken)
    {
        await CheckLinksAsync(db, actor, details, before, cancellationToken);
        return details with { TeamId = await Assignment.TeamAsync(db, before, details.OwnerId, details.TeamId, cancellationToken) };
    }

    /// <summary>Saves what a verb did to contracts of one institution, and judges its movements again: inside a transaction.</summary>
    internal static async Task SaveAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await MrrBook.SettleAsync(db, institutionId, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Does something to a contract under a gesture, in one transaction.</summary>
    internal async Task<Done> ChangeAsync(Guid contractId, Guid? seenVersion, Func<Contract, string> sentenceOf, Func<MedCrmDbContext, Actor, Contract, Task> change, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditContracts);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var contract = await Whole(db.Contracts.VisibleTo(actor)).SingleOrDefaultAsync(c => c.Id == contractId, cancellationToken) ?? throw new StaleRecordException(Gone);
                if (seenVersion is { } seen)
                {
                    db.Expect(contract, seen);
                }

                gesture.Sentence = sentenceOf(contract);
                await change(db, actor, contract);
                await RecurringInvoices.SettleAsync(new ListScope(db, actor, clock), contract, cancellationToken);
                await SaveAsync(db, contract.InstitutionId, cancellationToken);
            },
            cancellationToken);
        logger.LogInformation("Contract {ContractId}: {Act}", contractId, gesture.Sentence);

        // What binds does not return to what it was: the toast offers no way back.
        return new Done(contractId, gesture.Sentence, await IsSealedAsync(db, contractId, cancellationToken) ? null : gesture.Undoable);
    }

    private static Task<bool> IsSealedAsync(MedCrmDbContext db, Guid contractId, CancellationToken cancellationToken)
        => db.Contracts.IgnoreQueryFilters().AnyAsync(contract => contract.Id == contractId && contract.Status != ContractStatus.Draft, cancellationToken);

    private static async Task CustomerAsync(MedCrmDbContext db, Contract contract, CancellationToken cancellationToken)
    {
        var institution = await db.Institutions.Include(i => i.Labels).SingleOrDefaultAsync(i => i.Id == contract.InstitutionId && i.Status != CustomerStatus.Customer, cancellationToken);
        institution?.BecomeCustomer(contract.ActivatedAt!.Value);
    }

    private static async Task CheckLinksAsync(MedCrmDbContext db, Actor actor, ContractDetails details, Contract? before, CancellationToken cancellationToken)
    {
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before?.InstitutionId, cancellationToken);
        await Links.CheckContactAsync(db, actor, details.ContactId, before?.ContactId, cancellationToken);
        if (before is not null)
        {
            if (before.ReplacesId is { } formerId)
            {
                DemandSameCustomer(details, await db.Contracts.Where(contract => contract.Id == formerId).Select(contract => contract.InstitutionId).SingleAsync(cancellationToken));
            }

            return;
        }

        var quote = details.QuoteId is not { } quoteId ? null
            : await db.Quotes.VisibleTo(actor).Where(quote => quote.Id == quoteId).Select(quote => new { quote.Status, quote.OpportunityId }).SingleOrDefaultAsync(cancellationToken) ?? throw QuoteGone();
        var former = details.ReplacesId is not { } replacedId ? null
            : await db.Contracts.VisibleTo(actor).Where(contract => contract.Id == replacedId).Select(contract => new { contract.InstitutionId, contract.OpportunityId }).SingleOrDefaultAsync(cancellationToken) ?? throw new BusinessRuleException(Gone, nameof(details.ReplacesId));
        if (quote is not null)
        {
            DemandAccepted(quote.Status);
        }

        if (former is not null)
        {
            DemandSameCustomer(details, former.InstitutionId);
        }

        if (details.OpportunityId is { } dealId)
        {
            var outcome = await db.Opportunities.VisibleTo(actor).Where(deal => deal.Id == dealId).Select(deal => (StageOutcome?)deal.Outcome).SingleOrDefaultAsync(cancellationToken) ?? throw DealGone();

            // The deal of an accepted quote, or of the contract that is replaced, is not what the contract is born from.
            if (dealId != quote?.OpportunityId && dealId != former?.OpportunityId)
            {
                DemandWon(outcome);
            }
        }
    }

    private static BusinessRuleException QuoteGone() => new("Ce devis n'existe plus, ou n'est pas visible pour vous.", nameof(ContractDetails.QuoteId));

    private static BusinessRuleException DealGone() => new("Cette affaire n'existe plus, ou n'est pas visible pour vous.", nameof(ContractDetails.OpportunityId));

    private static void DemandAccepted(QuoteStatus status)
    {
        if (status is not QuoteStatus.Accepted)
        {
            throw new BusinessRuleException("Un contrat naît d'un devis accepté : celui-ci ne l'est pas.", nameof(ContractDetails.QuoteId));
        }
    }

    private static void DemandWon(StageOutcome outcome)
    {
        if (outcome is not StageOutcome.Won)
        {
            throw new BusinessRuleException("Un contrat naît d'une affaire gagnée : celle-ci ne l'est pas.", nameof(ContractDetails.OpportunityId));
        }
    }

    private static void DemandSameCustomer(ContractDetails details, Guid institutionId)
    {
        if (details.InstitutionId != institutionId)
        {
            throw new BusinessRuleException("Un contrat en remplace un autre du même établissement.", nameof(ContractDetails.InstitutionId));
        }
    }

    private static async Task<ContractDetails> FromQuoteAsync(MedCrmDbContext db, Actor actor, Guid quoteId, ContractDetails details, CancellationToken cancellationToken)
    {
        var quote = await db.Quotes.VisibleTo(actor).AsNoTracking().Include(q => q.Lines).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken)
            ?? throw QuoteGone();
        DemandAccepted(quote.Status);

        // What is due once is invoiced from the quote itself; options that were not taken stay out.
        var lines = quote.Lines.Where(line => line is { Kind: LineKind.Item, IsOption: false } && line.Period is not BillingPeriod.OneOff).OrderBy(line => line.Position).Select(line => line.Details()).ToList();
        if (lines.Count == 0)
        {
            throw new BusinessRuleException("Ce devis n'a aucune ligne récurrente : facturez-le directement.");
        }

        return details with
        {
            Title = quote.Title,
            InstitutionId = quote.InstitutionId,
            ContactId = quote.ContactId,
            OpportunityId = quote.OpportunityId,
            QuoteId = quote.Id,
            OwnerId = quote.OwnerId,
            TeamId = quote.TeamId,
            TermKind = quote.TermKind,
            TermDays = quote.TermDays,
            Billing = lines.GroupBy(line => line.Period).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key,
            Lines = [.. lines.Select(line => Discounted(line, quote))],
        };
    }

    // The discount on the whole quote holds for each of its prices.
    private static LineDetails Discounted(LineDetails line, Quote quote)
    {
        var share = quote.DiscountPercent != 0 ? quote.DiscountPercent / 100 : quote.DiscountAmount != 0 && quote.Totals.Lines != 0 ? quote.DiscountAmount / quote.Totals.Lines : 0;
        return share == 0 ? line : line with { UnitPrice = decimal.Round(line.UnitPrice * (1 - share), 6, MidpointRounding.AwayFromZero) };
    }

    private static async Task<ContractDetails> FromDealAsync(MedCrmDbContext db, Actor actor, Guid dealId, ContractDetails details, CancellationToken cancellationToken)
    {
        var deal = await db.Opportunities.VisibleTo(actor).AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == dealId, cancellationToken)
            ?? throw DealGone();
        DemandWon(deal.Outcome);

        return details with
        {
            Title = deal.Name,
            InstitutionId = deal.InstitutionId,
            ContactId = deal.ContactId,
            OpportunityId = deal.Id,
            OwnerId = deal.OwnerId,
            TeamId = deal.TeamId,
            Billing = BillingPeriod.Annual,
            Lines = deal.Lines.Count > 0
                ? [.. deal.Lines.OrderBy(line => line.Position).Select(line => new LineDetails { Description = line.Description, Quantity = line.Quantity, UnitPrice = line.UnitPrice, Period = BillingPeriod.Annual })]
                : [new LineDetails { Description = deal.Name, UnitPrice = deal.Amount, Period = BillingPeriod.Annual }],
        };
    }

    private static Task Act(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private DateOnly FirstOfNextMonth()
    {
        var today = clock.Today;
        return new DateOnly(today.Year, today.Month, 1).AddMonths(1);
    }
}
