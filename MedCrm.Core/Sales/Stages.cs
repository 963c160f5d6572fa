using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

/// <summary>What the administrator sets on a stage.</summary>
public sealed record StageSettings
{
    [Display(Name = "Nom")] public string Name { get; set; } = "";

    /// <summary>Percent; fixed for won (100) and lost (0).</summary>
    [Display(Name = "Probabilité par défaut (%)")] public int ProbabilityPercent { get; set; }

    /// <summary>Days; 0 means never.</summary>
    [Display(Name = "Seuil de dormance (jours)")] public int RottingDays { get; set; }

    [Display(Name = "À fournir pour entrer")] public IReadOnlyList<Requirement> Requirements { get; set; } = [];
}

/// <summary>A stage as screens need it: to choose one, or to set it up.</summary>
public sealed record StageRow(Guid Id, string Code, string Name, StageOutcome Outcome, int ProbabilityPercent, int RottingDays, IReadOnlyList<Requirement> Requirements, Guid Version)
{
    /// <summary>The row of a stage whose requirements are loaded.</summary>
    public static StageRow Of(Stage stage)
        => new(stage.Id, stage.Code, stage.Name, stage.Outcome, stage.ProbabilityPercent, stage.RottingDays, [.. stage.Requirements.Select(row => row.Requirement).Order()], stage.Version);

    /// <summary>What the administrator may change, as it stands.</summary>
    public StageSettings Settings() => new() { Name = Name, ProbabilityPercent = ProbabilityPercent, RottingDays = RottingDays, Requirements = Requirements };
}

/// <summary>The door of the pipeline's stages.</summary>
public sealed class Stages(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>All stages, in the order of the pipeline.</summary>
    public async Task<IReadOnlyList<StageRow>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stages = await db.Stages.AsNoTracking().Include(stage => stage.Requirements).OrderBy(stage => stage.Position).ToListAsync(cancellationToken);
        return [.. stages.Select(StageRow.Of)];
    }

    /// <summary>Sets a stage up. Deals that follow its default probability follow at once, in the same gesture.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the stage since it was shown.</exception>
    /// <exception cref="BusinessRuleException">A value is refused, the name is taken, or the actor is no administrator.</exception>
    public async Task<Done> ConfigureAsync(Guid stageId, StageSettings settings, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var gesture = db.Begin(actor, "");
        await db.InTransactionAsync(
            async () =>
            {
                var stage = await db.Stages.Include(s => s.Requirements).SingleOrDefaultAsync(s => s.Id == stageId, cancellationToken)
                    ?? throw new BusinessRuleException("Cette étape n'existe plus.");
                db.Expect(stage, seenVersion);
                if (await db.Stages.AnyAsync(other => other.Id != stageId && other.Name == settings.Name.Trim(), cancellationToken))
                {
                    throw new BusinessRuleException("Une autre étape porte déjà ce nom.", nameof(StageSettings.Name));
                }

                var before = stage.ProbabilityPercent;
                stage.Configure(settings.Name, settings.ProbabilityPercent, settings.RottingDays);
                stage.Require(settings.Requirements);
                gesture.Sentence = $"Étape « {stage.Name} » réglée";
                if (stage.ProbabilityPercent != before)
                {
                    foreach (var deal in await db.Opportunities.Where(deal => deal.StageId == stageId && deal.ManualProbabilityPercent == null).ToListAsync(cancellationToken))
                    {
                        deal.FollowStage(clock.UtcNow);
                    }
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(stageId, gesture.Sentence, gesture.Undoable);
    }
}
