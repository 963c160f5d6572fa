using MedCrm.Core.Billing;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Printing;

/// <summary>What printed documents say, read out of the PDF (C. com. art. L441-9; CGI ann. II art. 242 nonies A; domain.md 3.1).</summary>
public sealed class TemplateTests
{
    [PdfFact]
    public async Task A_quote_says_everything_that_binds()
    {
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync();
        var quote = await world.QuoteAsync(details => details with
        {
            Lines = [new() { Kind = LineKind.Section, Description = "Lot 1 : accompagnement" }, .. Paper.Mixed(), new() { Description = "Audit annuel", UnitPrice = 1500, IsOption = true }],
        });

        var printed = await world.PrintAsync(PrintedKind.Quote, quote.Id, "quote", leaving: true);
        var text = await PdfText.OfAsync(printed);

        AssertSays(
            text,
            "Devis", quote.Number, "Date 21/11/2026", "Valable jusqu'au 21/12/2026", "Offre valable jusqu'au 21/12/2026 inclus.",
            "Clinalys Formation, SAS au capital de 50 000 €", "12 quai de la Fosse, 44000 Nantes", "RCS Nantes 123 456 782", "SIRET 123 456 782 00077", "N° de TVA FR11123456782",
            "Centre hospitalier de Bourg-en-Bresse", "900 route de Paris", "01440 Viriat", "SIREN 260 100 045",
            "Formation du bloc opératoire", "Lot 1 : accompagnement", "Abonnement plateforme", "Réf. ABO-01", "12 mois", "149,90 €", "1 798,80 €", "1,5 jour", "10 %", "1 323,00 €", "72,51 €",
            "Total HT", "4 394,31 €", "TVA 20 % sur 3 121,80 €", "624,36 €", "TVA 5,5 % sur 72,51 €", "3,99 €", "Sans TVA sur 1 200,00 €", "Total TVA", "628,35 €", "Total TTC", "5 022,66 €",
            "Règlement : 50 jours nets.", "Acompte à la commande : 30 %, soit 1 506,80 € TTC.", "Exonération de TVA, art. 261-4-4° a du CGI (formation).",
            "Options, non comprises dans le total", "Audit annuel", "Début des prestations sous trois semaines", "Bon pour accord", "Date", "Nom", "Qualité, signature et cachet", "Votre interlocuteur : Claire Martin", "page 1 / ");
        Assert.DoesNotContain("BROUILLON", text, StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task An_invoice_carries_every_mention_of_the_law()
    {
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync(("PaysVatOnDebits", true));
        await world.SaveAsync(db => db.PenaltyRates.Add(new PenaltyRate(new DateOnly(2026, 7, 1), 2.15m, 2.62m)));
        var invoice = await world.InvoiceAsync(issued: Paper.Issued("FA-2026-0042"));

        var printed = await world.PrintAsync(PrintedKind.Invoice, invoice.Id, "invoice");
        var text = await PdfText.OfAsync(printed);

        AssertSays(
            text,
            "Facture", "FA-2026-0042", "Date d'émission 02/11/2026", "Période du 01/10/2026 au 31/10/2026", "Échéance 22/12/2026", "Bon de commande BC-778", "Code service SRV12", "N° d'engagement ENG-2026-55",
            "Clinalys Formation, SAS au capital de 50 000 €", "RCS Nantes 123 456 782", "N° de TVA FR11123456782",
            "Direction des finances, BP 401", "01012 Bourg-en-Bresse", "SIREN 260 100 045", "N° de TVA FR72260100045",
            "Quantité", "Prix unitaire HT", "Remise", "149,90 €", "4 394,31 €", "TVA 20 % sur 3 121,80 €", "TVA 5,5 % sur 72,51 €", "5 022,66 €", "Net à payer",
            "À régler au plus tard le 22/12/2026 (50 jours nets).", "IBAN FR76 3000 6000 0112 3456 7890 189", "BIC AGRIFRPP",
            "Pénalités de retard : 10,15 % l'an", "exigibles dès le lendemain de l'échéance, sans rappel", "indemnité forfaitaire pour frais de recouvrement : 40 €", "art. R2192-31",
            "Pas d'escompte pour paiement anticipé.", "Nature de l'opération : mixte (livraison de biens et prestation de services).", "Option pour le paiement de la taxe d'après les débits.",
            "Livraison", "5 rue des Lilas", "Exonération de TVA, art. 261-4-4° a du CGI (formation).");
    }

    [PdfFact]
    public async Task A_balance_invoice_deducts_its_deposits_line_by_line()
    {
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync();
        var institution = await world.BuyerAsync();
        var deposit = await world.InvoiceAsync(details => details with { Kind = InvoiceKind.Deposit, Lines = [new() { Description = "Acompte de 30 %", UnitPrice = 3000 }] }, institution, Paper.Issued("FA-2026-0003"));
        var invoice = await world.InvoiceAsync(details => details with { Lines = [new() { Description = "Mission", UnitPrice = 10_000 }] }, institution, Paper.Issued("FA-2026-0009"));
        await world.SaveAsync(db => db.InvoiceDeposits.Add(Paper.Deducted(invoice.Id, deposit.Id, "FA-2026-0003", 3000, 600)));

        AssertSays(await PdfText.OfAsync(await world.PrintAsync(PrintedKind.Invoice, deposit.Id, "deposit")), "Facture d'acompte", "FA-2026-0003", "3 600,00 €");
        AssertSays(
            await PdfText.OfAsync(await world.PrintAsync(PrintedKind.Invoice, invoice.Id, "balance")),
            "12 000,00 €", "Acompte FA-2026-0003 du 02/11/2026", "3 000,00 € HT, TVA 20 % 600,00 €", "-3 600,00 €", "TVA restant due", "1 400,00 €", "Net à payer", "8 400,00 €");

        var note = await world.InvoiceAsync(details => details with { Kind = InvoiceKind.CreditNote, OriginalId = invoice.Id, Lines = [new() { Description = "Mission", UnitPrice = 10_000 }] }, institution, Paper.Issued("AV-2026-0001"));
        await world.SaveAsync(db => db.InvoiceDeposits.Add(Paper.Deducted(note.Id, deposit.Id, "FA-2026-0003", 3000, 600)));
        var text = await PdfText.OfAsync(await world.PrintAsync(PrintedKind.Invoice, note.Id, "credit-deposit"));
        AssertSays(text, "Acompte FA-2026-0003 du 02/11/2026", "TVA rendue", "1 400,00 €", "Net à votre crédit", "8 400,00 €");
        Assert.DoesNotContain("Net à payer", text, StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task A_credit_note_refers_to_the_invoice_it_corrects_and_asks_for_nothing()
    {
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync();
        var institution = await world.BuyerAsync();
        var original = await world.InvoiceAsync(institution: institution, issued: Paper.Issued("FA-2026-0042"));
        var credit = await world.InvoiceAsync(details => details with { Kind = InvoiceKind.CreditNote, OriginalId = original.Id, Lines = [new() { Description = "Journée annulée", UnitPrice = 980 }] }, institution, Paper.Issued("AV-2026-0001"));

        var text = await PdfText.OfAsync(await world.PrintAsync(PrintedKind.Invoice, credit.Id, "credit"));

        AssertSays(text, "Avoir", "AV-2026-0001", "Facture d'origine FA-2026-0042 du 02/11/2026", "Cet avoir corrige la facture FA-2026-0042 du 02/11/2026.", "1 176,00 €", "Net à votre crédit");
        Assert.DoesNotContain("IBAN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Pénalités", text, StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task A_long_document_repeats_its_number_and_its_table_head_and_keeps_its_totals_whole()
    {
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync();
        var lines = Enumerable.Range(1, 66).Select(i => new LineDetails { Description = $"Journée d'accompagnement n° {i}", Quantity = 1, Unit = "jour", UnitPrice = 100 + i }).ToList();
        var invoice = await world.InvoiceAsync(details => details with { Lines = lines }, issued: Paper.Issued("FA-2026-0050"));

        var pages = await PdfText.PagesAsync(await world.PrintAsync(PrintedKind.Invoice, invoice.Id, "long"));

        Assert.InRange(pages.Count, 3, 5);
        Assert.All(pages.Index(), page => AssertSays(page.Item, $"page {page.Index + 1} / {pages.Count}"));
        Assert.All(pages, page => Assert.Contains("FA-2026-0050", page, StringComparison.Ordinal));
        Assert.All(pages.SkipLast(1), page => Assert.Contains("Désignation", page, StringComparison.Ordinal));
        var whole = Assert.Single(pages, page => page.Contains("Total TTC", StringComparison.Ordinal));
        Assert.Contains("Total HT", whole, StringComparison.Ordinal);
        Assert.Contains("Net à payer", whole, StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task A_draft_says_that_it_is_one()
    {
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync();
        var quote = await world.QuoteAsync();

        var file = await world.As(world.Claire).Get<DocumentPrints>().OpenAsync(PrintedKind.Quote, quote.Id);

        Assert.Equal($"Devis-{quote.Number}-brouillon.pdf", file!.Name);
        Assert.Contains("BROUILLON", await PdfText.OfAsync(file.Content), StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task A_letter_names_its_invoices_and_what_is_due()
    {
        await using var world = await Paper.WorldAsync();
        var letter = new LetterPrint
        {
            Title = "Mise en demeure",
            Reference = "FA-2026-0042",
            FileName = "Mise-en-demeure-FA-2026-0042.pdf",
            Seller = new Seller { Name = "Clinalys Formation", Address = ["12 quai de la Fosse", "44000 Nantes"], Mentions = ["Clinalys Formation, SAS au capital de 50 000 €", "RCS Nantes 123 456 782"] },
            To = new Addressee { Name = "Clinique des Tilleuls", Person = "Service comptabilité", Address = ["3 rue des Tilleuls", "69003 Lyon"] },
            On = new DateOnly(2026, 11, 21),
            Delivery = "Lettre recommandée avec avis de réception",
            Subject = "mise en demeure de payer",
            Before = ["Madame, Monsieur,", "Malgré nos relances, les factures suivantes restent impayées à ce jour."],
            Rows = [new LetterRow("FA-2026-0042", new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 1), 12_000, 12_000)],
            Totals = [new LetterTotal("Principal", 12_000), new LetterTotal("Pénalités de retard", 179.75m), new LetterTotal("Indemnité forfaitaire", 40), new LetterTotal("Total dû", 12_219.75m, IsWhole: true)],
            After = ["Nous vous mettons en demeure de régler cette somme sous quinze jours, soit avant le 6 décembre 2026.", "Nous vous prions d'agréer, Madame, Monsieur, l'expression de nos salutations distinguées."],
            Signatory = ["Claire Martin", "Service facturation"],
        };

        var content = await world.Get<Web.Printing.PrintingBrowser>().PrintAsync(await world.Get<Web.Printing.PrintRenderer>().RenderAsync(letter), default);
        await content.KeepForTheEyeAsync("letter");

        AssertSays(
            await PdfText.OfAsync(content),
            "Lettre recommandée avec avis de réception", "Clinique des Tilleuls", "À l'attention de Service comptabilité", "Le 21 novembre 2026", "Objet : mise en demeure de payer",
            "FA-2026-0042 01/09/2026 01/10/2026 12 000,00 € 12 000,00 €", "Pénalités de retard 179,75 €", "Total dû 12 219,75 €", "mettons en demeure", "Claire Martin");
    }

    private static void AssertSays(string text, params string[] mentions)
        => Assert.True(Array.TrueForAll(mentions, mention => PdfText.Says(text, mention)), $"Missing: {string.Join(" | ", mentions.Where(mention => !PdfText.Says(text, mention)))}\n\n{text}");
}
