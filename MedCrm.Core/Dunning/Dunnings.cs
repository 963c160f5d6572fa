using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Dunning;

/// <summary>The door of reminders: the tray where they wait, their words, and letting them go. What prepares them is <see cref="DunningRun"/>.</summary>
public sealed class Dunnings(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, IDocumentPrinter printer, BusinessClock clock, ILogger<Dunnings> logger)
{
    /// <summary>How many lines a page of the tray has.</summary>
    public const int PageSize = 50;

    private const string Gone = "Cette relance n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>A page of the tray, the firmest and oldest first; what left, the last first.</summary>
    public async Task<TrayPage> TrayAsync(TrayView view, int page = 1, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var letters = Visible(db, actor);
        var today = clock.Today;
        var counts = new Dictionary<TrayView, int>();
        foreach (var part in Enum.GetValues<TrayView>())
        {
            counts[part] = await In(letters, part, today).CountAsync(cancellationToken);
        }

        var shown = In(letters, view, today);
        var sorted = view is TrayView.ToApprove or TrayView.Snoozed
            ? shown.OrderByDescending(letter => letter.Level).ThenBy(letter => letter.PreparedOn).ThenBy(letter => letter.InstitutionName).ThenBy(letter => letter.Id)
            : shown.OrderByDescending(letter => letter.SentAt).ThenByDescending(letter => letter.PreparedOn).ThenByDescending(letter => letter.Id);
        var lines = await Lines(db, sorted.Skip((Math.Max(page, 1) - 1) * PageSize).Take(PageSize)).ToListAsync(cancellationToken);
        return new TrayPage(lines, counts[view], counts, await In(letters, TrayView.ToApprove, today).CountAsync(letter => letter.Email == null, cancellationToken));
    }

    /// <summary>A reminder; null when it is gone or out of sight.</summary>
    public async Task<LetterSheet?> FindAsync(Guid letterId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = Visible(db, actor).Where(letter => letter.Id == letterId);
        if (await Lines(db, found).SingleOrDefaultAsync(cancellationToken) is not { } line)
        {
            return null;
        }

        var letter = await found.AsNoTracking().SingleAsync(cancellationToken);
        return new LetterSheet(line, letter.Subject, letter.Body, letter.Interest, letter.FixedCosts, letter.FinalOn, letter.IsEdited, printer.IsAvailable, await LetterWriting.InvoicesAsync(db, letter, cancellationToken));
    }

    /// <summary>What an invoice heard, the last first; empty when it is out of sight.</summary>
    public async Task<IReadOnlyList<NoticeLine>> HistoryOfAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from notice in db.DunningNotices
            where notice.InvoiceId == invoiceId && InvoiceList.Of(db, actor).Any(invoice => invoice.Id == invoiceId)
            join letter in db.DunningLetters on notice.LetterId equals letter.Id
            orderby notice.Level descending
            select new NoticeLine(
                letter.Id,
                notice.Level,
                notice.State,
                letter.PreparedOn,
                letter.SentAt,
                letter.SentByName,
                letter.Email,
                db.OutgoingMessages.Where(message => message.Id == letter.MessageId).Select(message => (MessageStatus?)message.Status).FirstOrDefault(),
                notice.Balance,
                notice.Reason ?? letter.Reason,
                letter.PostalNumber)).ToListAsync(cancellationToken);
    }

    /// <summary>What waits for those who invoice; null for others.</summary>
    public async Task<DunningDay?> DayAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        if (!actor.May(Right.EditInvoices))
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var today = clock.Today;
        var waiting = In(Visible(db, actor), TrayView.ToApprove, today);
        var late = InvoiceList.Of(db, actor).Overdue(today);
        var sums = await late.GroupBy(_ => 1).Select(all => new { Count = all.Count(), Balance = all.Sum(invoice => invoice.Balance), Oldest = all.Min(invoice => invoice.DueOn) }).SingleOrDefaultAsync(cancellationToken);
        return new DunningDay(
            await waiting.CountAsync(cancellationToken),
            await waiting.CountAsync(letter => letter.Email == null, cancellationToken),
            sums?.Count ?? 0,
            sums?.Balance ?? 0,
            sums?.Oldest is { } oldest ? today.DayNumber - oldest.DayNumber : 0);
    }

    /// <summary>The disputed invoices of which nobody is reminded, the oldest dispute first, as many as a page holds.</summary>
    public async Task<IReadOnlyList<DisputedLine>> DisputedAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await InvoiceList.Of(db, actor).Disputed().OrderBy(invoice => invoice.DisputedOn).ThenBy(invoice => invoice.Number).Take(PageSize)
            .Select(invoice => new DisputedLine(invoice.Id, invoice.Number!, invoice.InstitutionId, invoice.Institution.Name, invoice.DisputedOn!.Value, invoice.DisputeReason!, invoice.Balance))
            .ToListAsync(cancellationToken);
    }

    /// <summary>How a profile of payers is reminded.</summary>
    public async Task<DunningPolicyDetails> PolicyAsync(PayerProfile profile, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await DunningPolicy.ReadAsync(db, profile, cancellationToken)).Details();
    }

    /// <summary>Sets how a profile of payers is reminded; reminders prepared before keep their words.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or the actor is no administrator.</exception>
    public async Task<Done> EditPolicyAsync(PayerProfile profile, DunningPolicyDetails seen, DunningPolicyDetails mine, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var policy = await db.DunningPolicies.SingleOrDefaultAsync(known => known.Profile == profile, cancellationToken) ?? db.DunningPolicies.Add(new DunningPolicy(profile)).Entity;
        policy.Edit(await db.MergeAsync(policy, seen, mine, policy.Details(), cancellationToken));
        var gesture = db.Begin(actor, $"Relances réglées : {Labels.Of(profile).ToLowerInvariant()}");
        await db.SaveChangesAsync(cancellationToken);
        return new Done(policy.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Changes the words of a reminder, and where it goes.</summary>
    /// <exception cref="StaleRecordException">It moved on meanwhile.</exception>
    /// <exception cref="BusinessRuleException">A value is refused, or it left.</exception>
    public Task<Done> EditAsync(Guid letterId, string? email, string? subject, string? body, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(letterId, seenVersion, letter => $"{letter.RecordName} : texte modifié", (_, letter) => letter.Edit(email, subject, body), LetterState.Waiting, cancellationToken);

    /// <summary>Puts a reminder aside: these invoices do not hear of this level again, unless somebody brings it back. Not undoable.</summary>
    /// <exception cref="StaleRecordException">It moved on meanwhile.</exception>
    /// <exception cref="BusinessRuleException">The reason is missing, or it left.</exception>
    public Task<Done> SkipAsync(Guid letterId, string? reason, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(letterId, seenVersion, letter => $"{letter.RecordName} écartée", (_, letter) => letter.Skip(reason), LetterState.Skipped, cancellationToken);

    /// <summary>Brings back a reminder that somebody put aside, with what is due now; given up when nothing is.</summary>
    /// <exception cref="StaleRecordException">It moved on meanwhile.</exception>
    /// <exception cref="BusinessRuleException">It was not put aside.</exception>
    public async Task<Done> RestoreAsync(Guid letterId, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var letter = await Visible(db, actor).SingleOrDefaultAsync(letter => letter.Id == letterId, cancellationToken) ?? throw new BusinessRuleException(Gone);
                db.Expect(letter, seenVersion);
                gesture.Sentence = $"{letter.RecordName} remise à valider";
                letter.Restore();
                var notices = await db.DunningNotices.Where(notice => notice.LetterId == letterId && notice.State == LetterState.Skipped).ToListAsync(cancellationToken);

                // What was due then is forgotten, so that it is written from what is due now.
                notices.ForEach(notice => notice.Enter(letterId, 0));
                await db.SaveChangesAsync(cancellationToken);
                await LetterWriting.ReviseAsync(db, notices.ConvertAll(notice => notice.InvoiceId), cancellationToken);
            },
            cancellationToken);
        return new Done(letterId, gesture.Sentence, null);
    }

    /// <summary>Puts a reminder off.</summary>
    /// <exception cref="StaleRecordException">It moved on meanwhile.</exception>
    /// <exception cref="BusinessRuleException">The day is refused, or it left.</exception>
    public Task<Done> SnoozeAsync(Guid letterId, DateOnly? until, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(letterId, seenVersion, letter => $"{letter.RecordName} reportée", (_, letter) => letter.Snooze(until, clock.Today), LetterState.Waiting, cancellationToken);

    /// <summary>Notes the number of the registered letter that doubles a formal notice; it may have left.</summary>
    /// <exception cref="StaleRecordException">It moved on meanwhile.</exception>
    /// <exception cref="BusinessRuleException">It is no formal notice, or the text is refused.</exception>
    public Task<Done> RegisterAsync(Guid letterId, string? postalNumber, Guid seenVersion, CancellationToken cancellationToken = default)
        => ChangeAsync(letterId, seenVersion, letter => $"{letter.RecordName} : n° de recommandé enregistré", (_, letter) => letter.Register(postalNumber), null, cancellationToken);

    /// <summary>
    /// Lets a reminder go: what is due is looked at once more, a formal notice is printed when the server can print, then the e-mail enters the outbox. Not undoable.
    /// </summary>
    /// <exception cref="StaleRecordException">What is due changed since it was looked at.</exception>
    /// <exception cref="BusinessRuleException">It left or was given up, or has no address.</exception>
    public async Task<Done> SendAsync(Guid letterId, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var head = await Visible(db, actor).Where(letter => letter.Id == letterId).Select(letter => new { letter.Level, letter.Email, letter.State }).SingleOrDefaultAsync(cancellationToken) ?? throw new BusinessRuleException(Gone);
        if (head is { State: LetterState.Waiting, Email: null })
        {
            throw DunningLetter.NoAddress();
        }

        // What is due may have changed by a way that tells nobody (a profile, an undo): what is looked at now is what leaves.
        var invoiceIds = await db.DunningNotices.Where(notice => notice.LetterId == letterId && notice.State == LetterState.Waiting).Select(notice => notice.InvoiceId).ToListAsync(cancellationToken);
        db.Begin(Actor.System, "Relances mises à jour", ChangeOrigin.Job);
        var leaving = seenVersion;
        await db.InTransactionAsync(
            async () =>
            {
                await LetterWriting.ReviseAsync(db, invoiceIds, cancellationToken);
                leaving = await LetterWriting.RenewAsync(db, letterId, seenVersion, cancellationToken);
            },
            cancellationToken);
        var paper = head.Level is DunningLevel.Formal && printer.IsAvailable ? await printer.PrintAsync(PrintedKind.Letter, letterId, cancellationToken) : null;

        await using var fresh = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = fresh.Begin(actor, "", actor.Id is null ? ChangeOrigin.Job : ChangeOrigin.Screen);
        await fresh.InTransactionAsync(
            async () =>
            {
                var letter = await Visible(fresh, actor).SingleOrDefaultAsync(letter => letter.Id == letterId, cancellationToken) ?? throw new BusinessRuleException(Gone);
                if (letter.State is not LetterState.Waiting)
                {
                    throw new BusinessRuleException($"Cette relance a changé d'état entre-temps : {(Sentence)Labels.Of(letter.State)}.");
                }

                fresh.Expect(letter, leaving);
                gesture.Sentence = $"{letter.RecordName} envoyée";
                var message = await Outbox.QueueAsync(fresh, await LetterWriting.MessageAsync(fresh, letter, actor, paper, cancellationToken), actor, clock.UtcNow, cancellationToken)
                    ?? throw new StaleRecordException();
                letter.Send(message.Id, actor.Name, clock.UtcNow);
                foreach (var notice in await fresh.DunningNotices.Where(notice => notice.LetterId == letterId && notice.State == LetterState.Waiting).ToListAsync(cancellationToken))
                {
                    notice.Follow(LetterState.Sent);
                }

                await fresh.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        logger.LogInformation("Reminder {LetterId} queued", letterId);
        return new Done(letterId, gesture.Sentence, null);
    }

    /// <summary>
    /// Money came, or an invoice is disputed or credited: what waits about these invoices is given up, or says what remains. An e-mail that has not left is held back.
    /// Called inside the transaction of the act, once the new balances are saved; saves under its gesture.
    /// </summary>
    internal static Task AfterPaymentAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
        => LetterWriting.ReviseAsync(db, invoiceIds, cancellationToken);

    /// <summary>The reminders of which the actor sees every invoice: their words tell of them all.</summary>
    internal static IQueryable<DunningLetter> Visible(MedCrmDbContext db, Actor actor)
    {
        if (actor.Visibility is Visibility.All)
        {
            return db.DunningLetters;
        }

        var invoices = InvoiceList.Of(db, actor);
        return db.DunningLetters.Where(letter => db.DunningNotices.Any(notice => notice.LetterId == letter.Id)
            && !db.DunningNotices.Any(notice => notice.LetterId == letter.Id && !invoices.Any(invoice => invoice.Id == notice.InvoiceId)));
    }

    private static IQueryable<DunningLetter> In(IQueryable<DunningLetter> letters, TrayView view, DateOnly today) => view switch
    {
        TrayView.ToApprove => letters.Where(letter => letter.State == LetterState.Waiting && (letter.SnoozedUntil == null || letter.SnoozedUntil <= today)),
        TrayView.Snoozed => letters.Where(letter => letter.State == LetterState.Waiting && letter.SnoozedUntil > today),
        TrayView.Sent => letters.Where(letter => letter.State == LetterState.Sent),
        _ => letters.Where(letter => letter.State == LetterState.Skipped || letter.State == LetterState.Cancelled),
    };

    private static IQueryable<TrayLine> Lines(MedCrmDbContext db, IQueryable<DunningLetter> letters)
        => letters.Select(letter => new TrayLine(
            letter.Id,
            letter.Version,
            letter.InstitutionId,
            letter.InstitutionName,
            letter.Level,
            letter.State,
            letter.PreparedOn,
            letter.SnoozedUntil,
            letter.Email,
            letter.Total,
            letter.SentAt,
            letter.SentByName,
            letter.Reason,
            letter.PostalNumber)
        {
            Invoices = db.DunningNotices.Count(notice => notice.LetterId == letter.Id && notice.State == letter.State),
            OldestDue = (from notice in db.DunningNotices where notice.LetterId == letter.Id && notice.State == letter.State join invoice in db.Invoices on notice.InvoiceId equals invoice.Id select invoice.DueOn).Min(),
            Mail = db.OutgoingMessages.Where(message => message.Id == letter.MessageId).Select(message => (MessageStatus?)message.Status).FirstOrDefault(),
        });

    private async Task<Done> ChangeAsync(Guid letterId, Guid seenVersion, Func<DunningLetter, string> tell, Action<MedCrmDbContext, DunningLetter> change, LetterState? notices, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var letter = await Visible(db, actor).SingleOrDefaultAsync(letter => letter.Id == letterId, cancellationToken) ?? throw new BusinessRuleException(Gone);
        db.Expect(letter, seenVersion);
        change(db, letter);
        if (notices is { } state and not LetterState.Waiting)
        {
            foreach (var notice in await db.DunningNotices.Where(notice => notice.LetterId == letterId && notice.State == LetterState.Waiting).ToListAsync(cancellationToken))
            {
                notice.Follow(state, letter.Reason);
            }
        }

        var gesture = db.Begin(actor, tell(letter));
        await db.SaveChangesAsync(cancellationToken);
        return new Done(letter.Id, gesture.Sentence, notices is LetterState.Skipped ? null : gesture.Undoable);
    }
}
