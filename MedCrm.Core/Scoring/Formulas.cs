using MedCrm.Core.Foundation;

namespace MedCrm.Core.Scoring;

/// <summary>A part of a score.</summary>
/// <param name="Label">What it looks at.</param>
/// <param name="Weight">Its weight, in percent of the whole.</param>
/// <param name="Points">0 to 100; null when nothing is known about it.</param>
/// <param name="Fact">The fact behind it, in words.</param>
public sealed record ScorePart(string Label, int Weight, decimal? Points, Sentence Fact)
{
    /// <summary>What it brings to the whole, out of its weight.</summary>
    public decimal? Share => Points is { } points ? Formulas.Round(points * Weight / 100m) : null;
}

/// <summary>The classes of the health score: 80 and 50 belong to the upper class.</summary>
public enum HealthClass
{
    [System.ComponentModel.DataAnnotations.Display(Name = "Bonne")] Good,
    [System.ComponentModel.DataAnnotations.Display(Name = "À surveiller")] Fair,
    [System.ComponentModel.DataAnnotations.Display(Name = "Fragile")] Poor,
}

/// <summary>The raw facts that scores are made of.</summary>
public sealed record ScoreFacts
{
    /// <summary>The last day somebody there was spoken to.</summary>
    public DateOnly? LastContactOn { get; init; }

    /// <summary>Calls answered and meetings held over the last 90 days.</summary>
    public int RecentContacts { get; init; }

    /// <summary>Deals won over the last 24 months.</summary>
    public int Won { get; init; }

    /// <summary>Deals won or lost over the last 24 months.</summary>
    public int Closed { get; init; }

    /// <summary>Quotes accepted over the last 24 months.</summary>
    public int QuotesAccepted { get; init; }

    /// <summary>Quotes accepted, refused or expired over the last 24 months.</summary>
    public int QuotesDecided { get; init; }

    /// <summary>Invoices due over the last 24 months that were settled by their day.</summary>
    public int PaidInTime { get; init; }

    /// <summary>Invoices due over the last 24 months, settled or not; those in dispute are left out.</summary>
    public int PaymentsDue { get; init; }

    /// <summary>Beds.</summary>
    public int? Beds { get; init; }

    /// <summary>Specialities of the institution.</summary>
    public int Specialities { get; init; }

    /// <summary>Those of them that the team aims at.</summary>
    public int SpecialitiesAimed { get; init; }

    /// <summary>Deals opened over the last 12 months.</summary>
    public int Requests { get; init; }

    /// <summary>Days a proposal waited for its answer, on average over the last 24 months.</summary>
    public int? AnswerDays { get; init; }

    /// <summary>The average amount of its deals over the last 24 months, euros excluding VAT.</summary>
    public decimal? AverageAmount { get; init; }
}

/// <summary>The formulas of the scores: weighted means of what is known, 0 to 100.</summary>
public static class Formulas
{
    /// <summary>Contacts over 90 days that make a full part: two a month.</summary>
    public const int FullFrequency = 6;

    /// <summary>From this health on it is good, and from the next one fair.</summary>
    public const int GoodFrom = 80, FairFrom = 50;

    private const int FreshDays = 10;
    private const int ColdDays = 150;
    private const int FullBeds = 500;
    private const int FullRequests = 4;
    private const int FullSpecialities = 3;
    private const int QuickAnswerDays = 7;
    private const int SlowAnswerDays = 60;

    /// <summary>The weighted mean of the parts that are known; the others are left out and the weights shared anew. Null when nothing is known, or nothing known weighs.</summary>
    public static decimal? Mean(IEnumerable<ScorePart> parts)
    {
        var known = parts.Where(part => part.Points is not null).ToList();
        var weight = known.Sum(part => part.Weight);
        return weight == 0 ? null : Round(known.Sum(part => part.Points!.Value * part.Weight) / weight);
    }

    /// <summary>The class of a health score.</summary>
    public static HealthClass ClassOf(int health) => health >= GoodFrom ? HealthClass.Good : health >= FairFrom ? HealthClass.Fair : HealthClass.Poor;

    /// <summary>The parts of the health of an institution: recency of the last contact (full to 10 days, nothing from 150 on), frequency, quotes accepted (deals won where no quote was decided), invoices settled by their day. Engagement is unknown until it is kept.</summary>
    public static IReadOnlyList<ScorePart> HealthOf(ScoreFacts facts, ScoringPolicy policy, DateOnly today)
    {
        var days = facts.LastContactOn is { } last ? today.DayNumber - last.DayNumber : (int?)null;
        return
        [
            new("Dernier échange", policy.RecencyWeight, days is { } known ? Fall(known, FreshDays, ColdDays) : null, days switch
            {
                null => "aucun échange connu",
                <= 0 => "aujourd'hui",
                1 => "hier",
                _ => (Sentence)$"il y a {days.Value} j",
            }),
            new("Fréquence des échanges", policy.FrequencyWeight, days is null ? null : Rise(facts.RecentContacts, FullFrequency), facts.RecentContacts switch
            {
                0 => "aucun échange en 90 jours",
                1 => "1 échange en 90 jours",
                _ => (Sentence)$"{facts.RecentContacts} échanges en 90 jours",
            }),
            Acceptance(facts, policy),
            new("Ponctualité des paiements", policy.PaymentWeight, facts.PaymentsDue == 0 ? null : Round(100m * facts.PaidInTime / facts.PaymentsDue), facts.PaymentsDue == 0 ? "aucune facture échue en 24 mois" : (Sentence)$"{facts.PaidInTime} sur {facts.PaymentsDue} à l'heure en 24 mois"),
            new("Engagement", policy.EngagementWeight, null, "aucune mesure"),
        ];
    }

    // Deals stand for offers where nobody writes quotes.
    private static ScorePart Acceptance(ScoreFacts facts, ScoringPolicy policy) => (facts.QuotesDecided, facts.Closed) switch
    {
        ( > 0, _) => new("Offres acceptées", policy.AcceptanceWeight, Round(100m * facts.QuotesAccepted / facts.QuotesDecided), $"{facts.QuotesAccepted} devis acceptés sur {facts.QuotesDecided} en 24 mois"),
        (_, > 0) => new("Offres acceptées", policy.AcceptanceWeight, Round(100m * facts.Won / facts.Closed), $"{facts.Won} affaires gagnées sur {facts.Closed} en 24 mois"),
        _ => new("Offres acceptées", policy.AcceptanceWeight, null, "aucune offre tranchée en 24 mois"),
    };

    /// <summary>The parts of the potential of an institution: size, specialities aimed at, requests, answer time, amounts.</summary>
    public static IReadOnlyList<ScorePart> LeadOf(ScoreFacts facts, ScoringPolicy policy) =>
    [
        new("Taille", 25, facts.Beds is { } beds ? Rise(beds, FullBeds) : null, facts.Beds is { } known ? (Sentence)$"{known} lits" : "nombre de lits inconnu"),
        new("Spécialités visées", 20, policy.Targets.Count == 0 || facts.Specialities == 0 ? null : Rise(facts.SpecialitiesAimed, Math.Min(FullSpecialities, policy.Targets.Count)), facts.SpecialitiesAimed switch
        {
            0 => "aucune spécialité visée",
            1 => "1 spécialité visée",
            _ => (Sentence)$"{facts.SpecialitiesAimed} spécialités visées",
        }),
        new("Demandes", 20, Rise(facts.Requests, FullRequests), facts.Requests switch
        {
            0 => "aucune demande en 12 mois",
            1 => "1 demande en 12 mois",
            _ => (Sentence)$"{facts.Requests} demandes en 12 mois",
        }),
        new("Délai de réponse", 15, facts.AnswerDays is { } days ? Fall(days, QuickAnswerDays, SlowAnswerDays) : null, facts.AnswerDays is { } answer ? (Sentence)$"répond à une proposition en {answer} j" : "aucune proposition tranchée"),
        new("Budget", 20, facts.AverageAmount is { } amount ? Rise(amount, policy.FullBudget) : null, facts.AverageAmount is { } average ? (Sentence)$"affaires de {average.ToString("N0", FrenchText.Culture)} € HT en moyenne" : "aucune affaire en 24 mois"),
    ];

    /// <summary>The parts that bring most, at most three.</summary>
    public static IReadOnlyList<ScorePart> Strongest(IEnumerable<ScorePart> parts) => [.. parts.Where(part => part.Points > 0).OrderByDescending(part => part.Share).Take(3)];

    internal static decimal Round(decimal points) => decimal.Round(points, 2, MidpointRounding.AwayFromZero);

    private static decimal Rise(decimal value, decimal full) => Round(Math.Clamp(100m * value / full, 0, 100));

    private static decimal Fall(decimal value, decimal best, decimal worst) => Round(Math.Clamp(100m * (worst - value) / (worst - best), 0, 100));
}
