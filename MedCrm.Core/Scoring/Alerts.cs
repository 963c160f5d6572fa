using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Scoring;

/// <summary>What somebody is warned of.</summary>
public enum AlertKind
{
    [Display(Name = "Client silencieux")] SilentCustomer,
    [Display(Name = "Affaire bloquée")] StuckDeal,
    [Display(Name = "Prospect chaud")] HotLead,
}

/// <summary>A warning of « Ma journée ».</summary>
/// <param name="RecordId">The institution, or the deal.</param>
/// <param name="Days">For how many days nothing happened; null for a hot lead.</param>
/// <param name="Amount">Euros excluding VAT, for a deal.</param>
/// <param name="Lead">The potential, for a hot lead.</param>
public sealed record Alert(AlertKind Kind, Guid RecordId, string Name, string? InstitutionName, int? Days, decimal? Amount, int? Lead);

/// <summary>The warnings of somebody: the first of them, and how many there are.</summary>
public sealed record AlertList(IReadOnlyList<Alert> First, int Total);

/// <summary>A warning that somebody put aside, why, and until when. It concerns the record, whoever follows it.</summary>
public sealed class AlertDismissal
{
    private AlertDismissal()
    {
    }

    internal AlertDismissal(AlertKind kind, Guid recordId, string reason, Guid? byId, DateTime at, DateOnly until)
    {
        Id = Guid.CreateVersion7();
        (Kind, RecordId, Reason, ById, At, Until) = (kind, recordId, reason, byId, at, until);
    }

    public Guid Id { get; private set; }

    /// <summary>What it warned of.</summary>
    public AlertKind Kind { get; private set; }

    /// <summary>The record it warned about.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>Why it was put aside.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Who put it aside.</summary>
    public Guid? ById { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>The last day on which it stays away.</summary>
    public DateOnly Until { get; private set; }
}

/// <summary>The door of warnings: customers nobody spoke to, deals that stand still, promising prospects, each of the actor's own. Worked out when asked for; put aside with a reason.</summary>
public sealed class Alerts(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>The actor's warnings, the most pressing kinds first.</summary>
    public async Task<AlertList> MineAsync(int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var policy = await Scores.PolicyAsync(db, cancellationToken);
        var today = clock.Today;
        var dismissed = db.AlertDismissals.Where(dismissal => dismissal.Until >= today);

        var mine = db.Institutions.Where(i => i.OwnerId == actor.Id);
        var silentSince = today.AddDays(-policy.SilentDays);
        var newSince = clock.UtcNow.AddDays(-policy.SilentDays);
        var silent = mine
            .Where(i => i.Status == CustomerStatus.Customer && !dismissed.Any(dismissal => dismissal.Kind == AlertKind.SilentCustomer && dismissal.RecordId == i.Id))
            .Select(i => new { i.Id, i.Name, i.CreatedAt, LastOn = db.InstitutionScores.Where(score => score.InstitutionId == i.Id).Select(score => score.LastContactOn).FirstOrDefault() })
            .Where(i => i.LastOn == null ? i.CreatedAt < newSince : i.LastOn < silentSince);

        var stuckSince = clock.UtcNow.AddDays(-policy.StuckDays);
        var stuck = db.Opportunities
            .Where(deal => deal.OwnerId == actor.Id && deal.Outcome == StageOutcome.Open && deal.LastInteractionAt < stuckSince && !dismissed.Any(dismissal => dismissal.Kind == AlertKind.StuckDeal && dismissal.RecordId == deal.Id));

        var hot = mine
            .Where(i => i.Status != CustomerStatus.Customer && i.Status != CustomerStatus.FormerCustomer && !dismissed.Any(dismissal => dismissal.Kind == AlertKind.HotLead && dismissal.RecordId == i.Id))
            .Select(i => new { i.Id, i.Name, Lead = db.InstitutionScores.Where(score => score.InstitutionId == i.Id).Select(score => score.Lead).FirstOrDefault() })
            .Where(i => i.Lead > policy.HotLead && !db.Opportunities.Any(deal => deal.InstitutionId == i.Id && deal.Outcome == StageOutcome.Open));

        var found = new List<Alert>();
        found.AddRange((await stuck.OrderByDescending(deal => deal.Amount).ThenBy(deal => deal.Id).Take(take).Select(deal => new { deal.Id, deal.Name, Institution = deal.Institution.Name, deal.LastInteractionAt, deal.Amount }).ToListAsync(cancellationToken))
            .Select(deal => new Alert(AlertKind.StuckDeal, deal.Id, deal.Name, deal.Institution, DaysSince(clock.DayOf(deal.LastInteractionAt)), deal.Amount, null)));
        found.AddRange((await silent.OrderBy(i => i.LastOn).ThenBy(i => i.Name).Take(take).ToListAsync(cancellationToken))
            .Select(i => new Alert(AlertKind.SilentCustomer, i.Id, i.Name, null, DaysSince(i.LastOn ?? clock.DayOf(i.CreatedAt)), null, null)));
        found.AddRange((await hot.OrderByDescending(i => i.Lead).ThenBy(i => i.Name).Take(take).ToListAsync(cancellationToken))
            .Select(i => new Alert(AlertKind.HotLead, i.Id, i.Name, null, null, null, i.Lead)));
        var total = await silent.CountAsync(cancellationToken) + await stuck.CountAsync(cancellationToken) + await hot.CountAsync(cancellationToken);
        return new AlertList([.. found.Take(take)], total);
    }

    /// <summary>Puts a warning aside, with a reason; it comes back after the days that the administrator set, if it still holds.</summary>
    /// <exception cref="BusinessRuleException">The reason is missing, or the record is out of sight.</exception>
    public async Task<Done> DismissAsync(AlertKind kind, Guid recordId, string? reason, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var why = Clean.Required(reason, 300, "Reason", "Indiquez pourquoi vous écartez cette alerte.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var name = kind is AlertKind.StuckDeal
            ? await db.Opportunities.VisibleTo(actor).Where(deal => deal.Id == recordId).Select(deal => deal.Name).SingleOrDefaultAsync(cancellationToken)
            : await db.Institutions.VisibleTo(actor).Where(i => i.Id == recordId).Select(i => i.Name).SingleOrDefaultAsync(cancellationToken);
        if (name is null)
        {
            throw new BusinessRuleException("Cette fiche n'existe plus, ou vous n'y avez pas accès.");
        }

        var policy = await Scores.PolicyAsync(db, cancellationToken);
        var until = clock.Today.AddDays(policy.QuietDays);
        db.AlertDismissals.Add(new AlertDismissal(kind, recordId, why, actor.Id, clock.UtcNow, until));
        await db.SaveChangesAsync(cancellationToken);
        return new Done(recordId, $"Alerte sur « {name} » écartée jusqu'au {FrenchText.FormatDay(until)}", null);
    }

    private int DaysSince(DateOnly day) => clock.Today.DayNumber - day.DayNumber;
}

internal sealed class AlertDismissalConfiguration : IEntityTypeConfiguration<AlertDismissal>
{
    public void Configure(EntityTypeBuilder<AlertDismissal> dismissal)
    {
        dismissal.Property(d => d.Id).ValueGeneratedNever();
        dismissal.HasIndex(d => new { d.RecordId, d.Kind, d.Until });
    }
}
