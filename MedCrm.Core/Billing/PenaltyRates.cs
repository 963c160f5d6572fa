using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>The rates of one half-year as people type them, percent a year.</summary>
public sealed record PenaltyRateDetails
{
    /// <summary>A day of the half-year.</summary>
    [Display(Name = "Semestre")] public DateOnly? From { get; set; }
    [Display(Name = "Taux BCE (%)")] public decimal? CentralBank { get; set; }
    [Display(Name = "Taux légal (%)")] public decimal? Legal { get; set; }
}

/// <summary>The rates of one half-year as the page shows them: what was published, and what follows for each kind of buyer. Percent a year.</summary>
public sealed record PenaltyRateRow(Guid Id, DateOnly From, decimal CentralBank, decimal Legal, decimal Private, decimal Public);

/// <summary>The published rates, and the half-years that are not known yet.</summary>
public sealed record PenaltyRateTable(IReadOnlyList<PenaltyRateRow> Rows, IReadOnlyList<DateOnly> Missing);

/// <summary>The door of the rates from which penalties for late payment follow.</summary>
public sealed class PenaltyRates(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>Every half-year known, the last first.</summary>
    public async Task<PenaltyRateTable> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var schedule = await ReadAsync(db, cancellationToken);
        var rows = schedule.Rates.OrderByDescending(rate => rate.From)
            .Select(rate => new PenaltyRateRow(rate.Id, rate.From, rate.CentralBank, rate.Legal, schedule.RateOn(rate.From, BuyerKind.Private), schedule.RateOn(rate.From, BuyerKind.PublicHospital)));
        return new PenaltyRateTable([.. rows], schedule.MissingUntil(clock.Today));
    }

    /// <summary>The rate of penalties that holds on a day towards a kind of buyer, percent a year.</summary>
    public async Task<decimal> RateOnAsync(DateOnly day, BuyerKind buyer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await ReadAsync(db, cancellationToken)).RateOn(day, buyer);
    }

    /// <summary>Sets the rates of a half-year, known before or not.</summary>
    /// <exception cref="BusinessRuleException">A value is missing or out of range, or the actor is no administrator.</exception>
    public Task<Done> SetAsync(PenaltyRateDetails details, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.Administer);
            var from = LateInterest.HalfYearOf(details.From ?? throw new BusinessRuleException("Choisissez le semestre.", nameof(details.From)));
            var bank = details.CentralBank ?? throw new BusinessRuleException("Indiquez le taux de la BCE au premier jour du semestre.", nameof(details.CentralBank));
            var legal = details.Legal ?? throw new BusinessRuleException("Indiquez le taux d'intérêt légal entre professionnels.", nameof(details.Legal));
            if (from > clock.Today.AddMonths(6) || from.Year < 2000)
            {
                throw new BusinessRuleException("Ce semestre est trop éloigné : ses taux ne sont pas connus.", nameof(details.From));
            }

            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var gesture = db.Begin(actor, $"Taux du {PenaltyRate.NameOf(from)} enregistrés");
            if (await db.PenaltyRates.SingleOrDefaultAsync(rate => rate.From == from, cancellationToken) is { } rate)
            {
                rate.Set(bank, legal);
            }
            else
            {
                rate = db.PenaltyRates.Add(new PenaltyRate(from, bank, legal)).Entity;
            }

            await db.SaveChangesAsync(cancellationToken);
            return new Done(rate.Id, gesture.Sentence, gesture.Undoable);
        });

    /// <summary>Forgets the rates of a half-year, entered by mistake.</summary>
    /// <exception cref="BusinessRuleException">No other half-year is known, or the actor is no administrator.</exception>
    public async Task<Done> RemoveAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rate = await db.PenaltyRates.SingleOrDefaultAsync(rate => rate.Id == id, cancellationToken) ?? throw new BusinessRuleException("Ce semestre n'est plus dans la liste.");
        if (await db.PenaltyRates.CountAsync(cancellationToken) == 1)
        {
            throw new BusinessRuleException("Gardez au moins un semestre : les pénalités en dépendent.");
        }

        var gesture = db.Begin(actor, $"Taux du {rate.RecordName} retirés");
        db.PenaltyRates.Remove(rate);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>The rates of penalties as they stand, for computing interest.</summary>
    internal static async Task<PenaltySchedule> ReadAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var rates = await db.PenaltyRates.AsNoTracking().OrderBy(rate => rate.From).ToListAsync(cancellationToken);
        var own = await db.Companies.Select(company => company.PenaltyRate).SingleOrDefaultAsync(cancellationToken);
        return new PenaltySchedule(rates.Count > 0 ? rates : PenaltyRate.Defaults(), own);
    }
}
