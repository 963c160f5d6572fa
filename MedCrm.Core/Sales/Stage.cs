using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Sales;

/// <summary>What a stage means to the product, whatever people call it.</summary>
public enum StageOutcome
{
    [Display(Name = "En cours")] Open,
    [Display(Name = "Gagnée")] Won,
    [Display(Name = "Perdue")] Lost,
}

/// <summary>What a stage may ask for before a deal enters it.</summary>
public enum Requirement
{
    [Display(Name = "Montant")] Amount,
    [Display(Name = "Date de clôture prévue")] ExpectedCloseOn,
    [Display(Name = "Contact")] Contact,
    [Display(Name = "Prochaine action")] NextAction,
    [Display(Name = "Lignes de produits")] Lines,
    [Display(Name = "Source")] Source,
}

/// <summary>A step of the pipeline. Code asks <see cref="Outcome"/> and <see cref="Code"/>, people rename freely.</summary>
public sealed class Stage : IRecorded, IVersioned
{
    private readonly List<StageRequirement> _requirements = [];

    private Stage()
    {
    }

    /// <summary>A stage of the pipeline.</summary>
    public Stage(string code, string name, StageOutcome outcome, int position, int probabilityPercent, int rottingDays)
    {
        Id = Guid.CreateVersion7();
        Code = code;
        Outcome = outcome;
        Position = position;
        Configure(name, probabilityPercent, rottingDays);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The stable name for code and addresses: Prospecting, ClosedLost…</summary>
    public string Code { get; private set; } = "";

    /// <summary>What people read.</summary>
    [Display(Name = "Nom")] public string Name { get; private set; } = "";

    /// <summary>What it means.</summary>
    public StageOutcome Outcome { get; private set; }

    /// <summary>The place on the board, from 0.</summary>
    [Display(Name = "Position")] public int Position { get; private set; }

    /// <summary>The probability a deal takes here unless somebody set one by hand, in percent.</summary>
    [Display(Name = "Probabilité par défaut")] public int ProbabilityPercent { get; private set; }

    /// <summary>After how many days without human contact a deal is dormant here; 0 means never.</summary>
    [Display(Name = "Seuil de dormance (jours)")] public int RottingDays { get; private set; }

    /// <summary>What a deal must carry before it enters.</summary>
    public IReadOnlyList<StageRequirement> Requirements => _requirements;

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>The six stages of a new installation.</summary>
    public static IReadOnlyList<Stage> Defaults() =>
    [
        new("Prospecting", "Prospection", StageOutcome.Open, 0, 10, 21),
        new("Qualification", "Qualification", StageOutcome.Open, 1, 30, 14),
        new("Proposal", "Proposition", StageOutcome.Open, 2, 50, 10),
        new("Negotiation", "Négociation", StageOutcome.Open, 3, 75, 10),
        new("ClosedWon", "Gagné", StageOutcome.Won, 4, 100, 0),
        new("ClosedLost", "Perdu", StageOutcome.Lost, 5, 0, 0),
    ];

    /// <summary>Changes the name, the default probability (percent) and the rotting threshold (days).</summary>
    /// <exception cref="BusinessRuleException">A value is out of range.</exception>
    public void Configure(string name, int probabilityPercent, int rottingDays)
    {
        var clean = Clean.Required(name, 40, nameof(Name), "Indiquez le nom de l'étape.");
        if (probabilityPercent is < 0 or > 100)
        {
            throw new BusinessRuleException("La probabilité va de 0 à 100 %.", nameof(ProbabilityPercent));
        }

        if (rottingDays is < 0 or > 3650)
        {
            throw new BusinessRuleException("Le seuil va de 0 (jamais) à 3650 jours.", nameof(RottingDays));
        }

        (Name, RottingDays) = (clean, rottingDays);
        ProbabilityPercent = Outcome switch { StageOutcome.Won => 100, StageOutcome.Lost => 0, _ => probabilityPercent };
    }

    /// <summary>Sets what a deal must carry before it enters.</summary>
    public void Require(IReadOnlyCollection<Requirement> requirements)
    {
        _requirements.RemoveAll(row => !requirements.Contains(row.Requirement));
        _requirements.AddRange(requirements.Where(wanted => !_requirements.Exists(row => row.Requirement == wanted)).Select(wanted => new StageRequirement(Id, Name, wanted)));
    }
}

/// <summary>One thing that a stage asks for.</summary>
public sealed class StageRequirement : IRecordedPart
{
    private StageRequirement()
    {
    }

    internal StageRequirement(Guid stageId, string stageName, Requirement requirement)
    {
        Id = Guid.CreateVersion7();
        StageId = stageId;
        StageName = stageName;
        Requirement = requirement;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The stage.</summary>
    public Guid StageId { get; private set; }

    /// <summary>The stage's name when the rule was written.</summary>
    [NotRecorded] public string StageName { get; private set; } = "";

    /// <summary>What it asks for.</summary>
    [Display(Name = "Exigence")] public Requirement Requirement { get; private set; }

    /// <inheritdoc/>
    public string RecordName => StageName;

    /// <inheritdoc/>
    public string WholeType => nameof(Stage);

    /// <inheritdoc/>
    public Guid WholeId => StageId;
}

internal sealed class StageConfiguration : IEntityTypeConfiguration<Stage>
{
    public void Configure(EntityTypeBuilder<Stage> stage)
    {
        stage.HasIndex(s => s.Code).IsUnique();
        stage.HasMany(s => s.Requirements).WithOne().HasForeignKey(requirement => requirement.StageId).OnDelete(DeleteBehavior.Cascade);
        stage.Navigation(s => s.Requirements).HasField("_requirements").UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}
