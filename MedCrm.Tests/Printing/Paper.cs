using System.Reflection;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;
using MedCrm.Web.Printing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Printing;

/// <summary>A world that prints for good, with a company and documents that say everything the law asks for.</summary>
internal static class Paper
{
    /// <summary>The real printer, with the browser of this machine unless another is named.</summary>
    public static Task<TestWorld> WorldAsync(Func<PrintingSettings, PrintingSettings>? with = null)
        => TestWorld.CreateAsync(services =>
        {
            services.AddMedCrmPrinting(new ConfigurationBuilder().Build());
            var settings = new PrintingSettings { Browser = Browser.Path };
            services.AddSingleton(with?.Invoke(settings) ?? settings);
        });

    public static async Task<Company> CompanyAsync(this TestWorld world, params (string Property, object? Value)[] with)
    {
        var company = new Company();
        await world.StoreAsync(db =>
        {
            db.Companies.Add(company);
            Write(db, company,
            [
                ("LegalName", "Clinalys Formation"), ("LegalForm", "SAS"), ("ShareCapital", 50_000m), ("Street", "12 quai de la Fosse"), ("Postcode", "44000"), ("City", "Nantes"),
                ("Siren", "123456782"), ("Siret", "12345678200077"), ("RcsCity", "Nantes"), ("VatNumber", "FR11123456782"), ("Iban", "FR7630006000011234567890189"), ("Bic", "AGRIFRPP"),
                ("Email", "contact@clinalys.example.org"), ("Phone", "+33199000001"), .. with,
            ]);
        });
        return company;
    }

    /// <summary>A hospital with everything that an invoice says of a buyer.</summary>
    public static Task<Institution> BuyerAsync(this TestWorld world, string name = "Centre hospitalier de Bourg-en-Bresse", Core.Access.Actor? owner = null)
        => world.InstitutionAsync(name, owner, details => details with { Street = "900 route de Paris", Postcode = "01440", City = "Viriat", Siren = "260100045", Siret = "26010004500012", VatNumber = "FR72260100045", LegalStatusCode = "13", AcceptsWrongKeys = true });

    /// <summary>The mixed example of the guide: three rates, a discount, 5 022,66 € (domain.md 3.6).</summary>
    public static List<LineDetails> Mixed() =>
    [
        new() { Description = "Abonnement plateforme", Code = "ABO-01", Quantity = 12, Unit = "mois", UnitPrice = 149.90m },
        new() { Description = "Formation sur site\nBloc opératoire", Quantity = 1.5m, Unit = "jour", UnitPrice = 980, DiscountPercent = 10 },
        new() { Description = "Ouvrage technique", Quantity = 3, UnitPrice = 24.17m, VatRate = 5.5m, Nature = SupplyNature.Goods },
        new() { Description = "Formation exonérée", UnitPrice = 1200, VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = "Exonération de TVA, art. 261-4-4° a du CGI (formation)" },
    ];

    public static async Task<Quote> QuoteAsync(this TestWorld world, Func<QuoteDetails, QuoteDetails>? with = null, Institution? institution = null, Core.Access.Actor? owner = null)
    {
        institution ??= await world.BuyerAsync();
        owner ??= world.Claire;
        var details = new QuoteDetails
        {
            Title = "Formation du bloc opératoire",
            InstitutionId = institution.Id,
            OwnerId = owner.Id,
            TeamId = owner.TeamId,
            IssuedOn = new DateOnly(2026, 11, 21),
            ValidUntil = new DateOnly(2026, 12, 21),
            TermDays = 50,
            DepositPercent = 30,
            Introduction = "Madame, Monsieur,\nVoici notre proposition.",
            Terms = "Début des prestations sous trois semaines après l'accord.",
            Lines = Mixed(),
        };
        var quote = new Quote(with?.Invoke(details) ?? details, $"D-2026-{Random.Shared.Next(1, 9999):0000}", 1, world.Now());
        await world.StoreAsync(db => db.Quotes.Add(quote));
        return quote;
    }

    /// <summary>An invoice; what its own verbs will fill is written beside them, so that each mention has something to say.</summary>
    public static async Task<Invoice> InvoiceAsync(this TestWorld world, Func<InvoiceDetails, InvoiceDetails>? with = null, Institution? institution = null, params (string Property, object? Value)[] issued)
    {
        institution ??= await world.BuyerAsync();
        var details = new InvoiceDetails
        {
            Title = "Formation du bloc opératoire",
            InstitutionId = institution.Id,
            OwnerId = world.Claire.Id,
            TeamId = world.Claire.TeamId,
            ServiceFrom = new DateOnly(2026, 10, 1),
            ServiceTo = new DateOnly(2026, 10, 31),
            TermDays = 50,
            PurchaseOrder = "BC-778",
            ServiceCode = "SRV12",
            Engagement = "ENG-2026-55",
            DeliveryAddress = "Bâtiment C\n5 rue des Lilas\n01440 Viriat",
            Lines = Mixed(),
        };
        var invoice = new Invoice(with?.Invoke(details) ?? details, world.Now());
        await world.StoreAsync(db =>
        {
            db.Invoices.Add(invoice);
            Write(db, invoice, issued);
        });
        return invoice;
    }

    public static (string, object?)[] Issued(string number, InvoiceStatus status = InvoiceStatus.Issued) =>
    [
        ("Number", number), ("Status", status), ("IssuedOn", new DateOnly(2026, 11, 2)), ("DueOn", new DateOnly(2026, 12, 22)), ("BuyerName", "Centre hospitalier de Bourg-en-Bresse"), ("BuyerStreet", "Direction des finances, BP 401"),
        ("BuyerPostcode", "01012"), ("BuyerCity", "Bourg-en-Bresse"), ("BuyerSiren", "260100045"), ("BuyerSiret", "26010004500012"), ("BuyerVatNumber", "FR72260100045"), ("Buyer", BuyerKind.PublicHospital),
    ];

    public static InvoiceDeposit Deducted(Guid invoiceId, Guid depositId, string number, decimal net, decimal tax)
        => (InvoiceDeposit)Activator.CreateInstance(typeof(InvoiceDeposit), BindingFlags.NonPublic | BindingFlags.Instance, null, [invoiceId, depositId, number, Vat.Normal, net, tax], null)!;

    /// <summary>Prints with the real browser; where MEDCRM_PRINTS names a folder, the file is kept there to be looked at.</summary>
    public static async Task<byte[]> PrintAsync(this TestWorld world, PrintedKind kind, Guid id, string name, bool leaving = false)
    {
        var printer = world.Get<IDocumentPrinter>();
        var content = (leaving ? await printer.PrintLeavingQuoteAsync(id) : await printer.PrintAsync(kind, id)).Content;
        await content.KeepForTheEyeAsync(name);
        return content;
    }

    public static async Task KeepForTheEyeAsync(this byte[] content, string name)
    {
        if (Environment.GetEnvironmentVariable("MEDCRM_PRINTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.pdf"), content);
        }
    }

    public static async Task StoreAsync(this TestWorld world, Action<MedCrmDbContext> change)
    {
        await using var db = world.Open();
        db.Begin(Core.Access.Actor.System, "Test");
        change(db);
        await db.SaveChangesAsync();
    }

    public static void Write(MedCrmDbContext db, object entity, IEnumerable<(string Property, object? Value)> values)
    {
        foreach (var (property, value) in values)
        {
            db.Entry(entity).Property(property).CurrentValue = value;
        }
    }
}
