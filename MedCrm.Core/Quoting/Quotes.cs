using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Quoting;

/// <summary>A draft as a save left it: the version to save the next values on, the ids of its lines in their order, and when it last changed (UTC).</summary>
public sealed record SavedQuote(Guid Version, IReadOnlyList<Guid> LineIds, DateTime At);

/// <summary>The door of quotes: writes, numbers, versions, extends and closes them. Sending belongs to the room of signatures, through <see cref="Departure"/>.</summary>
public sealed class Quotes(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, DocumentShelf shelf, BusinessClock clock, ILogger<Quotes> logger)
{
    /// <summary>How long the saves of one person in one draft make one gesture of the history, counted from its first: minutes.</summary>
    public const int GestureMinutes = 10;

    private const string Gone = "Ce devis n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>
    /// What a new quote begins with: the company's usual validity and conditions, the institution's terms of payment; from a deal its name, institution,
    /// contact, owner and lines as well.
    /// </summary>
    /// <exception cref="BusinessRuleException">The deal is gone or out of sight.</exception>
    public async Task<QuoteDetails> NewAsync(Guid? institutionId = null, Guid? opportunityId = null, Guid? contactId = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);
        var details = new QuoteDetails
        {
            InstitutionId = institutionId,
            ContactId = contactId,
            OwnerId = actor.Id,
            TeamId = actor.TeamId,
            IssuedOn = clock.Today,
            ValidUntil = QuoteDefaults.ValidUntil(company, clock.Today),
            Terms = company.QuoteTerms,
        };
        if (opportunityId is { } dealId)
        {
            var deal = await db.Opportunities.VisibleTo(actor).AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == dealId, cancellationToken)
                ?? throw new BusinessRuleException("Cette affaire n'existe plus, ou n'est pas visible pour vous.", nameof(QuoteDetails.OpportunityId));
            details = details with
            {
                Title = deal.Name,
                InstitutionId = deal.InstitutionId,
                ContactId = deal.ContactId,
                OpportunityId = deal.Id,
                OwnerId = deal.OwnerId ?? actor.Id,
                TeamId = deal.OwnerId is null ? actor.TeamId : deal.TeamId,
                Lines = QuoteDefaults.LinesOf(deal, company),
            };
        }

        return details.InstitutionId is { } id ? Under(details, (await BillingProfiles.EffectiveAsync(db, id, cancellationToken)).Term) : details;
    }

    /// <summary>The terms of payment of an institution, for a quote that changes hands before it is written.</summary>
    /// <exception cref="BusinessRuleException">The institution is gone or out of sight, or the actor writes no quotes.</exception>
    public async Task<PaymentTerm> TermOfAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await Links.CheckInstitutionAsync(db, actor, institutionId, before: null, cancellationToken);
        return (await BillingProfiles.EffectiveAsync(db, institutionId, cancellationToken)).Term;
    }

    /// <summary>Creates a draft, which takes the next number of the year. Without an owner it belongs to the actor.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or something it is tied to is gone or out of sight.</exception>
    public async Task<Done> CreateAsync(QuoteDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        details = details with { OwnerId = details.OwnerId ?? actor.Id, Lines = Copied(details.Lines) };
        details = await CheckedAsync(db, actor, details, null, cancellationToken);
        return await AddAsync(db, actor, details, quote => $"Devis {quote.RecordName} créé", cancellationToken);
    }

    /// <summary>
    /// Saves a draft as it is being written, whole: the version it was last seen in must still be the one in force. The saves of one person in one draft,
    /// from the first and for <see cref="GestureMinutes"/>, are one gesture of the history, unless somebody else saved in between.
    /// </summary>
    /// <exception cref="StaleRecordException">Somebody else saved it meanwhile, or it is gone.</exception>
    /// <exception cref="BusinessRuleException">It has left the house, or a value is refused; the field of a line ends with its place, « Quantity-3 ».</exception>
    public async Task<SavedQuote> SaveAsync(Guid quoteId, QuoteDetails details, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var quote = await LoadAsync(db, actor, quoteId, cancellationToken);
        db.Expect(quote, seenVersion);
        details = await CheckedAsync(db, actor, details, quote, cancellationToken);
        if (IsSame(details, quote.Details()))
        {
            return Saved(quote);
        }

        db.Gesture = await UnderWayAsync(db, quote, actor, cancellationToken) ?? new Gesture(actor, SentenceOf(quote));
        quote.Edit(details, clock.UtcNow);
        await db.InTransactionAsync(() => db.SaveChangesAsync(cancellationToken), cancellationToken);
        return Saved(quote);
    }

    /// <summary>A new draft with a number of its own from any quote or version, dated today.</summary>
    /// <exception cref="BusinessRuleException">It is gone, or its institution is.</exception>
    public async Task<Done> DuplicateAsync(Guid quoteId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var source = await db.Quotes(actor).AsNoTracking().Include(q => q.Lines).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken) ?? throw new BusinessRuleException(Gone);
        await Links.CheckInstitutionAsync(db, actor, source.InstitutionId, before: null, cancellationToken);
        var details = await RedatedAsync(db, source, cancellationToken);
        details = details with
        {
            OwnerId = actor.Id,
            TeamId = await Assignment.TeamAsync(db, null, actor.Id, null, cancellationToken),
            ContactId = await VisibleContacts.Of(db, actor).AnyAsync(contact => contact.Id == source.ContactId, cancellationToken) ? source.ContactId : null,
            OpportunityId = await db.Opportunities.VisibleTo(actor).AnyAsync(deal => deal.Id == source.OpportunityId, cancellationToken) ? source.OpportunityId : null,
        };
        return await AddAsync(db, actor, details, quote => $"Devis {quote.RecordName} créé d'après {source.RecordName}", cancellationToken);
    }

    /// <summary>The next version of a quote that left the house, a draft under the same number; the one before is replaced. It is given up with <see cref="DeleteAsync"/>, which no undo does.</summary>
    /// <exception cref="StaleRecordException">Somebody changed it since it was shown.</exception>
    /// <exception cref="BusinessRuleException">It is still a draft, was accepted, or has a later version.</exception>
    public async Task<Done> NewVersionAsync(Guid quoteId, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var before = await LoadAsync(db, actor, quoteId, cancellationToken);
        db.Expect(before, seenVersion);
        if (before is { Status: QuoteStatus.Draft, IsLast: true })
        {
            throw new BusinessRuleException("Ce devis est encore un brouillon : modifiez-le, il n'a pas besoin d'une nouvelle version.");
        }

        if (!before.IsLast)
        {
            throw new BusinessRuleException("Une version plus récente de ce devis existe : reprenez celle-là.");
        }

        Quote next = null!;
        var details = await RedatedAsync(db, before, cancellationToken);
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                before.Replace(clock.UtcNow);
                var last = await db.Quotes.IgnoreQueryFilters().Where(q => q.Number == before.Number).MaxAsync(q => q.VersionNumber, cancellationToken);
                next = new Quote(details, before.Number, last + 1, clock.UtcNow);
                gesture.Sentence = $"Version {next.VersionNumber} du devis {next.Number} commencée";
                db.Quotes.Add(next);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(next.Id, gesture.Sentence, null);
    }

    /// <summary>Gives the customer more days, up to one.</summary>
    /// <exception cref="StaleRecordException">Somebody changed it since it was shown.</exception>
    /// <exception cref="BusinessRuleException">It was answered or replaced, or the day is not later.</exception>
    public Task<Done> ExtendAsync(Guid quoteId, DateOnly validUntil, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            quoteId,
            seenVersion,
            quote => $"Validité du devis {quote.RecordName} prolongée au {FrenchText.FormatDay(validUntil)}",
            (_, quote) =>
            {
                quote.Extend(validUntil, clock.UtcNow, clock.Today);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>The customer refuses it, with a reason.</summary>
    /// <exception cref="StaleRecordException">Somebody changed it since it was shown.</exception>
    /// <exception cref="BusinessRuleException">It is a draft, was answered or replaced, or the reason is missing.</exception>
    public Task<Done> RefuseAsync(Guid quoteId, string? reason, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            quoteId,
            seenVersion,
            quote => $"Devis {quote.RecordName} refusé par le client",
            (_, quote) =>
            {
                quote.Refuse(reason, clock.UtcNow, clock.Today);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>
    /// The customer accepted on paper: keeps the signed copy among the documents of the deal (of the institution without one), and all that follows an
    /// acceptance follows. The copy is put away first: an acceptance never stands without its piece.
    /// </summary>
    /// <exception cref="StaleRecordException">Somebody changed it since it was shown.</exception>
    /// <exception cref="BusinessRuleException">It cannot be accepted any more, the name is missing, or the file is not taken.</exception>
    public async Task<Done> AcceptOnPaperAsync(Guid quoteId, string? signedBy, IReadOnlyCollection<Guid> options, ReceivedFile scan, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        if (scan.Kind != DocumentKinds.Pdf && !scan.Kind.MediaType.StartsWith("image/", StringComparison.Ordinal))
        {
            throw new BusinessRuleException("L'exemplaire signé est un PDF ou une image : ce fichier est autre chose, quel que soit son nom.", "File");
        }

        await using (var trying = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var quote = await LoadAsync(trying, actor, quoteId, cancellationToken);
            trying.Expect(quote, seenVersion);
            if (options.Count > 0)
            {
                quote.TakeOptions(options, AcceptanceMeans.Scan, clock.Today);
            }

            quote.Accept(signedBy ?? "", AcceptanceMeans.Scan, clock.UtcNow, clock.Today);
        }

        var document = await shelf.AddAsync(scan, await PlaceAsync(quoteId, actor, cancellationToken));
        var done = await ChangeAsync(
            quoteId,
            seenVersion,
            quote => $"Devis {quote.RecordName} accepté, exemplaire signé reçu",
            async (scope, quote) =>
            {
                await Acceptance.AcceptAsync(scope, quote, signedBy ?? "", AcceptanceMeans.Scan, cancellationToken, options);
                quote.KeepScan(document.Document, clock.UtcNow);
            },
            cancellationToken);
        logger.LogInformation("Quote {QuoteId} accepted on paper", quoteId);
        return done;
    }

    /// <summary>Gives it to somebody and their team, whatever its state.</summary>
    /// <exception cref="StaleRecordException">Somebody changed it since it was shown.</exception>
    /// <exception cref="BusinessRuleException">The account is gone or closed.</exception>
    public Task<Done> AssignAsync(Guid quoteId, Guid? ownerId, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(
            quoteId,
            seenVersion,
            quote => $"Devis {quote.RecordName} réattribué",
            async (scope, quote) => quote.AssignTo(ownerId, await Assignment.TeamAsync(scope.Db, quote, ownerId, quote.TeamId, cancellationToken), clock.UtcNow),
            cancellationToken,
            isUndoable: true);

    /// <summary>Puts a draft in the bin. A draft that was to replace a version is given up for good: the version before stands again.</summary>
    /// <exception cref="StaleRecordException">Somebody changed it since it was shown.</exception>
    /// <exception cref="BusinessRuleException">It has left the house.</exception>
    public async Task<Done> DeleteAsync(Guid quoteId, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var quote = await LoadAsync(db, actor, quoteId, cancellationToken);
        db.Expect(quote, seenVersion);
        var gesture = db.Begin(actor, "");
        var before = await RemoveAsync(db, quote, clock.UtcNow, cancellationToken);
        gesture.Sentence = before is null
            ? $"Devis {quote.RecordName} mis à la corbeille"
            : $"Version {quote.VersionNumber} du devis {quote.Number} abandonnée : la version {before.VersionNumber} est de nouveau en vigueur";
        await db.SaveChangesAsync(cancellationToken);
        return new Done(before?.Id ?? quote.Id, gesture.Sentence, before is null ? gesture.Undoable : null);
    }

    /// <summary>Puts a loaded draft in the bin; returns the version that stands again, if it was to replace one.</summary>
    /// <exception cref="BusinessRuleException">It has left the house.</exception>
    internal static async Task<Quote?> RemoveAsync(MedCrmDbContext db, Quote quote, DateTime at, CancellationToken cancellationToken)
    {
        if (quote.WhySealed is not null)
        {
            throw new BusinessRuleException("Un devis qui a quitté la maison ne se supprime pas : il garde la trace de ce qui a été proposé.");
        }

        var before = quote.VersionNumber == 1 ? null : await db.Quotes.Where(q => q.Number == quote.Number && q.VersionNumber < quote.VersionNumber)
            .OrderByDescending(q => q.VersionNumber).FirstOrDefaultAsync(cancellationToken);
        if (before is not null)
        {
            // It comes back from the bin as a replaced version, beside the one that stands again.
            quote.Replace(at);
            before.Reinstate(at);
        }

        quote.DeletedAt = at;
        return before;
    }

    /// <summary>The values of a draft, once what they refer to is known to exist, the team follows the owner and the terms keep to the law. Costs that the actor may not see stay as they are.</summary>
    internal static async Task<QuoteDetails> CheckedAsync(MedCrmDbContext db, Actor actor, QuoteDetails details, Quote? before, CancellationToken cancellationToken)
    {
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before?.InstitutionId, cancellationToken);
        await Links.CheckContactAsync(db, actor, details.ContactId, before?.ContactId, cancellationToken);
        if (details.OpportunityId is { } dealId && (dealId != before?.OpportunityId || details.InstitutionId != before.InstitutionId))
        {
            await Links.CheckDealAsync(db, actor, dealId, details.InstitutionId, cancellationToken);
        }

        if (details.InstitutionId is { } payerId && (before is null || (before.TermKind, before.TermDays, before.InstitutionId) != (details.TermKind, details.TermDays, payerId)))
        {
            new PaymentTerm(details.TermKind, details.TermDays).Checked((await BillingProfiles.EffectiveAsync(db, payerId, cancellationToken)).Buyer, nameof(QuoteDetails.TermDays));
        }

        return details with
        {
            TeamId = await Assignment.TeamAsync(db, before, details.OwnerId, details.TeamId, cancellationToken),
            Lines = actor.May(Right.SeeMargins) ? details.Lines : await WithCostsAsync(db, details.Lines, before, cancellationToken),
        };
    }

    // What one may not see one does not write either: a known line keeps its cost, a line taken from the catalogue has that of the catalogue.
    private static async Task<IReadOnlyList<LineDetails>> WithCostsAsync(MedCrmDbContext db, IReadOnlyList<LineDetails> lines, Quote? before, CancellationToken cancellationToken)
    {
        var known = before?.Lines.ToDictionary(line => line.Id) ?? [];
        var wanted = lines.Where(line => KnownOf(line) is null).Select(line => line.CatalogItemId).OfType<Guid>().Distinct().ToList();
        var costs = wanted.Count == 0 ? [] : await db.CatalogItems.Where(item => wanted.Contains(item.Id)).ToDictionaryAsync(item => item.Id, item => item.UnitCost, cancellationToken);
        return [.. lines.Select(line => line with { UnitCost = KnownOf(line) is { } same ? same.UnitCost : line.CatalogItemId is { } item ? costs.GetValueOrDefault(item) : null })];

        QuoteLine? KnownOf(LineDetails line) => line.LineId is { } id && known.TryGetValue(id, out var stored) && stored.CatalogItemId == line.CatalogItemId ? stored : null;
    }

    private static string SentenceOf(Quote quote) => $"Devis {quote.RecordName} rédigé";

    private static QuoteDetails Under(QuoteDetails details, PaymentTerm term) => details with { TermKind = term.Kind, TermDays = term.Days };

    private static IReadOnlyList<LineDetails> Copied(IReadOnlyList<LineDetails> lines) => [.. lines.Select(line => line with { LineId = null })];

    private static bool IsSame(QuoteDetails one, QuoteDetails other) => one with { Lines = [] } == other with { Lines = [] } && one.Lines.SequenceEqual(other.Lines);

    private static async Task<Quote> LoadAsync(MedCrmDbContext db, Actor actor, Guid quoteId, CancellationToken cancellationToken)
        => await db.Quotes(actor).Include(quote => quote.Lines).SingleOrDefaultAsync(quote => quote.Id == quoteId, cancellationToken) ?? throw new StaleRecordException(Gone);

    private static SavedQuote Saved(Quote quote) => new(quote.Version, [.. quote.Lines.OrderBy(line => line.Position).Select(line => line.Id)], quote.UpdatedAt);

    private async Task<QuoteDetails> RedatedAsync(MedCrmDbContext db, Quote source, CancellationToken cancellationToken)
    {
        var details = source.Details();
        return details with
        {
            IssuedOn = clock.Today,
            ValidUntil = QuoteDefaults.ValidUntil(await Company.ReadAsync(db, cancellationToken), clock.Today),
            Lines = Copied(details.Lines),
        };
    }

    private async Task<Done> AddAsync(MedCrmDbContext db, Actor actor, QuoteDetails details, Func<Quote, string> sentenceOf, CancellationToken cancellationToken)
    {
        Quote quote = null!;
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var prefix = (await Company.ReadAsync(db, cancellationToken)).PrefixOf(DocumentSeries.Quote);
                quote = new Quote(details, await NumberSeries.TakeAsync(db, DocumentSeries.Quote, details.IssuedOn, prefix, cancellationToken), 1, clock.UtcNow);
                gesture.Sentence = sentenceOf(quote);
                db.Quotes.Add(quote);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(quote.Id, gesture.Sentence, gesture.Undoable);
    }

    // The gesture that this person's last save of the draft began, while it is young and nobody else came between.
    private async Task<Gesture?> UnderWayAsync(MedCrmDbContext db, Quote quote, Actor actor, CancellationToken cancellationToken)
    {
        var last = await db.RecordChanges.AsNoTracking().Where(change => change.WholeType == nameof(Quote) && change.WholeId == quote.Id)
            .OrderByDescending(change => change.Id).Select(change => change.ChangeSet).FirstOrDefaultAsync(cancellationToken);
        return last is { Origin: ChangeOrigin.Screen, RevertsId: null, RevertedById: null }
            && last.ActorId == actor.Id
            && last.Sentence == SentenceOf(quote)
            && last.At > clock.UtcNow.AddMinutes(-GestureMinutes)
                ? Gesture.Resume(last, actor)
                : null;
    }

    private async Task<DocumentPlace> PlaceAsync(Guid quoteId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Quotes(actor).Where(quote => quote.Id == quoteId)
            .Select(quote => db.Opportunities.VisibleTo(actor).Any(deal => deal.Id == quote.OpportunityId) ? new DocumentPlace(null, null, quote.OpportunityId) : new DocumentPlace(quote.InstitutionId, null, null))
            .SingleAsync(cancellationToken);
    }

    private async Task<Done> ChangeAsync(Guid quoteId, Guid seenVersion, Func<Quote, string> sentenceOf, Func<ListScope, Quote, Task> change, CancellationToken cancellationToken, bool isUndoable = false)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Quote quote = null!;
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                quote = await LoadAsync(db, actor, quoteId, cancellationToken);
                db.Expect(quote, seenVersion);
                gesture.Sentence = sentenceOf(quote);
                await change(new ListScope(db, actor, clock), quote);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);

        // What left the house is not taken back: the toast does not offer it.
        return new Done(quote.Id, gesture.Sentence, isUndoable || quote.WhySealed is null ? gesture.Undoable : null);
    }
}
