using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Scoring;

/// <summary>What an administrator sets about scores and alerts. Weights are percents, delays days, the budget euros excluding VAT.</summary>
public sealed record ScoringPolicyDetails
{
    [Display(Name = "Dernier échange (%)")] public int? RecencyWeight { get; set; } = 30;
    [Display(Name = "Fréquence des échanges (%)")] public int? FrequencyWeight { get; set; } = 20;
    [Display(Name = "Offres acceptées (%)")] public int? AcceptanceWeight { get; set; } = 20;
    [Display(Name = "Ponctualité des paiements (%)")] public int? PaymentWeight { get; set; } = 20;
    [Display(Name = "Engagement (%)")] public int? EngagementWeight { get; set; } = 10;
    [Display(Name = "Client silencieux après (jours)")] public int? SilentDays { get; set; } = 90;
    [Display(Name = "Affaire bloquée après (jours)")] public int? StuckDays { get; set; } = 60;
    [Display(Name = "Une alerte écartée revient après (jours)")] public int? QuietDays { get; set; } = 30;
    [Display(Name = "Prospect chaud au-delà de")] public int? HotLead { get; set; } = 80;
    [Display(Name = "Budget d'une grande affaire HT")] public decimal? FullBudget { get; set; } = 100_000;
    [Display(Name = "Spécialités visées")] public IReadOnlyList<string> Targets { get; set; } = [];
}

/// <summary>How scores and alerts are worked out here. One row; without it the usual values hold.</summary>
public sealed class ScoringPolicy : IRecorded, IVersioned
{
    /// <summary>The id of the one row.</summary>
    public static readonly Guid OnlyId = new("5c0e0000-0000-7000-8000-000000000001");

    /// <summary>The usual values.</summary>
    public ScoringPolicy()
    {
        Id = OnlyId;
        Edit(new ScoringPolicyDetails());
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Dernier échange (%)")] public int RecencyWeight { get; private set; }
    [Display(Name = "Fréquence des échanges (%)")] public int FrequencyWeight { get; private set; }
    [Display(Name = "Offres acceptées (%)")] public int AcceptanceWeight { get; private set; }
    [Display(Name = "Ponctualité des paiements (%)")] public int PaymentWeight { get; private set; }
    [Display(Name = "Engagement (%)")] public int EngagementWeight { get; private set; }
    [Display(Name = "Client silencieux après (jours)")] public int SilentDays { get; private set; }
    [Display(Name = "Affaire bloquée après (jours)")] public int StuckDays { get; private set; }
    [Display(Name = "Une alerte écartée revient après (jours)")] public int QuietDays { get; private set; }
    [Display(Name = "Prospect chaud au-delà de")] public int HotLead { get; private set; }

    /// <summary>The average amount that makes a full part, euros excluding VAT.</summary>
    [Display(Name = "Budget d'une grande affaire HT")] public decimal FullBudget { get; private set; }

    /// <summary>The specialities aimed at, one a line.</summary>
    [Display(Name = "Spécialités visées")] public string TargetLines { get; private set; } = "";

    /// <summary>The specialities aimed at.</summary>
    public IReadOnlyList<string> Targets => TargetLines.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => "Scores et alertes";

    /// <summary>Everything an administrator sets, as it stands.</summary>
    public ScoringPolicyDetails Details() => new()
    {
        RecencyWeight = RecencyWeight,
        FrequencyWeight = FrequencyWeight,
        AcceptanceWeight = AcceptanceWeight,
        PaymentWeight = PaymentWeight,
        EngagementWeight = EngagementWeight,
        SilentDays = SilentDays,
        StuckDays = StuckDays,
        QuietDays = QuietDays,
        HotLead = HotLead,
        FullBudget = FullBudget,
        Targets = Targets,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">Values are out of their range, or the weights do not make 100: all that is wrong at once.</exception>
    public void Edit(ScoringPolicyDetails details)
    {
        var weights = new (int? Value, string Field)[]
        {
            (details.RecencyWeight, nameof(RecencyWeight)),
            (details.FrequencyWeight, nameof(FrequencyWeight)),
            (details.AcceptanceWeight, nameof(AcceptanceWeight)),
            (details.PaymentWeight, nameof(PaymentWeight)),
            (details.EngagementWeight, nameof(EngagementWeight)),
        };
        var refusals = new Refusals();
        foreach (var (value, field) in weights)
        {
            Check(value, 0, 100, field);
        }

        if (refusals.AreNone)
        {
            var total = weights.Sum(weight => weight.Value!.Value);
            refusals.Unless(total == 100, $"Les cinq poids font {total} : ils doivent faire 100.", nameof(RecencyWeight));
        }

        Check(details.SilentDays, 7, 1000, nameof(SilentDays));
        Check(details.StuckDays, 7, 1000, nameof(StuckDays));
        Check(details.QuietDays, 1, 365, nameof(QuietDays));
        Check(details.HotLead, 1, 99, nameof(HotLead));
        refusals.Unless(details.FullBudget is >= 100 and <= 1_000_000_000, "Indiquez un montant de 100 € à 1 milliard d'euros.", nameof(FullBudget));
        var targets = refusals.Of(() => LabelList.Clean(details.Targets, nameof(ScoringPolicyDetails.Targets)));
        refusals.Throw();

        (RecencyWeight, FrequencyWeight, AcceptanceWeight, PaymentWeight, EngagementWeight) = (weights[0].Value!.Value, weights[1].Value!.Value, weights[2].Value!.Value, weights[3].Value!.Value, weights[4].Value!.Value);
        (SilentDays, StuckDays, QuietDays, HotLead) = (details.SilentDays!.Value, details.StuckDays!.Value, details.QuietDays!.Value, details.HotLead!.Value);
        FullBudget = details.FullBudget!.Value;
        TargetLines = string.Join('\n', targets!);

        void Check(int? value, int least, int most, string field) => refusals.Unless(value >= least && value <= most, $"Indiquez un nombre de {least} à {most}.", field);
    }
}

internal sealed class ScoringPolicyConfiguration : IEntityTypeConfiguration<ScoringPolicy>
{
    public void Configure(EntityTypeBuilder<ScoringPolicy> policy) => policy.Ignore(p => p.Targets);
}
