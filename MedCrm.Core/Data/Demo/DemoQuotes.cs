using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Data.Demo;

// A quote of a deal, written so many days before the clock's today; what the customer answered, and the version that followed.
internal sealed record DemoQuote(string Deal, string Title, int DaysAgo, QuoteStatus State, params LineDetails[] Lines)
{
    public int ValidDays { get; init; } = 30;
    public decimal DiscountPercent { get; init; }
    public decimal DepositPercent { get; init; }
    public string? Refusal { get; init; }
    public string? SignedBy { get; init; }

    /// <summary>Lines of a second version, a draft.</summary>
    public IReadOnlyList<LineDetails>? Next { get; init; }
}

internal static class DemoQuotes
{
    private static IReadOnlyList<DemoQuote> All { get; } =
    [
        new("Pompes à perfusion", "Pompes à perfusion et formation", 30, QuoteStatus.Accepted, Line("Pompe à perfusion volumétrique", 60, 1_450, "pompe"), Line("Formation des équipes", 4, 1_600, "jour")) { SignedBy = "Anne Le Goff", DepositPercent = 30 },
        new("Respirateurs de transport", "Respirateurs de transport", 26, QuoteStatus.Accepted, Line("Respirateur de transport", 3, 11_900), Line("Mise en service", 1, 1_000)) { SignedBy = "Paul Fabre" },
        new("Autolaveurs de stérilisation", "Autolaveurs de stérilisation", 60, QuoteStatus.Refused, Line("Autolaveur 350 L", 2, 36_950)) { Refusal = "Écart de 12 % avec l'offre retenue." },
        new("Contrat de maintenance biomédicale", "Maintenance biomédicale, trois ans", 50, QuoteStatus.Sent, Line("Maintenance préventive et corrective", 3, 9_200, "an")) { ValidDays = 30 },
        new("Colonne d'endoscopie", "Colonne d'endoscopie 4K", 18, QuoteStatus.Viewed, Section("Matériel"), Line("Colonne d'endoscopie 4K", 1, 38_900), Line("Endoscope souple", 2, 4_000) with { DiscountPercent = 5 }, Section("Services"), Line("Installation et formation", 1, 900), Line("Extension de garantie 24 mois", 1, 3_200) with { IsOption = true }) { DepositPercent = 30 },
        new("Système d'imagerie interventionnelle", "Système d'imagerie interventionnelle", 12, QuoteStatus.Sent, Line("Arceau motorisé", 1, 298_000), Line("Formation des manipulateurs", 5, 1_400, "jour") with { VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = Vat.Training.Reason }, Line("Logiciel de dosimétrie", 1, 7_000)) { DiscountPercent = 2, ValidDays = 45 },
        new("Renouvellement de six respirateurs de réanimation", "Six respirateurs de réanimation", 20, QuoteStatus.Viewed, Line("Respirateur de réanimation", 6, 24_750), Line("Reprise de l'ancien parc", -6, 500)) { Next = [Line("Respirateur de réanimation", 6, 23_900), Line("Reprise de l'ancien parc", -6, 500), Line("Formation sur site", 2, 980, "jour")] },
        new("Traçabilité des dispositifs implantables", "Traçabilité des dispositifs implantables", 2, QuoteStatus.Draft, Line("Abonnement plateforme", 12, 1_490, "mois"), Line("Reprise des données", 1, 6_800), Line("Formation sur site", 3, 980, "jour")),
        new("Colonne de cœlioscopie", "Colonne de cœlioscopie et option 4K", 4, QuoteStatus.Sent, Line("Colonne de cœlioscopie", 1, 52_300), Line("Caméra 4K", 1, 8_400) with { IsOption = true }),
        new("Lits médicalisés", "Lits médicalisés", 0, QuoteStatus.Draft, Line("Lit médicalisé à hauteur variable", 40, 1_350)),
    ];

    /// <summary>Adds the quotes with their numbers, in the order of their days; inside the transaction that stores the rest.</summary>
    public static async Task AddAsync(MedCrmDbContext db, IReadOnlyList<Opportunity> deals, BusinessClock clock, Func<int, int, DateTime> momentOf, CancellationToken cancellationToken)
    {
        var company = await Company.ReadAsync(db, cancellationToken);
        foreach (var row in All.OrderByDescending(row => row.DaysAgo))
        {
            var deal = deals.Single(deal => deal.Name == row.Deal);
            var (day, at) = (clock.Today.AddDays(-row.DaysAgo), momentOf(row.DaysAgo, 10));
            var details = new QuoteDetails
            {
                Title = row.Title,
                InstitutionId = deal.InstitutionId,
                ContactId = deal.ContactId,
                OpportunityId = deal.Id,
                OwnerId = deal.OwnerId,
                TeamId = deal.TeamId,
                IssuedOn = day,
                ValidUntil = day.AddDays(row.ValidDays),
                TermDays = 30,
                DepositPercent = row.DepositPercent,
                DiscountPercent = row.DiscountPercent,
                Terms = company.QuoteTerms,
                Lines = row.Lines,
            };
            var quote = new Quote(details, await NumberSeries.TakeAsync(db, DocumentSeries.Quote, day, company.PrefixOf(DocumentSeries.Quote), cancellationToken), 1, at);
            Advance(quote, row, momentOf, day);
            db.Quotes.Add(quote);
            if (row.Next is { } lines)
            {
                quote.Replace(momentOf(1, 11));
                db.Quotes.Add(new Quote(details with { IssuedOn = clock.Today, ValidUntil = clock.Today.AddDays(row.ValidDays), Lines = lines }, quote.Number, 2, momentOf(1, 11)));
            }
        }
    }

    private static void Advance(Quote quote, DemoQuote row, Func<int, int, DateTime> momentOf, DateOnly day)
    {
        if (row.State is QuoteStatus.Draft)
        {
            return;
        }

        quote.Send(null, null, momentOf(row.DaysAgo, 15), day);
        if (row.State is not QuoteStatus.Sent)
        {
            quote.MarkViewed(momentOf(Math.Max(0, row.DaysAgo - 2), 9));
        }

        if (row.SignedBy is { } name)
        {
            quote.Accept(name, AcceptanceMeans.Scan, momentOf(Math.Max(0, row.DaysAgo - 6), 16), day);
        }
        else if (row.Refusal is { } reason)
        {
            quote.Refuse(reason, momentOf(Math.Max(0, row.DaysAgo - 9), 16), day);
        }
    }

    private static LineDetails Line(string description, decimal quantity, decimal price, string? unit = null) => new() { Description = description, Quantity = quantity, UnitPrice = price, Unit = unit };

    private static LineDetails Section(string title) => new() { Kind = LineKind.Section, Description = title };
}
