using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>One series of numbers as the settings show it.</summary>
/// <param name="Next">The number that the next document of today takes, « FA-2026-0215 ».</param>
/// <param name="Last">The last one given this year, 0 before the first.</param>
/// <param name="LastOn">The day of the document that took it.</param>
/// <param name="WhyFrozen">Why its prefix stays this year; null while it may change.</param>
/// <param name="Faults">What breaks the sequence; null for a series that the law does not ask to be continuous.</param>
public sealed record SeriesState(DocumentSeries Series, int Year, string Next, int Last, DateOnly? LastOn, Sentence? WhyFrozen, IReadOnlyList<Sentence>? Faults);

/// <summary>The company as its page shows it.</summary>
/// <param name="LogoPath">Where its logo stands in the folder of files; another logo has another path.</param>
public sealed record CompanySheet(CompanyDetails Details, string? LogoPath, IReadOnlyList<MissingMention> Missing, IReadOnlyList<SeriesState> Series);

/// <summary>The door of the company that sells: what its documents say, its usual terms, its logo, its numbers. Everybody may read it, as documents show it; administrators change it.</summary>
public sealed class CompanySettings(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, CompanyLogos logos, BusinessClock clock)
{
    /// <summary>The company as it stands.</summary>
    public async Task<CompanySheet> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);
        return new CompanySheet(company.Details(), company.LogoPath, LegalMentions.MissingOf(company), await SeriesAsync(db, company, cancellationToken));
    }

    /// <summary>What is missing for invoices to be issued.</summary>
    public async Task<IReadOnlyList<MissingMention>> MissingAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return LegalMentions.MissingOf(await Company.ReadAsync(db, cancellationToken));
    }

    /// <summary>Takes what an administrator typed; what another changed meanwhile in other fields stays.</summary>
    /// <exception cref="EditConflictException">Somebody changed the same fields since <paramref name="seen"/>.</exception>
    /// <exception cref="BusinessRuleException">A value is refused, or the actor is no administrator.</exception>
    public Task<Done> EditAsync(CompanyDetails seen, CompanyDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.Administer);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var gesture = db.Begin(actor, "Réglages de la société modifiés");
            // Behind the gate, so that no first number of the year is given between the look at the series and the new prefix.
            await db.InTransactionAsync(
                async () =>
                {
                    var company = await LoadAsync(db, cancellationToken);
                    company.Edit(await db.MergeAsync(company, seen, mine, company.Details(), cancellationToken), await FactsAsync(db, cancellationToken));
                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
            return new Done(Company.OnlyId, gesture.Sentence, gesture.Undoable);
        });

    /// <summary>Takes another logo.</summary>
    /// <exception cref="BusinessRuleException">It is too large or no PNG nor JPEG, or the actor is no administrator.</exception>
    public async Task<Done> SetLogoAsync(Stream image, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        var key = await logos.KeepAsync(image, cancellationToken);
        try
        {
            return await ShowAsync(key, "Logo enregistré", CancellationToken.None);
        }
        catch
        {
            logos.Remove(key);
            throw;
        }
    }

    /// <summary>Documents go without a logo.</summary>
    /// <exception cref="BusinessRuleException">The actor is no administrator.</exception>
    public Task<Done> RemoveLogoAsync(CancellationToken cancellationToken = default) => ShowAsync(null, "Logo retiré", cancellationToken);

    /// <summary>The logo, to be read; null without one.</summary>
    public async Task<LogoFile?> OpenLogoAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return logos.Find((await Company.ReadAsync(db, cancellationToken)).LogoPath);
    }

    private Task<Done> ShowAsync(string? key, string sentence, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.Administer);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var company = await LoadAsync(db, cancellationToken);
            var former = company.LogoPath;
            company.Show(key);
            var gesture = db.Begin(actor, sentence);
            await db.SaveChangesAsync(cancellationToken);
            logos.Remove(former);
            return new Done(Company.OnlyId, sentence, null);
        });

    private static async Task<Company> LoadAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.Companies.SingleOrDefaultAsync(cancellationToken) ?? db.Companies.Add(new Company()).Entity;

    private async Task<CompanyFacts> FactsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var year = clock.Today.Year;
        var started = await db.NumberSeries.AsNoTracking().Where(series => series.Year == year && series.Last > 0).ToListAsync(cancellationToken);
        return new CompanyFacts(started, (await PenaltyRates.ReadAsync(db, cancellationToken)).PublishedOn(clock.Today).Legal);
    }

    private async Task<IReadOnlyList<SeriesState>> SeriesAsync(MedCrmDbContext db, Company company, CancellationToken cancellationToken)
    {
        var year = clock.Today.Year;
        var rows = await db.NumberSeries.AsNoTracking().Where(series => series.Year == year).ToListAsync(cancellationToken);
        var sequences = await Numbering.LookAsync(db, year, cancellationToken);
        return [.. Enum.GetValues<DocumentSeries>().Select(series =>
        {
            var row = rows.Find(row => row.Series == series);
            var next = (row ?? new NumberSeries(series, year, company.PrefixOf(series))).Format((row?.Last ?? 0) + 1);
            var faults = series is DocumentSeries.Invoice or DocumentSeries.CreditNote ? sequences.FirstOrDefault(state => state.Series == series)?.Faults ?? [] : null;
            return new SeriesState(series, year, next, row?.Last ?? 0, row?.LastOn, Company.WhyFrozen(row), faults);
        })];
    }
}
