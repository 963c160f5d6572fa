using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Scoring;

/// <summary>The scores of an institution as its page shows them: the health and the potential with their parts, and the health of the last 90 days.</summary>
public sealed record ScoreSheet(int? Health, IReadOnlyList<ScorePart> HealthParts, int? Lead, IReadOnlyList<ScorePart> LeadParts, IReadOnlyList<(DateOnly On, int Health)> Trend, DateTime? ComputedAt)
{
    /// <summary>How much the health changed since the first point of the trend; null while there is no earlier one.</summary>
    public int? Change => Health is { } now && Trend is [var (_, first), _, ..] ? now - first : null;
}

/// <summary>The door of scores: works them out, every night for all, at once for those whose activity changed, and tells them with their facts.</summary>
public sealed class Scores(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, NotificationNews bells, BusinessClock clock)
{
    /// <summary>Days that the trend looks back on.</summary>
    public const int TrendDays = 90;

    // Written a part at a time, so that people who save never wait for long.
    private const int Portion = 250;

    /// <summary>The scores of an institution; null when it is out of sight.</summary>
    public async Task<ScoreSheet?> FindAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Institutions.VisibleTo(actor).AnyAsync(institution => institution.Id == institutionId, cancellationToken))
        {
            return null;
        }

        var policy = await PolicyAsync(db, cancellationToken);
        var score = await db.InstitutionScores.AsNoTracking().SingleOrDefaultAsync(known => known.InstitutionId == institutionId, cancellationToken);
        var facts = score?.Facts() ?? new ScoreFacts();
        return new ScoreSheet(score?.Health, Formulas.HealthOf(facts, policy, clock.Today), score?.Lead, Formulas.LeadOf(facts, policy), await TrendAsync(db, institutionId, cancellationToken), score?.ComputedAt);
    }

    /// <summary>What is set about scores and alerts.</summary>
    public async Task<ScoringPolicyDetails> PolicyAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await PolicyAsync(db, cancellationToken)).Details();
    }

    /// <summary>Sets weights, delays and aims. Scores follow the next night, or when somebody asks.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or the actor is no administrator.</exception>
    public async Task<Done> EditPolicyAsync(ScoringPolicyDetails seen, ScoringPolicyDetails mine, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var policy = await db.ScoringPolicies.SingleOrDefaultAsync(cancellationToken) ?? db.ScoringPolicies.Add(new ScoringPolicy()).Entity;
        policy.Edit(await db.MergeAsync(policy, seen, mine, policy.Details(), cancellationToken));
        var gesture = db.Begin(actor, "Scores et alertes réglés");
        await db.SaveChangesAsync(cancellationToken);
        return new Done(policy.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Works the scores of an institution out again, for the person who looks at it.</summary>
    /// <exception cref="BusinessRuleException">The institution is out of sight.</exception>
    public async Task RecomputeAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.Institutions.VisibleTo(actor).AnyAsync(institution => institution.Id == institutionId, cancellationToken))
            {
                throw new BusinessRuleException("Cet établissement n'existe plus, ou n'est pas visible pour vous.");
            }
        }

        await ComputeAsync([institutionId], cancellationToken);
    }

    /// <summary>Works out the scores of some institutions, or of all when null. Answers how many changed. Owners of those whose potential passes the mark hear of it.</summary>
    public async Task<int> ComputeAsync(IReadOnlyCollection<Guid>? institutionIds = null, CancellationToken cancellationToken = default)
    {
        ScoringPolicy policy;
        Dictionary<Guid, (ScoreFacts Facts, Guid? OwnerId, string Name, CustomerStatus Status)> facts;
        Dictionary<Guid, InstitutionScore> known;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            policy = await PolicyAsync(db, cancellationToken);
            facts = await FactsAsync(db, policy, institutionIds?.ToArray(), cancellationToken);
            var scores = db.InstitutionScores.AsNoTracking();
            known = await (institutionIds is null ? scores : scores.Where(score => institutionIds.Contains(score.InstitutionId))).ToDictionaryAsync(score => score.InstitutionId, cancellationToken);
        }

        var changed = new List<(Guid Id, ScoreFacts Facts, int? Health, int? Lead)>();
        foreach (var (id, (found, _, _, _)) in facts)
        {
            var (health, lead) = (Whole(Formulas.HealthOf(found, policy, clock.Today)), Whole(Formulas.LeadOf(found, policy)));
            if (known.GetValueOrDefault(id) is not { } score || !score.Holds(found, health, lead))
            {
                changed.Add((id, found, health, lead));
            }
        }

        foreach (var portion in changed.Chunk(Portion))
        {
            await WriteAsync(portion, cancellationToken);
        }

        await TellOfHotLeadsAsync([.. changed.Where(change => change.Lead > policy.HotLead && !(known.GetValueOrDefault(change.Id)?.Lead > policy.HotLead)).Select(change => change.Id)], facts, cancellationToken);
        return changed.Count;
    }

    internal static async Task<ScoringPolicy> PolicyAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.ScoringPolicies.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new ScoringPolicy();

    private static int? Whole(IReadOnlyList<ScorePart> parts)
        => Formulas.Mean(parts) is { } mean ? (int)decimal.Round(mean, 0, MidpointRounding.AwayFromZero) : null;

    // A few grouped questions for all institutions cost less than a few for each.
    private async Task<Dictionary<Guid, (ScoreFacts Facts, Guid? OwnerId, string Name, CustomerStatus Status)>> FactsAsync(MedCrmDbContext db, ScoringPolicy policy, Guid[]? ids, CancellationToken cancellationToken)
    {
        var (recent, year, twoYears) = (clock.UtcNow.AddDays(-90), clock.UtcNow.AddYears(-1), clock.UtcNow.AddYears(-2));
        var twoYearsAgo = clock.Today.AddYears(-2);
        var asked = ids is null ? db.Institutions : db.Institutions.Where(i => ids.Contains(i.Id));
        var spokenTo = db.Activities.Where(a => a.IsContact && a.Sharing != Sharing.Private && a.InstitutionId != null);
        spokenTo = ids is null ? spokenTo : spokenTo.Where(a => ids.Contains(a.InstitutionId!.Value));
        var opened = ids is null ? db.Opportunities : db.Opportunities.Where(o => ids.Contains(o.InstitutionId));
        var labels = db.InstitutionLabels.Where(label => label.Kind == InstitutionLabelKind.Speciality);
        labels = ids is null ? labels : labels.Where(label => ids.Contains(label.InstitutionId));

        var institutions = await asked.Select(i => new { i.Id, i.OwnerId, i.Name, i.Status, i.BedsTotal }).ToListAsync(cancellationToken);
        var contacts = await spokenTo
            .GroupBy(a => a.InstitutionId!.Value)
            .Select(group => new { group.Key, Last = group.Max(a => a.At), Recent = group.Count(a => a.At >= recent) })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        var deals = await opened
            .GroupBy(o => o.InstitutionId)
            .Select(group => new
            {
                group.Key,
                Won = group.Count(o => o.Outcome == StageOutcome.Won && o.ClosedOn >= twoYearsAgo),
                Lost = group.Count(o => o.Outcome == StageOutcome.Lost && o.ClosedOn >= twoYearsAgo),
                Requests = group.Count(o => o.CreatedAt >= year),
            })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        var today = clock.Today;
        var quotes = ids is null ? db.Quotes.Where(q => q.IsLast) : db.Quotes.Where(q => q.IsLast && ids.Contains(q.InstitutionId));
        var offers = await quotes
            .GroupBy(q => q.InstitutionId)
            .Select(group => new
            {
                group.Key,
                Accepted = group.Count(q => q.Status == QuoteStatus.Accepted && q.DecidedAt >= twoYears),
                Refused = group.Count(q => q.Status == QuoteStatus.Refused && q.DecidedAt >= twoYears),
            })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        var expired = await quotes.Expired(today).Where(q => q.ValidUntil >= twoYearsAgo)
            .GroupBy(q => q.InstitutionId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var invoices = db.Invoices.Where(i => i.Status != InvoiceStatus.Draft && i.Status != InvoiceStatus.Credited && i.Kind != InvoiceKind.CreditNote && i.DisputedOn == null && i.DueOn < today && i.DueOn >= twoYearsAgo);
        invoices = ids is null ? invoices : invoices.Where(i => ids.Contains(i.InstitutionId));
        var payments = await invoices
            .GroupBy(i => i.InstitutionId)
            .Select(group => new { group.Key, Due = group.Count(), InTime = group.Count(i => i.Balance == 0 && i.SettledOn <= i.DueOn) })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        var amounts = await opened.Where(o => o.CreatedAt >= twoYears)
            .GroupBy(o => o.InstitutionId)
            .Select(group => new { group.Key, Count = group.Count(), Amount = group.Sum(o => o.Amount) })
            .ToDictionaryAsync(group => group.Key, group => decimal.Round(group.Amount / group.Count, 2, MidpointRounding.AwayFromZero), cancellationToken);
        var proposals = await db.Stages.Where(stage => stage.Code == "Proposal").Select(stage => (Guid?)stage.Id).ToListAsync(cancellationToken);
        var answers = await db.StageChanges.Where(change => change.At >= twoYears && proposals.Contains(change.FromStageId))
            .Join(opened, change => change.OpportunityId, o => o.Id, (change, o) => new { o.InstitutionId, change.DaysInStage })
            .GroupBy(answer => answer.InstitutionId)
            .Select(group => new { group.Key, Days = group.Average(answer => (double)answer.DaysInStage) })
            .ToDictionaryAsync(group => group.Key, group => group.Days, cancellationToken);
        var aims = policy.Targets.Select(SearchKey.Fold).ToArray();
        var specialities = await labels
            .GroupBy(label => label.InstitutionId)
            .Select(group => new { group.Key, Count = group.Count(), Aimed = group.Count(label => aims.Contains(label.SearchKey)) })
            .ToDictionaryAsync(group => group.Key, cancellationToken);

        return institutions.ToDictionary(i => i.Id, i =>
        {
            var (spoken, sold, expert) = (contacts.GetValueOrDefault(i.Id), deals.GetValueOrDefault(i.Id), specialities.GetValueOrDefault(i.Id));
            var (offered, paid) = (offers.GetValueOrDefault(i.Id), payments.GetValueOrDefault(i.Id));
            return (
                new ScoreFacts
                {
                    LastContactOn = spoken is null ? null : clock.DayOf(spoken.Last),
                    RecentContacts = spoken?.Recent ?? 0,
                    Won = sold?.Won ?? 0,
                    Closed = (sold?.Won ?? 0) + (sold?.Lost ?? 0),
                    QuotesAccepted = offered?.Accepted ?? 0,
                    QuotesDecided = (offered?.Accepted ?? 0) + (offered?.Refused ?? 0) + expired.GetValueOrDefault(i.Id),
                    PaidInTime = paid?.InTime ?? 0,
                    PaymentsDue = paid?.Due ?? 0,
                    Requests = sold?.Requests ?? 0,
                    AnswerDays = answers.TryGetValue(i.Id, out var days) ? (int)Math.Round(days, MidpointRounding.AwayFromZero) : null,
                    AverageAmount = amounts.TryGetValue(i.Id, out var amount) ? amount : null,
                    Beds = i.BedsTotal,
                    Specialities = expert?.Count ?? 0,
                    SpecialitiesAimed = expert?.Aimed ?? 0,
                },
                i.OwnerId,
                i.Name,
                i.Status);
        });
    }

    private async Task WriteAsync((Guid Id, ScoreFacts Facts, int? Health, int? Lead)[] portion, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = portion.Select(change => change.Id).ToArray();
        await db.InTransactionAsync(
            async () =>
            {
                // Somebody may have gone for good since the facts were read.
                var living = (await db.Institutions.IgnoreQueryFilters().Where(i => ids.Contains(i.Id)).Select(i => i.Id).ToListAsync(cancellationToken)).ToHashSet();
                var scores = await db.InstitutionScores.Where(score => ids.Contains(score.InstitutionId)).ToDictionaryAsync(score => score.InstitutionId, cancellationToken);
                var points = await db.HealthPoints.Where(point => ids.Contains(point.InstitutionId) && point.On == clock.Today).ToDictionaryAsync(point => point.InstitutionId, cancellationToken);
                foreach (var (id, facts, health, lead) in portion.Where(change => living.Contains(change.Id)))
                {
                    var score = scores.GetValueOrDefault(id) ?? db.InstitutionScores.Add(new InstitutionScore(id)).Entity;
                    if (health is { } points100 && points100 != score.Health)
                    {
                        if (points.TryGetValue(id, out var today))
                        {
                            today.Health = points100;
                        }
                        else
                        {
                            db.HealthPoints.Add(new HealthPoint(id, clock.Today, points100));
                        }
                    }

                    score.Take(facts, health, lead, clock.UtcNow);
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    private async Task TellOfHotLeadsAsync(IReadOnlyList<Guid> ids, Dictionary<Guid, (ScoreFacts Facts, Guid? OwnerId, string Name, CustomerStatus Status)> facts, CancellationToken cancellationToken)
    {
        var owned = ids.Where(id => facts[id] is { OwnerId: not null, Status: not CustomerStatus.Customer }).ToList();
        var key = string.Create(CultureInfo.InvariantCulture, $"hot-lead:{clock.Today:yyyy-MM}");
        foreach (var portion in owned.Chunk(Portion))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            HashSet<Guid> told = [];

            // Looked up and written behind the gate: two computations at once tell it once.
            await db.InTransactionAsync(
                async () =>
                {
                    var onces = portion.Select(id => $"{key}:{id}").ToArray();
                    var lines = (await db.Notifications.Where(line => portion.Contains(line.RecordId) && onces.Contains(line.OnceKey)).Select(line => new { line.UserId, line.RecordId }).ToListAsync(cancellationToken)).ToHashSet();
                    foreach (var id in portion)
                    {
                        var (_, ownerId, name, _) = facts[id];
                        if (!lines.Contains(new { UserId = ownerId!.Value, RecordId = id }))
                        {
                            db.Notifications.Add(new Notification(ownerId.Value, $"{key}:{id}", $"Prospect chaud : {name}", null, $"/institutions/{id}", nameof(Institution), id, clock.UtcNow));
                            told.Add(ownerId.Value);
                        }
                    }

                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
            if (told.Count > 0)
            {
                bells.Announce(told);
            }
        }
    }

    // Points stand where the health changed: the first day takes the one in force then.
    private async Task<IReadOnlyList<(DateOnly On, int Health)>> TrendAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
    {
        var from = clock.Today.AddDays(-TrendDays);
        var points = db.HealthPoints.AsNoTracking().Where(point => point.InstitutionId == institutionId);
        var before = await points.Where(point => point.On <= from).OrderByDescending(point => point.On).Select(point => (int?)point.Health).FirstOrDefaultAsync(cancellationToken);
        var since = await points.Where(point => point.On > from).OrderBy(point => point.On).Select(point => new { point.On, point.Health }).ToListAsync(cancellationToken);
        return [.. before is { } first ? [(from, first)] : Array.Empty<(DateOnly, int)>(), .. since.Select(point => (point.On, point.Health))];
    }
}
