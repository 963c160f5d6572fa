using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Invoicing;

namespace MedCrm.Core.Printing;

/// <summary>What every printed document says: who sends it, to whom, what it is called.</summary>
public abstract record DocumentPrint
{
    /// <summary>« Devis D-2026-0041 », the title of the file.</summary>
    public required string Title { get; init; }

    /// <summary>What stands at the foot of each page before its number: « D-2026-0041 ».</summary>
    public required string Reference { get; init; }

    /// <summary>The name of the file, with its extension.</summary>
    public required string FileName { get; init; }

    /// <summary>Who sends it.</summary>
    public required Seller Seller { get; init; }

    /// <summary>To whom it goes.</summary>
    public required Addressee To { get; init; }

    /// <summary>Not valid yet: « BROUILLON » stands across each page.</summary>
    public bool IsDraft { get; init; }
}

/// <summary>Who sends documents, as they print it (C. com. art. R123-237 and R123-238).</summary>
public sealed record Seller
{
    /// <summary>The name that stands at the top.</summary>
    public required string Name { get; init; }

    /// <summary>The lines of its address.</summary>
    public IReadOnlyList<string> Address { get; init; } = [];

    /// <summary>How it is reached: telephone, e-mail, site.</summary>
    public IReadOnlyList<string> Reach { get; init; } = [];

    /// <summary>The legal mentions of the foot: form, capital, seat, SIREN, register, VAT number.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>The logo as a data address; null without one.</summary>
    public string? Logo { get; init; }

    /// <summary>The colour of documents, « #RRGGBB ».</summary>
    public string Accent { get; init; } = Usual;

    /// <summary>The colour of a company that chose none.</summary>
    public const string Usual = "#0b7a75";

    /// <summary>Where payments go; null before it is known.</summary>
    public string? Iban { get; init; }

    /// <summary>The bank.</summary>
    public string? Bic { get; init; }
}

/// <summary>To whom a document goes.</summary>
public sealed record Addressee
{
    public required string Name { get; init; }

    /// <summary>Whom it is for, there.</summary>
    public string? Person { get; init; }

    /// <summary>The lines of the address.</summary>
    public IReadOnlyList<string> Address { get; init; } = [];

    public string? Siren { get; init; }
    public string? Siret { get; init; }
    public string? VatNumber { get; init; }

    /// <summary>Who it is, when somebody else is invoiced for it.</summary>
    public IReadOnlyList<string> Customer { get; init; } = [];
}

/// <summary>A label and what it says, for the facts beside an address.</summary>
public sealed record PrintedFact(string Label, string Text);

/// <summary>What quotes and invoices share: lines and totals. Euros.</summary>
public abstract record SalesPrint : DocumentPrint
{
    /// <summary>What it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>Number, dates and references.</summary>
    public IReadOnlyList<PrintedFact> Facts { get; init; } = [];

    /// <summary>A text before the lines; its line ends are kept.</summary>
    public string? Introduction { get; init; }

    /// <summary>The lines in their order.</summary>
    public required IReadOnlyList<LineDetails> Lines { get; init; }

    /// <summary>The totals of these lines.</summary>
    public required DocumentTotals Totals { get; init; }

    /// <summary>« prestation de services », « livraison de biens » or both (décret 2022-1299).</summary>
    public string? Nature { get; init; }

    /// <summary>Sentences that the law asks for.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>The provisions behind the lines without VAT (CGI ann. II art. 242 nonies A I-12°), each once.</summary>
    public IReadOnlyList<string> Provisions { get; init; } = [];
}

/// <summary>A quote as it is printed.</summary>
public sealed record QuotePrint : SalesPrint
{
    /// <summary>The last day on which it can be accepted.</summary>
    public required DateOnly ValidUntil { get; init; }

    /// <summary>« 45 jours fin de mois ».</summary>
    public required string Term { get; init; }

    /// <summary>Percent asked for with the order; 0 for none.</summary>
    public decimal DepositPercent { get; init; }

    /// <summary>The conditions, as typed.</summary>
    public string? Terms { get; init; }

    /// <summary>Who answers questions, with an address.</summary>
    public string? Contact { get; init; }
}

/// <summary>A deposit invoice that a balance invoice deducts. Euros.</summary>
public sealed record PrintedDeposit(string Number, DateOnly? IssuedOn, string Vat, decimal Net, decimal Tax);

/// <summary>An invoice, a deposit invoice or a credit note as it is printed.</summary>
public sealed record InvoicePrint : SalesPrint
{
    /// <summary>What it is.</summary>
    public required InvoiceKind Kind { get; init; }

    /// <summary>« Facture », « Facture d'acompte », « Avoir ».</summary>
    public required string Heading { get; init; }

    /// <summary>The day of payment; null for a credit note and for a draft.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>« 45 jours fin de mois ».</summary>
    public required string Term { get; init; }

    /// <summary>The deposits deducted, one line by deposit and rate.</summary>
    public IReadOnlyList<PrintedDeposit> Deposits { get; init; } = [];

    /// <summary>What remains to be paid once the deposits are deducted, euros including VAT.</summary>
    public decimal Due => Totals.Gross - Deposits.Sum(deposit => deposit.Net + deposit.Tax);

    /// <summary>Where goods went when it is not to the buyer, its line ends kept.</summary>
    public string? Delivery { get; init; }
}

/// <summary>An invoice of a letter. Euros including VAT.</summary>
/// <param name="Number">« FA-2026-0001 ».</param>
/// <param name="IssuedOn">Its day.</param>
/// <param name="DueOn">The day on which it was to be paid.</param>
/// <param name="Gross">Its total.</param>
/// <param name="Balance">What remains.</param>
public sealed record LetterRow(string Number, DateOnly IssuedOn, DateOnly DueOn, decimal Gross, decimal Balance);

/// <summary>A sum under the table of a letter: « Pénalités de retard », its amount, and whether it is the last, that counts. Euros.</summary>
public sealed record LetterTotal(string Label, decimal Amount, bool IsWhole = false);

/// <summary>A letter as it is printed. Whoever writes letters fills it: see <see cref="ILetterSource"/>.</summary>
public sealed record LetterPrint : DocumentPrint
{
    /// <summary>The day it bears.</summary>
    public required DateOnly On { get; init; }

    /// <summary>« Mise en demeure de payer ».</summary>
    public required string Subject { get; init; }

    /// <summary>« Lettre recommandée avec avis de réception »; null for an ordinary one.</summary>
    public string? Delivery { get; init; }

    /// <summary>The paragraphs before the table.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>The invoices it is about.</summary>
    public IReadOnlyList<LetterRow> Rows { get; init; } = [];

    /// <summary>The sums under them.</summary>
    public IReadOnlyList<LetterTotal> Totals { get; init; } = [];

    /// <summary>The paragraphs after the table, the closing formula last.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Who signs, a line each: name, function.</summary>
    public IReadOnlyList<string> Signatory { get; init; } = [];
}

/// <summary>A step of a certificate: when it was, here and in UTC, from where.</summary>
public sealed record PrintedStep(string Step, string Local, string Utc, string? Ip, string? UserAgent, string? Detail);

/// <summary>The certificate of a signature on line.</summary>
public sealed record EvidencePrint : DocumentPrint
{
    /// <summary>What was signed.</summary>
    public required string Subject { get; init; }

    public required string Signer { get; init; }

    /// <summary>Who, what, when, how they were known.</summary>
    public IReadOnlyList<PrintedFact> Facts { get; init; } = [];

    public required string ConsentText { get; init; }
    public required string ConsentVersion { get; init; }

    /// <summary>The drawn signature as a data address; null when the name was typed alone.</summary>
    public string? Drawing { get; init; }

    /// <summary>SHA-256 of the PDF that was signed.</summary>
    public required string DocumentSha256 { get; init; }

    /// <summary>SHA-256 of the evidence.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The fingerprint of the last step.</summary>
    public required string ChainHash { get; init; }

    public IReadOnlyList<PrintedStep> Steps { get; init; } = [];
}

/// <summary>Where the letters of a room come from: <see cref="PrintedKind.Letter"/> is asked of each in turn.</summary>
public interface ILetterSource
{
    /// <summary>A letter as it is printed; null when it is none of this room's, or out of the actor's sight.</summary>
    Task<LetterPrint?> FindAsync(MedCrmDbContext db, Actor actor, Guid id, CancellationToken cancellationToken);
}
