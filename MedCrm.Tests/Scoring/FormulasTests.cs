using MedCrm.Core.Foundation;
using MedCrm.Core.Scoring;

namespace MedCrm.Tests.Scoring;

public sealed class FormulasTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);
    private static readonly ScoringPolicy s_policy = new();

    [Fact]
    public void The_worked_example_gives_seventy()
        => Assert.Equal(70m, Formulas.Mean([Part(30, 80), Part(20, 60), Part(20, 50), Part(20, 100), Part(10, 40)]));

    [Fact]
    public void What_is_unknown_is_left_out_and_the_other_weights_share_the_whole()
        => Assert.Equal(73.33m, Formulas.Mean([Part(30, 80), Part(20, 60), Part(20, 50), Part(20, 100), Part(10, null)]));

    [Fact]
    public void Nothing_known_gives_no_score() => Assert.Null(Formulas.Mean([Part(30, null), Part(0, 50)]));

    [Theory]
    [InlineData(100, HealthClass.Good)]
    [InlineData(80, HealthClass.Good)]
    [InlineData(79, HealthClass.Fair)]
    [InlineData(50, HealthClass.Fair)]
    [InlineData(49, HealthClass.Poor)]
    public void Eighty_and_fifty_belong_to_the_upper_class(int health, HealthClass expected) => Assert.Equal(expected, Formulas.ClassOf(health));

    [Theory]
    [InlineData(0, 30)]
    [InlineData(10, 30)]
    [InlineData(94, 12)]
    [InlineData(150, 0)]
    [InlineData(400, 0)]
    public void The_last_contact_counts_less_as_it_ages(int days, double share)
    {
        var part = Formulas.HealthOf(new ScoreFacts { LastContactOn = s_today.AddDays(-days) }, s_policy, s_today)[0];
        Assert.Equal((decimal)share, part.Share);
        Assert.Equal(days == 0 ? "aujourd'hui" : $"il y a {days} j", part.Fact.ToString());
    }

    [Fact]
    public void Without_a_contact_recency_and_frequency_are_unknown_and_not_bad()
    {
        var parts = Formulas.HealthOf(new ScoreFacts { Won = 1, Closed = 4 }, s_policy, s_today);
        Assert.Equal([null, null, 25m, null, null], parts.Select(part => part.Points));
        Assert.Equal(25m, Formulas.Mean(parts));
    }

    [Fact]
    public void Quotes_stand_before_deals_and_payments_count_those_settled_by_their_day()
    {
        var parts = Formulas.HealthOf(new ScoreFacts { Won = 1, Closed = 4, QuotesAccepted = 1, QuotesDecided = 2, PaidInTime = 3, PaymentsDue = 4 }, s_policy, s_today);
        Assert.Equal([null, null, 50m, 75m, null], parts.Select(part => part.Points));
        Assert.Equal(("1 devis acceptés sur 2 en 24 mois", "3 sur 4 à l'heure en 24 mois"), (parts[2].Fact.ToString(), parts[3].Fact.ToString()));
        Assert.Equal(62.5m, Formulas.Mean(parts));
    }

    [Fact]
    public void The_potential_tells_its_three_strongest_reasons()
    {
        var policy = new ScoringPolicy();
        policy.Edit(policy.Details() with { Targets = ["Cardiologie", "Urologie"] });
        var parts = Formulas.LeadOf(new ScoreFacts { Beds = 600, Specialities = 5, SpecialitiesAimed = 2, Requests = 3, AnswerDays = 40, AverageAmount = 20_000 }, policy);
        Assert.Equal([100m, 100m, 75m, 37.74m, 20m], parts.Select(part => part.Points));
        Assert.Equal(["600 lits", "2 spécialités visées", "3 demandes en 12 mois"], Formulas.Strongest(parts).Select(part => part.Fact.ToString()));
    }

    [Theory]
    [InlineData(31, 20, 20, 20, 10)]
    [InlineData(-10, 50, 30, 20, 10)]
    [InlineData(null, 40, 30, 20, 10)]
    public void Weights_are_percents_that_make_a_hundred(int? recency, int frequency, int acceptance, int payment, int engagement)
        => Assert.Throws<BusinessRuleException>(() => new ScoringPolicy().Edit(new ScoringPolicyDetails { RecencyWeight = recency, FrequencyWeight = frequency, AcceptanceWeight = acceptance, PaymentWeight = payment, EngagementWeight = engagement }));

    private static ScorePart Part(int weight, double? points) => new("Partie", weight, (decimal?)points, "");

    [Fact]
    public void All_that_is_wrong_in_the_settings_is_told_at_once_and_nothing_is_taken()
    {
        var policy = new ScoringPolicy();

        var refusal = Assert.Throws<BusinessRuleException>(() => policy.Edit(new ScoringPolicyDetails { RecencyWeight = 120, SilentDays = null, HotLead = 0, FullBudget = 5 }));

        Assert.Equal(
            [("RecencyWeight", "Indiquez un nombre de 0 à 100."), ("SilentDays", "Indiquez un nombre de 7 à 1000."), ("HotLead", "Indiquez un nombre de 1 à 99."), ("FullBudget", "Indiquez un montant de 100 € à 1 milliard d'euros.")],
            new[] { refusal }.Concat(refusal.Others).Select(one => (one.Field, one.Message)));
        Assert.Equal((30, 90, 80), (policy.RecencyWeight, policy.SilentDays, policy.HotLead));
    }
}
