using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Contracting;

/// <summary>
/// What time does to contracts, every day: terms that are over are followed by the next or end the contract, deadlines are told to who follows it, a task and an
/// e-mail are prepared, revisions are proposed. Each thing is done once, in the transaction that notes it, so that a day may be served again after any stop.
/// </summary>
public sealed class ContractWatch(IDbContextFactory<MedCrmDbContext> contexts, NotificationNews news, BusinessClock clock, ILogger<ContractWatch> logger)
{
    /// <summary>How many days before its term a task is given, and an e-mail prepared.</summary>
    private const int TaskDays = 60;
    private const int LetterDays = 30;

    /// <summary>How many days around an anniversary the clause is looked at: an index is often published late.</summary>
    private const int RevisionDays = 30;

    private const string Task = "task";
    private const string Letter = "letter";
    private const string Information = "information";
    private const string InformationMissed = "information-missed";
    private const string Revision = "revision";
    private const string RevisionOvertaken = "revision-overtaken";
    private const string IndexMissing = "index-missing";

    /// <summary>Serves a local day; answers what was done, in French.</summary>
    public async Task<string> FollowAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        var (renewed, ended) = await PassAsync(day, cancellationToken);
        var done = 0;
        foreach (var due in await FindAsync(day, cancellationToken))
        {
            try
            {
                done += await AttendAsync(due, day, cancellationToken);
            }
            catch (BusinessRuleException refusal)
            {
                // One contract that a rule stops keeps the others from nothing.
                logger.LogError(refusal, "Deadlines of contract {ContractId} were refused", due.ContractId);
            }
        }

        return renewed + ended + done == 0 ? "Rien à signaler." : $"Reconductions : {renewed}, fins : {ended}, alertes et préparations : {done}.";
    }

    private async Task<(int Renewed, int Ended)> PassAsync(DateOnly day, CancellationToken cancellationToken)
    {
        List<Guid> ids;
        await using (var looking = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var over = looking.Contracts.Where(Contract.Live).Where(contract => contract.EndsOn < day).Select(contract => new { contract.Id, contract.EndsOn });
            var changing = looking.Contracts.Where(contract => contract.NextChangeOn <= day).Select(contract => new { contract.Id, contract.EndsOn });
            ids = await over.Union(changing).OrderBy(contract => contract.EndsOn).Select(contract => contract.Id).ToListAsync(cancellationToken);
        }

        var (renewed, ended) = (0, 0);
        foreach (var id in ids)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                var gesture = db.Begin(Actor.System, "Échéance d'un contrat", ChangeOrigin.Job);
                await db.InTransactionAsync(
                    async () =>
                    {
                        if (await Contracts.Whole(db.Contracts).SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } contract)
                        {
                            return;
                        }

                        var (renewals, status) = (contract.Renewals, contract.Status);
                        contract.Pass(day, Actor.System, clock.UtcNow);
                        (renewed, ended) = (renewed + contract.Renewals - renewals, ended + (contract.Status == status ? 0 : 1));
                        gesture.Sentence = contract.Renewals > renewals ? $"Contrat {contract.Number} reconduit" : contract.Status == status ? $"Avenant du contrat {contract.Number} en vigueur" : $"Contrat {contract.Number} terminé";
                        await Contracts.SaveAsync(db, contract.InstitutionId, cancellationToken);
                    },
                    cancellationToken);
            }
            catch (BusinessRuleException refusal)
            {
                // One that a rule stops keeps the others from nothing; the next day tries again.
                logger.LogError(refusal, "Contract {ContractId} did not pass its term", id);
            }
        }

        return (renewed, ended);
    }

    // What is due and was not done yet, from a few columns: only those contracts are opened.
    private async Task<List<Due>> FindAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (soon, withIndex) = (day.AddDays(95), day.AddDays(-RevisionDays));
        var rows = await db.Contracts
            .Where(contract => contract.Status == ContractStatus.Active && contract.ReplacedById == null
                && ((contract.EndsOn >= day && contract.EndsOn <= soon) || (contract.IsTacit && contract.LastNoticeOn >= day && contract.LastNoticeOn <= soon) || contract.IndexName != null))
            .Select(contract => new
            {
                Contract = contract,
                TermFrom = contract.Periods.Max(period => (DateOnly?)period.StartsOn) ?? contract.StartsOn,
                Ownership = (Ownership?)db.Institutions.Where(institution => institution.Id == contract.InstitutionId).Select(institution => institution.Ownership).FirstOrDefault(),
                Own = db.BillingProfiles.Where(profile => profile.InstitutionId == contract.InstitutionId).Select(profile => profile.IsNonProfessional).FirstOrDefault(),
                Informed = contract.Letters.Any(letter => letter.Kind == ContractLetterKind.Information && letter.Deadline == contract.LastNoticeOn && letter.SentAt != null),
                LastAmendedOn = contract.Amendments.Max(amendment => (DateOnly?)amendment.EffectiveOn),
                Revised = contract.Revisions.Select(revision => revision.EffectiveOn).ToList(),
            })
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var known = (await db.IndexValues.AsNoTracking().ToListAsync(cancellationToken)).GroupBy(value => value.Name).ToDictionary(series => series.Key, series => series.Max(value => value.Month));
        var told = (await db.ContractAlerts.Where(alert => alert.Deadline >= withIndex).Select(alert => new { alert.ContractId, alert.What, alert.Deadline }).ToListAsync(cancellationToken)).Select(alert => (alert.ContractId, alert.What, alert.Deadline)).ToHashSet();

        var found = new List<Due>();
        foreach (var row in rows)
        {
            var contract = row.Contract;
            var due = DueOf(contract, day, row.TermFrom, row.Own ?? row.Ownership is Ownership.PrivateNonProfit, row.Informed);
            if (contract.Formula is not null)
            {
                var on = Anniversary(contract.StartsOn, withIndex);
                if (on > contract.StartsOn && on <= day.AddDays(RevisionDays) && !row.Revised.Contains(on) && (contract.WillRenew || on <= contract.EndsOn))
                {
                    var isKnown = known.TryGetValue(contract.IndexName!, out var month) && (contract.BaseIndexMonth is null || month > contract.BaseIndexMonth);
                    due.Add((!isKnown ? IndexMissing : row.LastAmendedOn > on ? RevisionOvertaken : Revision, on));
                }
            }

            due.RemoveAll(one => told.Contains((contract.Id, one.What, one.Deadline)));
            if (due.Count > 0)
            {
                found.Add(new Due(contract.Id, due));
            }
        }

        return found;
    }

    private static List<(string What, DateOnly Deadline)> DueOf(Contract contract, DateOnly day, DateOnly termFrom, bool isNonProfessional, bool wasInformed)
    {
        var (terms, due) = (contract.Terms, new List<(string What, DateOnly Deadline)>());

        // A term shorter than the warning has no such warning: a contract by the month does not ring every day.
        due.AddRange(ContractTerms.AlertsReached(terms.EndsOn, day).Where(days => ContractTerms.AlertOn(terms.EndsOn, days) >= termFrom).Select(days => ($"end-{days}", terms.EndsOn)));
        if (terms.WillRenew)
        {
            due.AddRange(ContractTerms.AlertsReached(terms.LastNoticeOn, day).Where(days => ContractTerms.AlertOn(terms.LastNoticeOn, days) >= termFrom).Select(days => ($"notice-{days}", terms.LastNoticeOn)));
            if (isNonProfessional)
            {
                var (from, to) = terms.InformationWindow;
                if (day >= from && day <= to)
                {
                    due.Add((Information, terms.LastNoticeOn));
                }
                else if (day > to && day <= terms.EndsOn && !wasInformed)
                {
                    due.Add((InformationMissed, terms.LastNoticeOn));
                }
            }
        }

        if (Comes(TaskDays))
        {
            due.Add((Task, terms.EndsOn));
        }

        if (Comes(LetterDays))
        {
            due.Add((Letter, terms.EndsOn));
        }

        return due;

        bool Comes(int days) => day <= terms.EndsOn && ContractTerms.AlertOn(terms.EndsOn, days) is var on && on <= day && on >= termFrom;
    }

    private async Task<int> AttendAsync(Due due, DateOnly day, CancellationToken cancellationToken)
    {
        var done = 0;
        var told = new HashSet<Guid>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(Actor.System, "Échéance d'un contrat", ChangeOrigin.Job);
        await db.InTransactionAsync(
            async () =>
            {
                // Looked at again behind the gate: two knocks at the same door do it once.
                var known = (await db.ContractAlerts.Where(alert => alert.ContractId == due.ContractId).Select(alert => new { alert.What, alert.Deadline }).ToListAsync(cancellationToken)).Select(alert => (alert.What, alert.Deadline)).ToHashSet();
                var left = due.What.Where(one => !known.Contains(one)).ToList();
                if (left.Count == 0 || await Contracts.Whole(db.Contracts).SingleOrDefaultAsync(c => c.Id == due.ContractId, cancellationToken) is not { Status: ContractStatus.Active } contract)
                {
                    return;
                }

                gesture.Sentence = $"Échéances du contrat {contract.Number}";
                var lines = new List<(string Key, string Title, string Body)>();
                foreach (var (what, deadline) in left)
                {
                    db.ContractAlerts.Add(new ContractAlert(contract.Id, what, deadline, clock.UtcNow));
                    if (await DoAsync(db, contract, what, deadline, day, cancellationToken) is { } line)
                    {
                        // Several warnings of one deadline at once, after a stop: the nearest is told.
                        lines.RemoveAll(other => other.Title == line.Title);
                        lines.Add(($"contract:{contract.Id:N}:{what}:{deadline:yyyy-MM-dd}", line.Title, line.Body));
                    }
                }

                told = lines.Count > 0 ? await FollowersAsync(db, contract, cancellationToken) : [];
                db.Notifications.AddRange(told.SelectMany(person => lines.Select(line => new Notification(person, line.Key, line.Title, line.Body, $"/contracts/{contract.Id}", nameof(Contract), contract.Id, clock.UtcNow))));

                await db.SaveChangesAsync(cancellationToken);
                done = left.Count;
            },
            cancellationToken);
        if (told.Count > 0)
        {
            news.Announce(told);
        }

        return done;
    }

    // Whoever follows it; when nobody does any more, the managers of its team, else the administrators: a deadline is noted as told once somebody was.
    private static async Task<HashSet<Guid>> FollowersAsync(MedCrmDbContext db, Contract contract, CancellationToken cancellationToken)
    {
        var people = db.Users.Where(user => !user.IsDisabled);
        foreach (var some in new[]
        {
            people.Where(user => user.Id == contract.OwnerId),
            people.Where(user => user.Role == Role.Manager && user.TeamId == contract.TeamId && contract.TeamId != null),
        })
        {
            if (await some.Select(user => user.Id).ToListAsync(cancellationToken) is { Count: > 0 } found)
            {
                return [.. found];
            }
        }

        return [.. await people.Where(user => user.Role == Role.Administrator).Select(user => user.Id).ToListAsync(cancellationToken)];
    }

    private async Task<(string Title, string Body)?> DoAsync(MedCrmDbContext db, Contract contract, string what, DateOnly deadline, DateOnly day, CancellationToken cancellationToken)
    {
        var on = FrenchText.FormatDay(deadline);
        var body = $"{contract.Title} · {FrenchText.FormatRelativeDay(deadline, day)}";
        switch (what)
        {
            case Task:
                db.FollowUpTasks.Add(new FollowUpTask(
                    new FollowUpTaskDetails
                    {
                        Title = "Préparer le renouvellement",
                        DueOn = day.AddDays(7) < deadline ? day.AddDays(7) : deadline,
                        OwnerId = contract.OwnerId,
                        TeamId = contract.TeamId,
                        InstitutionId = contract.InstitutionId,
                        ContactId = contract.ContactId,
                        OpportunityId = contract.OpportunityId,
                        Notes = $"Contrat {contract.Number} « {contract.Title} », fin le {on}.",
                    },
                    Actor.System,
                    clock.UtcNow));
                return null;
            case Letter:
                var (subject, text) = ContractLetters.RenewalOf(contract);
                contract.Prepare(ContractLetterKind.Renewal, deadline, null, subject, text, clock.UtcNow);
                return ($"Contrat {contract.Number} : un e-mail au client est prêt à relire", body);
            case Information:
                var (title, words) = ContractLetters.InformationOf(contract);
                var sendBy = contract.Terms.InformationWindow.To;
                contract.Prepare(ContractLetterKind.Information, deadline, sendBy, title, words, clock.UtcNow);
                return ($"Contrat {contract.Number} : informer le client avant le {FrenchText.FormatDay(sendBy)}", $"{contract.Title} · il peut refuser la reconduction jusqu'au {on}");
            case InformationMissed:
                return ($"Contrat {contract.Number} : le client n'a pas été informé à temps de la reconduction", $"{contract.Title} · il pourra résilier à tout moment, sans frais (C. conso. art. L215-1)");
            case RevisionOvertaken:
            case Revision when contract.LastAmendedOn > deadline:
                return ($"Contrat {contract.Number} : révision des prix à proposer vous-même", $"{contract.Title} · un avenant prend effet après le {on} : à compter du {FrenchText.FormatDay(contract.LastAmendedOn!.Value)}");
            case Revision:
                var value = await IndexRevisions.LastAsync(db, contract.IndexName!, contract.BaseIndexMonth, cancellationToken);
                contract.Propose(deadline, value!.Value, value.Month, clock.UtcNow);
                return ($"Contrat {contract.Number} : révision des prix à valider", $"{contract.Title} · à compter du {on}");
            case IndexMissing:
                return ($"Contrat {contract.Number} : indice « {contract.IndexName} » manquant", $"{contract.Title} · révision des prix le {on}");
            default:
                logger.LogDebug("Contract {ContractId}: {What}", contract.Id, what);
                return (what.StartsWith("notice", StringComparison.Ordinal) ? $"Contrat {contract.Number} : dernier jour pour dénoncer le {on}" : $"Contrat {contract.Number} : fin le {on}", body);
        }
    }

    // The first anniversary of the start on or after a day.
    private static DateOnly Anniversary(DateOnly startsOn, DateOnly from)
    {
        var years = Math.Max(0, from.Year - startsOn.Year - 1);
        while (startsOn.AddMonths(12 * years) < from)
        {
            years++;
        }

        return startsOn.AddMonths(12 * years);
    }

    private sealed record Due(Guid ContractId, IReadOnlyList<(string What, DateOnly Deadline)> What);
}
