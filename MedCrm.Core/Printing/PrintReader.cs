using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Signing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Printing;

/// <summary>Reads documents as they are printed: the texts, in their order, with nothing left to look up.</summary>
public sealed class PrintReader(IDbContextFactory<MedCrmDbContext> contexts, DataFolder folder, IEnumerable<ILetterSource> letters, BusinessClock clock)
{
    // C. com. art. D441-5: the words that invoices between companies carry.
    private const string FixedCosts = "indemnité forfaitaire pour frais de recouvrement : 40 €";

    /// <summary>A document that an actor may see; null when there is none.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Which one.</param>
    /// <param name="actor">Who looks.</param>
    /// <param name="isLeaving">A draft about to leave: without its mark.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<DocumentPrint?> ReadAsync(PrintedKind kind, Guid id, Actor actor, bool isLeaving = false, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        switch (kind)
        {
            case PrintedKind.Quote:
                return await db.Quotes.AsNoTracking().Include(quote => quote.Lines).VisibleTo(actor).SingleOrDefaultAsync(quote => quote.Id == id, cancellationToken) is { } quote
                    ? await QuoteAsync(db, quote, isLeaving, cancellationToken)
                    : null;
            case PrintedKind.Invoice:
                return await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Deposits).AsSplitQuery().VisibleTo(actor).SingleOrDefaultAsync(invoice => invoice.Id == id, cancellationToken) is { } invoice
                    ? await InvoiceAsync(db, invoice, cancellationToken)
                    : null;
            case PrintedKind.Letter:
                foreach (var source in letters)
                {
                    if (await source.FindAsync(db, actor, id, cancellationToken) is { } letter)
                    {
                        return letter;
                    }
                }

                return null;
            default:
                return await db.Quotes.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(quote => quote.Id == id, cancellationToken) is { } signed
                    && await db.SignatureEvidences.AsNoTracking().SingleOrDefaultAsync(evidence => evidence.QuoteId == id, cancellationToken) is { } evidence
                        ? await EvidenceAsync(db, signed, evidence, kind is PrintedKind.Evidence ? EvidenceReader.Team : EvidenceReader.Signer, cancellationToken)
                        : null;
        }
    }

    private async Task<EvidencePrint> EvidenceAsync(MedCrmDbContext db, Quote quote, SignatureEvidence evidence, EvidenceReader reader, CancellationToken cancellationToken)
    {
        var company = await Company.ReadAsync(db, cancellationToken);
        var steps = await EvidenceSteps.ReadAsync(db, evidence, reader, cancellationToken);
        return new EvidencePrint
        {
            Title = $"Certificat de signature du devis {evidence.QuoteName}",
            Reference = evidence.QuoteName,
            FileName = $"Signature-{evidence.QuoteName.Replace(' ', '-')}.pdf",
            Seller = Sellers.Of(company, folder),
            To = await AddresseeAsync(db, quote.InstitutionId, quote.ContactId, invoiced: false, cancellationToken),
            Subject = $"Devis {evidence.QuoteName} : {quote.Title}",
            Signer = evidence.SignerName,
            Facts =
            [
                new("Signataire", $"{evidence.SignerName}, {evidence.SignerQuality}"),
                new("Adresse e-mail", evidence.SignerEmail is { } email ? $"{email}{(evidence.HasCode ? ", vérifiée par un code à usage unique" : ", où le lien a été envoyé")}" : "lien remis en main propre"),
                new("Signé le", $"{Local(evidence.SignedAt)} (Europe/Paris), {Utc(evidence.SignedAt)} UTC"),
                new("Montant accepté", $"{FrenchText.FormatAmount(evidence.Gross)} TTC"),
                .. evidence.Options.Length == 0 ? [] : new[] { new PrintedFact("Options prises", evidence.Options.Replace("\n", " ; ", StringComparison.Ordinal)) },
                new("Invitation", $"envoyée par {evidence.InvitedByName}"),
            ],
            ConsentText = evidence.ConsentText,
            ConsentVersion = evidence.ConsentVersion,
            Drawing = evidence.Drawing is { } drawing ? $"data:image/png;base64,{Convert.ToBase64String(drawing)}" : null,
            DocumentSha256 = evidence.PdfSha256,
            Fingerprint = evidence.Fingerprint(),
            ChainHash = steps is [.., var last] ? last.Hash : "",
            Steps = [.. steps.Select(step => new PrintedStep(Labels.Of(step.Step), Local(step.At), Utc(step.At), step.Ip, step.UserAgent, step.Detail))],
        };
    }

    private string Local(DateTime utc) => clock.ToLocal(utc).ToString("dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Utc(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private async Task<QuotePrint> QuoteAsync(MedCrmDbContext db, Quote quote, bool isLeaving, CancellationToken cancellationToken)
    {
        var company = await Company.ReadAsync(db, cancellationToken);
        var lines = quote.Lines.OrderBy(line => line.Position).Select(line => line.Details()).ToList();
        var owner = quote.OwnerId is { } ownerId ? await db.Users.Where(user => user.Id == ownerId).Select(user => new { user.DisplayName, user.Email }).SingleOrDefaultAsync(cancellationToken) : null;
        var name = quote.RecordName;
        var isDraft = quote.Status is QuoteStatus.Draft && !isLeaving;
        return new QuotePrint
        {
            Title = $"Devis {name}",
            Reference = name,
            FileName = FileName($"Devis {name}", isDraft),
            IsDraft = isDraft,
            Seller = Sellers.Of(company, folder),
            To = await AddresseeAsync(db, quote.InstitutionId, quote.ContactId, invoiced: false, cancellationToken),
            Subject = quote.Title,
            Facts =
            [
                new("Numéro", quote.Number),
                .. quote.VersionNumber > 1 ? [new PrintedFact("Version", quote.VersionNumber.ToString(CultureInfo.InvariantCulture))] : Array.Empty<PrintedFact>(),
                new("Date", FrenchText.FormatDay(quote.IssuedOn)),
                new("Valable jusqu'au", FrenchText.FormatDay(quote.ValidUntil)),
            ],
            Introduction = quote.Introduction,
            Lines = lines,
            Totals = quote.Totals,
            Nature = NatureOf(lines),
            Provisions = ProvisionsOf(company, lines),
            Mentions = PublicOf(company, lines),
            ValidUntil = quote.ValidUntil,
            Term = new PaymentTerm(quote.TermKind, quote.TermDays).ToString(),
            DepositPercent = quote.DepositPercent,
            Terms = quote.Terms,
            Contact = owner is null ? null : owner.Email is null ? owner.DisplayName : $"{owner.DisplayName}, {owner.Email}",
        };
    }

    private async Task<InvoicePrint> InvoiceAsync(MedCrmDbContext db, Invoice invoice, CancellationToken cancellationToken)
    {
        var company = await Company.ReadAsync(db, cancellationToken);
        var lines = invoice.Lines.OrderBy(line => line.Position).Select(line => line.Details()).ToList();
        var isDraft = invoice.Status is InvoiceStatus.Draft;
        var heading = Labels.Of(invoice.Kind);
        var to = await AddresseeAsync(db, invoice.InstitutionId, invoice.ContactId, invoiced: true, cancellationToken);
        if (!isDraft)
        {
            to = to with
            {
                Name = invoice.BuyerName ?? to.Name,
                Address = Addresses.Lines(invoice.BuyerStreet, invoice.BuyerAddressLine2, invoice.BuyerPostcode, invoice.BuyerCity),
                Siren = invoice.BuyerSiren,
                Siret = invoice.BuyerSiret,
                VatNumber = invoice.BuyerVatNumber,
                Customer = to.Customer is [var name, ..] && name == invoice.BuyerName ? [] : to.Customer,
            };
        }

        var original = invoice.OriginalId is { } originalId
            ? await db.Invoices.Where(i => i.Id == originalId).Select(i => new { i.Number, i.IssuedOn }).SingleOrDefaultAsync(cancellationToken)
            : null;
        var depositIds = invoice.Deposits.Select(deposit => deposit.DepositId).ToList();
        var days = await db.Invoices.Where(i => depositIds.Contains(i.Id)).Select(i => new { i.Id, i.IssuedOn }).ToDictionaryAsync(i => i.Id, i => i.IssuedOn, cancellationToken);
        var term = new PaymentTerm(invoice.TermKind, invoice.TermDays);
        var isCredit = invoice.Kind is InvoiceKind.CreditNote;
        return new InvoicePrint
        {
            Kind = invoice.Kind,
            Heading = heading,
            Title = invoice.Number is { } number ? $"{heading} {number}" : heading,
            Reference = invoice.Number ?? "Brouillon",
            FileName = FileName(invoice.Number is { } issued ? $"{heading} {issued}" : heading, isDraft),
            IsDraft = isDraft,
            Seller = Sellers.Of(company, folder),
            To = to,
            Subject = invoice.Title,
            Facts = [.. FactsOf(invoice, isCredit, original?.Number, original?.IssuedOn)],
            Introduction = invoice.Introduction,
            Lines = lines,
            Totals = invoice.Totals,
            Nature = NatureOf(lines),
            Provisions = ProvisionsOf(company, lines),
            Mentions =
            [
                .. original is { Number: { } corrected, IssuedOn: { } on } ? [$"Cet avoir corrige la facture {corrected} du {FrenchText.FormatDay(on)}."] : Array.Empty<string>(),
                .. isCredit ? [] : await PaymentOfAsync(db, company, isDraft ? (await BillingProfiles.EffectiveAsync(db, invoice.InstitutionId, cancellationToken)).Buyer : invoice.Buyer, invoice, cancellationToken),
                .. PublicOf(company, lines),
            ],
            DueOn = isCredit ? null : invoice.DueOn,
            Term = term.ToString(),
            Deposits = [.. invoice.Deposits.OrderBy(deposit => deposit.DepositNumber, StringComparer.Ordinal).ThenByDescending(deposit => deposit.VatRate)
                .Select(deposit => new PrintedDeposit(deposit.DepositNumber, days.GetValueOrDefault(deposit.DepositId), new Vat(deposit.VatCategory, deposit.VatRate, deposit.VatReason).ToString(), deposit.Net, deposit.Tax))],
            Delivery = invoice.DeliveryAddress,
        };
    }

    private static IEnumerable<PrintedFact> FactsOf(Invoice invoice, bool isCredit, string? originalNumber, DateOnly? originalOn)
    {
        yield return new("Numéro", invoice.Number ?? "à l'émission");
        yield return new("Date d'émission", invoice.IssuedOn is { } on ? FrenchText.FormatDay(on) : "à l'émission");
        if (originalNumber is not null)
        {
            yield return new("Facture d'origine", originalOn is { } day ? $"{originalNumber} du {FrenchText.FormatDay(day)}" : originalNumber);
        }

        if (invoice.ServiceFrom is { } from)
        {
            yield return invoice.ServiceTo is { } to && to != from
                ? new("Période", $"du {FrenchText.FormatDay(from)} au {FrenchText.FormatDay(to)}")
                : new(invoice.Kind is InvoiceKind.Deposit ? "Date prévue" : "Date de la prestation", FrenchText.FormatDay(from));
        }

        if (!isCredit)
        {
            yield return new("Échéance", invoice.DueOn is { } due ? FrenchText.FormatDay(due) : new PaymentTerm(invoice.TermKind, invoice.TermDays).ToString());
        }

        if (invoice.PurchaseOrder is { } order)
        {
            yield return new("Bon de commande", order);
        }

        if (invoice.ServiceCode is { } service)
        {
            yield return new("Code service", service);
        }

        if (invoice.Engagement is { } engagement)
        {
            yield return new("N° d'engagement", engagement);
        }
    }

    // C. com. art. L441-9 I and D441-5; CCP art. R2192-31 for public buyers: the ECB rate plus 8 points, plus 10 for the others (C. com. art. L441-10 II).
    private static async Task<IReadOnlyList<string>> PaymentOfAsync(MedCrmDbContext db, Company company, BuyerKind buyer, Invoice invoice, CancellationToken cancellationToken)
    {
        var on = invoice.IssuedOn ?? DateOnly.FromDateTime(invoice.CreatedAt);
        var schedule = await PenaltyRates.ReadAsync(db, cancellationToken);
        var percent = schedule.RateOn(on, buyer);
        var points = percent - schedule.PublishedOn(on).CentralBank;
        var rate = $"{percent.ToString("0.##", FrenchText.Culture)} % l'an{(points is 8 or 10 ? $" (taux directeur de la BCE majoré de {points:0} points)" : "")}";
        var articles = buyer is BuyerKind.Private ? "art. L441-10 et D441-5 du code de commerce" : "art. R2192-31 à R2192-36 du code de la commande publique";
        return
        [
            $"Pénalités de retard : {rate}, exigibles dès le lendemain de l'échéance, sans rappel ; {FixedCosts} ({articles}).",
            .. company.EarlyPayment is { Length: > 0 } early ? [early] : Array.Empty<string>(),
        ];
    }

    private static IReadOnlyList<string> PublicOf(Company company, List<LineDetails> lines)
        => company.PaysVatOnDebits && lines.Exists(line => line is { Kind: LineKind.Item, Nature: SupplyNature.Services, VatCategory: VatCategory.Standard })
            ? ["Option pour le paiement de la taxe d'après les débits."]
            : [];

    private static IReadOnlyList<string> ProvisionsOf(Company company, List<LineDetails> lines)
        => [.. (company.IsVatExempt ? [Vat.Franchise.Reason!] : Array.Empty<string>())
            .Concat(lines.Where(line => line.Kind is LineKind.Item && line.VatReason is not null).Select(line => line.VatReason!))
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string? NatureOf(List<LineDetails> lines)
    {
        var natures = lines.Where(line => line is { Kind: LineKind.Item, IsOption: false }).Select(line => line.Nature).Distinct().Order().ToList();
        return natures.Count switch
        {
            0 => null,
            1 => natures[0] is SupplyNature.Goods ? "livraison de biens" : "prestation de services",
            _ => "mixte (livraison de biens et prestation de services)",
        };
    }

    private static async Task<Addressee> AddresseeAsync(MedCrmDbContext db, Guid institutionId, Guid? contactId, bool invoiced, CancellationToken cancellationToken)
    {
        var institution = await db.Institutions.IgnoreQueryFilters().AsNoTracking().SingleAsync(i => i.Id == institutionId, cancellationToken);
        var person = contactId is { } id ? await db.Contacts.IgnoreQueryFilters().Where(contact => contact.Id == id).Select(contact => contact.FullName).SingleOrDefaultAsync(cancellationToken) : null;
        var own = Addresses.Lines(institution.Street, institution.AddressLine2, institution.Postcode, $"{institution.City} {institution.Cedex}".Trim());

        var buyer = new Addressee { Name = institution.Name, Person = person, Address = own, Siren = institution.Siren ?? institution.Siret?[..9], Siret = institution.Siret, VatNumber = institution.VatNumber };
        if (!invoiced)
        {
            return buyer;
        }

        var billing = await BillingProfiles.EffectiveAsync(db, institutionId, cancellationToken);
        return buyer with
        {
            Name = billing.Name,
            Address = billing.HasOwnAddress ? Addresses.Lines(billing.Street, billing.AddressLine2, billing.Postcode, billing.City) : own,
            Customer = billing.HasOwnAddress || billing.Name != institution.Name ? [institution.Name, .. own] : [],
        };
    }

    // Without blanks: names of files travel through mail, forms and command lines.
    private static string FileName(string title, bool isDraft)
        => $"{string.Join('-', title.Split([' ', '\u00A0', '\'', '’'], StringSplitOptions.RemoveEmptyEntries))}{(isDraft ? "-brouillon" : "")}.pdf";
}
