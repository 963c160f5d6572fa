using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Dunning;

/// <summary>
/// Prepares the reminders of a day: one message a payer, about all of its invoices that reached a level, on worked days alone. An invoice hears of a level once for ever,
/// so that running twice brings nothing more, and a server that stood still catches up with the last level alone.
/// </summary>
public sealed class DunningRun(IDbContextFactory<MedCrmDbContext> contexts, BusinessClock clock, ILogger<DunningRun> logger)
{
    private const int AtOnce = 50;

    // The furthest before the due day that a policy may speak.
    private const int FurthestAhead = 45;

    /// <summary>Prepares what a day asks for, and sends what leaves by itself; answers how much, in French.</summary>
    /// <param name="day">A local day.</param>
    /// <param name="door">The door of reminders as the product goes through it.</param>
    /// <param name="cancellationToken">Stops between two payers.</param>
    public async Task<string> PrepareAsync(DateOnly day, Dunnings door, CancellationToken cancellationToken = default)
    {
        if (!FrenchCalendar.IsWorkingDay(day))
        {
            return "Jour non travaillé : aucune relance.";
        }

        await ReviseAsync(cancellationToken);
        var prepared = 0;
        foreach (var payer in await FindAsync(day, cancellationToken))
        {
            try
            {
                prepared += await PrepareAsync(payer.Key.InstitutionId, payer.Key.Profile, [.. payer], day, cancellationToken) ? 1 : 0;
            }
            catch (BusinessRuleException refusal)
            {
                // One payer that a rule stops does not keep the others from being reminded; the next day tries again.
                logger.LogError(refusal, "No reminder for institution {InstitutionId}", payer.Key.InstitutionId);
            }
        }

        var sent = await SendAsync(door, cancellationToken);
        return (prepared, sent) switch
        {
            (0, 0) => "Aucune nouvelle relance.",
            (_, 0) => $"Relances préparées : {prepared}.",
            (0, _) => $"Relances envoyées : {sent}.",
            _ => $"Relances préparées : {prepared}, dont envoyées : {sent}.",
        };
    }

    private static IQueryable<Invoice> Askable(MedCrmDbContext db)
        => LetterWriting.Askable(db.Invoices.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }))
            .Where(invoice => !db.BillingProfiles.Any(profile => profile.InstitutionId == invoice.InstitutionId && profile.IsNeverDunned));

    // What waits is looked at again every day: a dispute, an undo or a profile may have changed it without a word.
    private async Task ReviseAsync(CancellationToken cancellationToken)
    {
        await using var read = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = await read.DunningNotices.Where(notice => notice.State == LetterState.Waiting).Select(notice => notice.InvoiceId).Distinct().ToListAsync(cancellationToken);
        foreach (var portion in ids.Chunk(AtOnce))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Begin(Actor.System, "Relances mises à jour", ChangeOrigin.Job);
            await db.InTransactionAsync(() => LetterWriting.ReviseAsync(db, portion, cancellationToken), cancellationToken);
        }
    }

    // Invoices that reached a level of which they have not heard, nor of a higher one, by payer.
    private async Task<List<IGrouping<(Guid InstitutionId, PayerProfile Profile), (Guid InvoiceId, DunningLevel Level)>>> FindAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var policies = await PoliciesAsync(db, cancellationToken);
        var latest = day.AddDays(FurthestAhead);
        var open = await Askable(db).Where(invoice => invoice.DueOn <= latest)
            .OrderBy(invoice => invoice.InstitutionId).ThenBy(invoice => invoice.DueOn).ThenBy(invoice => invoice.Id)
            .Select(invoice => new { invoice.Id, invoice.InstitutionId, invoice.Buyer, IssuedOn = invoice.IssuedOn!.Value, DueOn = invoice.DueOn!.Value })
            .ToListAsync(cancellationToken);
        var heard = (await db.DunningNotices.Where(notice => notice.State != LetterState.Cancelled && db.Invoices.Any(invoice => invoice.Id == notice.InvoiceId && invoice.Balance > 0))
            .Select(notice => new { notice.InvoiceId, notice.Level })
            .ToListAsync(cancellationToken)).ToLookup(notice => notice.InvoiceId, notice => notice.Level);
        var reached = new List<(Guid InstitutionId, PayerProfile Profile, Guid InvoiceId, DunningLevel Level)>();
        foreach (var invoice in open)
        {
            var profile = PayerProfiles.Of(invoice.Buyer);
            if (policies[profile].LevelOn(day, DunningPolicy.DueOf(invoice.Buyer, invoice.IssuedOn, invoice.DueOn)) is { } level && heard[invoice.Id].All(known => known < level))
            {
                reached.Add((invoice.InstitutionId, profile, invoice.Id, level));
            }
        }

        return [.. reached.GroupBy(invoice => (invoice.InstitutionId, invoice.Profile), invoice => (invoice.InvoiceId, invoice.Level))];
    }

    private async Task<bool> PrepareAsync(Guid institutionId, PayerProfile profile, IReadOnlyList<(Guid InvoiceId, DunningLevel Level)> reached, DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(Actor.System, "", ChangeOrigin.Job);
        var isPrepared = false;
        await db.InTransactionAsync(
            async () =>
            {
                var ids = reached.Select(pair => pair.InvoiceId).ToList();
                var invoices = await Askable(db).Where(invoice => ids.Contains(invoice.Id)).ToDictionaryAsync(invoice => invoice.Id, cancellationToken);
                var notices = await db.DunningNotices.Where(notice => ids.Contains(notice.InvoiceId)).ToListAsync(cancellationToken);
                var due = reached.Where(pair => invoices.ContainsKey(pair.InvoiceId) && notices.TrueForAll(notice => notice.InvoiceId != pair.InvoiceId || notice.State is LetterState.Cancelled || notice.Level < pair.Level)).ToList();
                if (due.Count == 0)
                {
                    return;
                }

                var letter = await OpenLetterAsync(db, institutionId, profile, day, cancellationToken);
                gesture.Sentence = $"Relance préparée pour « {letter.InstitutionName} »";
                var left = new HashSet<Guid>();
                foreach (var (invoiceId, level) in due)
                {
                    foreach (var lower in notices.Where(notice => notice.InvoiceId == invoiceId && notice.Level < level && notice.State is LetterState.Waiting))
                    {
                        lower.Follow(LetterState.Cancelled, "Remplacée par une relance plus ferme.");
                        left.Add(lower.LetterId);
                    }

                    var notice = notices.Find(notice => notice.InvoiceId == invoiceId && notice.Level == level) ?? db.DunningNotices.Add(new DunningNotice(invoiceId, invoices[invoiceId].Number!, level)).Entity;
                    notice.Enter(letter.Id, invoices[invoiceId].Balance);
                }

                await db.SaveChangesAsync(cancellationToken);
                foreach (var other in left.Append(letter.Id).Distinct())
                {
                    await RewriteAsync(db, other, cancellationToken);
                }

                await db.SaveChangesAsync(cancellationToken);
                isPrepared = true;
            },
            cancellationToken);
        return isPrepared;
    }

    // One message a payer: what waits already takes the newcomers, unless somebody wrote in it or put it off.
    private static async Task<DunningLetter> OpenLetterAsync(MedCrmDbContext db, Guid institutionId, PayerProfile profile, DateOnly day, CancellationToken cancellationToken)
        => await db.DunningLetters.Where(letter => letter.InstitutionId == institutionId && letter.State == LetterState.Waiting && letter.Profile == profile && !letter.IsEdited && (letter.SnoozedUntil == null || letter.SnoozedUntil <= day))
                .OrderBy(letter => letter.PreparedOn).FirstOrDefaultAsync(cancellationToken)
            ?? db.DunningLetters.Add(new DunningLetter(
                institutionId,
                await db.Institutions.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }).Where(institution => institution.Id == institutionId).Select(institution => institution.Name).SingleAsync(cancellationToken),
                profile,
                day)).Entity;

    private static async Task RewriteAsync(MedCrmDbContext db, Guid letterId, CancellationToken cancellationToken)
    {
        var letter = await db.DunningLetters.SingleAsync(letter => letter.Id == letterId, cancellationToken);
        var notices = await db.DunningNotices.Where(notice => notice.LetterId == letterId && notice.State == LetterState.Waiting).ToListAsync(cancellationToken);
        if (notices.Count == 0)
        {
            letter.Cancel("Remplacée par une relance plus ferme.");
        }
        else
        {
            await LetterWriting.WriteAsync(db, letter, notices, cancellationToken);
        }
    }

    private static async Task<Dictionary<PayerProfile, DunningPolicy>> PoliciesAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var policies = new Dictionary<PayerProfile, DunningPolicy>();
        foreach (var profile in Enum.GetValues<PayerProfile>())
        {
            policies[profile] = await DunningPolicy.ReadAsync(db, profile, cancellationToken);
        }

        return policies;
    }

    // A payer without an address stays in the tray; one that fails does not keep the others from leaving.
    private async Task<int> SendAsync(Dunnings door, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var policies = await PoliciesAsync(db, cancellationToken);
        if (policies.Values.All(policy => policy.Mode is DunningMode.Prepare))
        {
            return 0;
        }

        var today = clock.Today;
        var waiting = await db.DunningLetters.Where(letter => letter.State == LetterState.Waiting && letter.Email != null && (letter.SnoozedUntil == null || letter.SnoozedUntil <= today))
            .Select(letter => new { letter.Id, letter.Version, letter.Profile, letter.Level })
            .ToListAsync(cancellationToken);
        var sent = 0;
        foreach (var letter in waiting.Where(letter => policies[letter.Profile].SendsAlone(letter.Level)))
        {
            try
            {
                await door.SendAsync(letter.Id, letter.Version, cancellationToken);
                sent++;
            }
            catch (BusinessRuleException refusal)
            {
                logger.LogWarning("Reminder {LetterId} stays in the tray: {Reason}", letter.Id, refusal.Message);
            }
        }

        return sent;
    }
}
