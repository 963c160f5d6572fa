using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Insights;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Customers;

/// <summary>The door of institutions.</summary>
public sealed class Institutions(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int MostSites = 50;
    private const int MostSuggestions = 300;

    /// <summary>An institution as its page shows it; null when it does not exist or the actor may not see it.</summary>
    public async Task<InstitutionSheet?> GetAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var institution = await db.Institutions.AsNoTracking().Include(i => i.Labels).VisibleTo(actor).SingleOrDefaultAsync(i => i.Id == institutionId, cancellationToken);
        if (institution is null)
        {
            return null;
        }

        var deals = db.Opportunities.VisibleTo(actor).Where(deal => deal.InstitutionId == institutionId);
        var aYearAgo = clock.Today.AddYears(-1);
        var open = await deals.Where(deal => deal.Outcome == StageOutcome.Open).GroupBy(_ => 1).Select(all => new { Count = all.Count(), Amount = all.Sum(deal => deal.Amount) }).SingleOrDefaultAsync(cancellationToken);
        var won = await deals.Where(deal => deal.Outcome == StageOutcome.Won && deal.ClosedOn >= aYearAgo).GroupBy(_ => 1).Select(all => new { Count = all.Count(), Amount = all.Sum(deal => deal.Amount) }).SingleOrDefaultAsync(cancellationToken);
        var tasks = TaskLine.OfInstitution(db, actor, institutionId);
        var overdue = await InstitutionRevenues.OverdueAsync(db, actor, institutionId, clock.Today, cancellationToken);
        return new InstitutionSheet(institution.Id, institution.Details(), institution.RegionCode, institution.BedsTotal, institution.CreatedAt, institution.UpdatedAt)
        {
            NextAction = await NextActionAsync(deals, tasks, cancellationToken),
            LastContact = await LastContactAsync(db, actor, institutionId, cancellationToken),
            Health = await db.InstitutionScores.Where(score => score.InstitutionId == institutionId).Select(score => score.Health).SingleOrDefaultAsync(cancellationToken),
            Tasks = await TaskLine.Lines(tasks.Where(task => task.IsOpen)).ToListAsync(cancellationToken),
            OpenAmount = open?.Amount ?? 0,
            OpenCount = open?.Count ?? 0,
            WonAmount = won?.Amount ?? 0,
            WonCount = won?.Count ?? 0,
            OverdueAmount = overdue.Sum,
            OverdueCount = overdue.Count,
            OpportunityCount = await deals.CountAsync(cancellationToken),
            ContactCount = await db.ContactRoles.CountAsync(role => role.InstitutionId == institutionId && role.EndedOn == null && role.Contact.DeletedAt == null, cancellationToken),
            DocumentCount = await DocumentShelf.CountAsync(db, actor, new DocumentPlace(InstitutionId: institutionId), cancellationToken),
            Parent = institution.ParentId is { } parentId ? await Links(db.Institutions.VisibleTo(actor).Where(i => i.Id == parentId)).SingleOrDefaultAsync(cancellationToken) : null,
            Sites = await SitesAsync(db, actor, institution, cancellationToken),
        };
    }

    /// <summary>The name of an institution that the actor may see, or null.</summary>
    public async Task<string?> FindNameAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Institutions.VisibleTo(actor).Where(institution => institution.Id == institutionId).Select(institution => institution.Name).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The labels of a kind already in use, the most frequent first.</summary>
    public async Task<IReadOnlyList<string>> LabelsInUseAsync(InstitutionLabelKind kind, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var visible = db.Institutions.VisibleTo(actor);
        return await db.InstitutionLabels
            .Where(label => label.Kind == kind && visible.Any(institution => institution.Id == label.InstitutionId))
            .GroupBy(label => label.Text)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key)
            .Select(same => same.Key)
            .Take(MostSuggestions)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The GHT and groups already in use, by name.</summary>
    public async Task<IReadOnlyList<string>> GroupsInUseAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Institutions.VisibleTo(actor)
            .Where(institution => institution.HospitalGroup != null)
            .Select(institution => institution.HospitalGroup!)
            .Distinct()
            .OrderBy(group => group)
            .Take(MostSuggestions)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Creates an institution.</summary>
    /// <exception cref="BusinessRuleException">A field is refused, or the FINESS number is already taken.</exception>
    public async Task<Done> CreateAsync(InstitutionDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        DemandEdit(actor, details);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var institution = new Institution(details, clock.UtcNow);
        await CheckAsync(db, actor, institution, cancellationToken);
        var gesture = db.Begin(actor, $"Établissement « {institution.Name} » créé");
        db.Institutions.Add(institution);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(institution.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Takes what somebody typed in the form; what a colleague changed meanwhile in other fields stays.</summary>
    /// <exception cref="EditConflictException">A colleague changed the same fields since <paramref name="seen"/>.</exception>
    /// <exception cref="BusinessRuleException">A field is refused, or the institution is gone.</exception>
    public Task<Done> EditAsync(Guid institutionId, InstitutionDetails seen, InstitutionDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(() => EditOnceAsync(institutionId, seen, mine, cancellationToken));

    /// <summary>Puts an institution in the bin.</summary>
    /// <exception cref="BusinessRuleException">Deals or sites hang on it, or it is gone.</exception>
    public Task<Done> DeleteAsync(Guid institutionId, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);

            var institution = await LoadAsync(db, actor, institutionId, cancellationToken);
            await CheckRemovableAsync(db, institution, cancellationToken);
            var gesture = db.Begin(actor, $"Établissement « {institution.Name} » supprimé");
            institution.DeletedAt = clock.UtcNow;
            await db.SaveChangesAsync(cancellationToken);
            return new Done(institution.Id, gesture.Sentence, gesture.Undoable);
        });

    /// <summary>What only the database can tell of an institution about to be saved: its FINESS number is free, its parent exists and does not descend from it.</summary>
    /// <exception cref="BusinessRuleException">One of them does not hold.</exception>
    internal static async Task CheckAsync(MedCrmDbContext db, Actor actor, Institution institution, CancellationToken cancellationToken)
    {
        if (institution.FinessEt is { } finess
            && await db.Institutions.AsNoTracking().FirstOrDefaultAsync(other => other.FinessEt == finess && other.Id != institution.Id, cancellationToken) is { } namesake)
        {
            throw new BusinessRuleException(
                actor.Sees(namesake) ? (Sentence)$"Ce numéro FINESS est déjà celui de « {namesake.Name} »." : "Ce numéro FINESS est déjà celui d'une fiche d'une autre équipe. Voyez avec un administrateur.",
                nameof(Institution.FinessEt));
        }

        for (var (ancestorId, depth) = (institution.ParentId, 0); ancestorId is { } id; depth++)
        {
            var ancestor = await db.Institutions.Where(other => other.Id == id).Select(other => new { other.Name, other.ParentId }).SingleOrDefaultAsync(cancellationToken);
            if (ancestor is null && depth == 0)
            {
                throw new BusinessRuleException("L'établissement de rattachement n'existe plus.", nameof(Institution.ParentId));
            }

            ancestorId = ancestor?.ParentId;
            if (ancestorId == institution.Id || depth > 20)
            {
                throw new BusinessRuleException($"« {ancestor!.Name} » est déjà rattaché à cet établissement.", nameof(Institution.ParentId));
            }
        }
    }

    /// <summary>Refuses to remove an institution on which deals or sites hang: they would lose it.</summary>
    /// <exception cref="BusinessRuleException">Something hangs on it.</exception>
    internal static async Task CheckRemovableAsync(MedCrmDbContext db, Institution institution, CancellationToken cancellationToken)
    {
        var deals = await db.Opportunities.CountAsync(deal => deal.InstitutionId == institution.Id, cancellationToken);
        if (deals > 0)
        {
            throw new BusinessRuleException($"« {institution.Name} » porte {(deals == 1 ? (Sentence)"une affaire" : $"{deals} affaires")} : rattachez-les d'abord à un autre établissement, ou passez celui-ci en « Ancien client ».");
        }

        var papers = await db.Quotes.CountAsync(quote => quote.InstitutionId == institution.Id, cancellationToken)
            + await db.Invoices.CountAsync(invoice => invoice.InstitutionId == institution.Id, cancellationToken)
            + await db.Payments.CountAsync(payment => payment.InstitutionId == institution.Id, cancellationToken)
            + await db.Contracts.CountAsync(contract => contract.InstitutionId == institution.Id, cancellationToken);
        if (papers > 0)
        {
            throw new BusinessRuleException($"« {institution.Name} » a des devis, des contrats, des factures ou des règlements : passez-le en « Ancien client » plutôt que de le supprimer.");
        }

        if (await db.Institutions.Where(site => site.ParentId == institution.Id).Select(site => site.Name).FirstOrDefaultAsync(cancellationToken) is { } name)
        {
            throw new BusinessRuleException($"« {name} » est rattaché à « {institution.Name} » : détachez-le d'abord.");
        }
    }

    private async Task<Done> EditOnceAsync(Guid institutionId, InstitutionDetails seen, InstitutionDetails mine, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        DemandEdit(actor, mine);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var institution = await LoadAsync(db, actor, institutionId, cancellationToken);
        var merged = await db.MergeAsync(institution, seen, mine, institution.Details(), cancellationToken);
        var gesture = db.Begin(actor, $"Établissement « {merged.Name.Trim()} » modifié");
        institution.Edit(merged with { TeamId = await Assignment.TeamAsync(db, institution, merged.OwnerId, merged.TeamId, cancellationToken) }, clock.UtcNow);
        await CheckAsync(db, actor, institution, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(institution.Id, gesture.Sentence, gesture.Undoable);
    }

    // Registers publish numbers whose key is wrong; only an administrator may enter one by hand.
    private static void DemandEdit(Actor actor, InstitutionDetails details)
    {
        actor.Demand(Right.EditCustomers);
        if (details.AcceptsWrongKeys && !actor.May(Right.Administer))
        {
            throw new BusinessRuleException("Seul un administrateur peut accepter un identifiant dont la clé est fausse.", nameof(InstitutionDetails.AcceptsWrongKeys));
        }
    }

    private static async Task<Institution> LoadAsync(MedCrmDbContext db, Actor actor, Guid institutionId, CancellationToken cancellationToken)
        => await db.Institutions.Include(institution => institution.Labels).VisibleTo(actor).SingleOrDefaultAsync(institution => institution.Id == institutionId, cancellationToken)
            ?? throw new BusinessRuleException("Cet établissement n'existe plus.");

    private static async Task<NextAction?> NextActionAsync(IQueryable<Opportunity> deals, IQueryable<FollowUpTask> tasks, CancellationToken cancellationToken)
    {
        var task = await tasks.Where(task => task.IsOpen && task.DueOn != null)
            .OrderBy(task => task.DueOn).ThenByDescending(task => task.Priority).ThenBy(task => task.DueTime == null).ThenBy(task => task.DueTime).ThenBy(task => task.Id)
            .Select(task => new NextAction(task.Title, task.DueOn!.Value, task.OwnerId, task.OpportunityId))
            .FirstOrDefaultAsync(cancellationToken);
        var deal = await deals.Where(deal => deal.Outcome == StageOutcome.Open && deal.NextActionOn != null)
            .OrderBy(deal => deal.NextActionOn)
            .Select(deal => new NextAction(deal.NextAction ?? deal.Name, deal.NextActionOn!.Value, deal.OwnerId, deal.Id))
            .FirstOrDefaultAsync(cancellationToken);
        return task is null || deal?.On < task.On ? deal : task;
    }

    private static Task<LastContact?> LastContactAsync(MedCrmDbContext db, Actor actor, Guid institutionId, CancellationToken cancellationToken)
        => VisibleActivities.Of(db, actor)
            .Where(activity => activity.InstitutionId == institutionId && activity.IsContact)
            .OrderByDescending(activity => activity.At)
            .Select(activity => new LastContact(activity.At, activity.Subject, activity.Id))
            .FirstOrDefaultAsync(cancellationToken);

    private static Task<List<InstitutionLink>> SitesAsync(MedCrmDbContext db, Actor actor, Institution institution, CancellationToken cancellationToken)
    {
        var (id, legalEntity) = (institution.Id, institution.FinessEj);
        return Links(db.Institutions.VisibleTo(actor)
                .Where(other => other.Id != id && (other.ParentId == id || (legalEntity != null && other.FinessEj == legalEntity)))
                .OrderByDescending(other => other.BedsTotal).ThenBy(other => other.Name))
            .Take(MostSites)
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<InstitutionLink> Links(IQueryable<Institution> institutions)
        => institutions.Select(i => new InstitutionLink(i.Id, i.Name, i.City, i.FinessEt, i.CategoryCode, i.BedsTotal));
}
