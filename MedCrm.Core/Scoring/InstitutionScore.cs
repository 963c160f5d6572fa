using MedCrm.Core.Customers;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Scoring;

/// <summary>The scores of an institution with the facts they come from, as last worked out. It follows from other records: it is left out of the history and can be thrown away.</summary>
public sealed class InstitutionScore : IAnnounced
{
    private InstitutionScore()
    {
    }

    internal InstitutionScore(Guid institutionId) => InstitutionId = institutionId;

    /// <summary>The institution.</summary>
    public Guid InstitutionId { get; private set; }

    /// <summary>0 to 100; null while nothing is known.</summary>
    public int? Health { get; private set; }

    /// <summary>0 to 100; null while nothing is known.</summary>
    public int? Lead { get; private set; }

    /// <summary>The last day somebody there was spoken to.</summary>
    public DateOnly? LastContactOn { get; private set; }

    public int RecentContacts { get; private set; }
    public int Won { get; private set; }
    public int Closed { get; private set; }
    public int QuotesAccepted { get; private set; }
    public int QuotesDecided { get; private set; }
    public int PaidInTime { get; private set; }
    public int PaymentsDue { get; private set; }
    public int Requests { get; private set; }
    public int? AnswerDays { get; private set; }

    /// <summary>Euros excluding VAT.</summary>
    public decimal? AverageAmount { get; private set; }

    public int Specialities { get; private set; }
    public int SpecialitiesAimed { get; private set; }
    public int? Beds { get; private set; }

    /// <summary>When it was worked out, UTC.</summary>
    public DateTime ComputedAt { get; private set; }

    /// <inheritdoc/>
    Guid INamedRecord.Id => InstitutionId;

    /// <inheritdoc/>
    string INamedRecord.RecordName => "";

    /// <inheritdoc/>
    IReadOnlyCollection<Guid> IAnnounced.Links => [InstitutionId];

    /// <summary>The facts behind the scores.</summary>
    public ScoreFacts Facts() => new()
    {
        LastContactOn = LastContactOn,
        RecentContacts = RecentContacts,
        Won = Won,
        Closed = Closed,
        QuotesAccepted = QuotesAccepted,
        QuotesDecided = QuotesDecided,
        PaidInTime = PaidInTime,
        PaymentsDue = PaymentsDue,
        Requests = Requests,
        AnswerDays = AnswerDays,
        AverageAmount = AverageAmount,
        Specialities = Specialities,
        SpecialitiesAimed = SpecialitiesAimed,
        Beds = Beds,
    };

    internal bool Holds(ScoreFacts facts, int? health, int? lead) => Health == health && Lead == lead && Facts() == facts;

    internal void Take(ScoreFacts facts, int? health, int? lead, DateTime at)
    {
        (Health, Lead, ComputedAt) = (health, lead, at);
        (LastContactOn, RecentContacts, Won, Closed) = (facts.LastContactOn, facts.RecentContacts, facts.Won, facts.Closed);
        (QuotesAccepted, QuotesDecided, PaidInTime, PaymentsDue) = (facts.QuotesAccepted, facts.QuotesDecided, facts.PaidInTime, facts.PaymentsDue);
        (Requests, AnswerDays, AverageAmount) = (facts.Requests, facts.AnswerDays, facts.AverageAmount);
        (Specialities, SpecialitiesAimed, Beds) = (facts.Specialities, facts.SpecialitiesAimed, facts.Beds);
    }
}

/// <summary>The health of an institution from a day on, until its next point.</summary>
public sealed class HealthPoint
{
    private HealthPoint()
    {
    }

    internal HealthPoint(Guid institutionId, DateOnly on, int health) => (InstitutionId, On, Health) = (institutionId, on, health);

    /// <summary>The institution.</summary>
    public Guid InstitutionId { get; private set; }

    /// <summary>The day.</summary>
    public DateOnly On { get; private set; }

    /// <summary>0 to 100.</summary>
    public int Health { get; internal set; }
}

internal sealed class InstitutionScoreConfiguration : IEntityTypeConfiguration<InstitutionScore>, IEntityTypeConfiguration<HealthPoint>
{
    public void Configure(EntityTypeBuilder<InstitutionScore> score)
    {
        score.HasKey(s => s.InstitutionId);
        score.Property(s => s.InstitutionId).ValueGeneratedNever();
        score.HasOne<Institution>().WithOne().HasForeignKey<InstitutionScore>(s => s.InstitutionId).OnDelete(DeleteBehavior.Cascade);
        score.HasIndex(s => new { s.Health, s.InstitutionId });
        score.HasIndex(s => new { s.Lead, s.InstitutionId });
        score.HasIndex(s => new { s.LastContactOn, s.InstitutionId });
    }

    public void Configure(EntityTypeBuilder<HealthPoint> point)
    {
        point.HasKey(p => new { p.InstitutionId, p.On });
        point.HasOne<Institution>().WithMany().HasForeignKey(p => p.InstitutionId).OnDelete(DeleteBehavior.Cascade);
    }
}
