using System.Globalization;

namespace MedCrm.Core.Accounting;

/// <summary>Writes entries as the file that LPF art. A47 A-1 describes, line by line, and the description that goes with it.</summary>
public static class FecWriter
{
    /// <summary>The 18 columns, in the spelling of the order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef",
        "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
    ];

    private static readonly IReadOnlyList<string> s_meanings =
    [
        "Code du journal", "Libellé du journal", "Numéro de l'écriture, continu dans son journal sur l'exercice, dans l'ordre d'enregistrement", "Date de l'écriture (AAAAMMJJ)", "Numéro de compte (plan comptable général)",
        "Libellé du compte", "Numéro du compte auxiliaire du client (vide hors compte clients)", "Libellé du compte auxiliaire", "Référence de la pièce", "Date de la pièce (AAAAMMJJ)",
        "Libellé de l'écriture", "Montant au débit (virgule décimale, 0,00 si nul)", "Montant au crédit (virgule décimale, 0,00 si nul)", "Lettrage d'une facture soldée et de ses règlements (vide sinon)",
        "Date du lettrage (AAAAMMJJ)", "Date de validation : jour de l'enregistrement (AAAAMMJJ)", "Montant en devise (toujours vide : tout est en euros)", "Code de la devise (toujours vide)",
    ];

    /// <summary>What the export is called everywhere: a program that sells knows no other journals.</summary>
    public static string LabelOf(LedgerJournals journals, AccountPlan plan) => $"partiel (journaux {string.Join(", ", CodesOf(journals, plan))})";

    /// <summary>The name of the file: SIREN, « FEC », closing day.</summary>
    public static string NameOf(string siren, DateOnly closingOn) => $"{siren}FEC{Day(closingOn)}.txt";

    /// <summary>The separator of a setting.</summary>
    public static char SeparatorOf(FecSeparator separator) => separator is FecSeparator.Pipe ? '|' : '\t';

    /// <summary>Writes the header and every line; nothing follows the last.</summary>
    public static async Task WriteAsync(TextWriter output, IAsyncEnumerable<LedgerLine> lines, AccountPlan plan, CancellationToken cancellationToken)
    {
        var separator = SeparatorOf(plan.Separator);
        await output.WriteAsync(string.Join(separator, Columns));
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            await output.WriteAsync("\r\n");
            await output.WriteAsync(Row(line, separator, plan.Charset));
        }

        await output.FlushAsync(cancellationToken);
    }

    /// <summary>The description that LPF art. A47 A-1 II asks for beside the file: names, meanings, characters, separators, and what the file is not.</summary>
    public static string Describe(string name, AccountPlan plan, FiscalYear year, LedgerJournals journals, bool isVatOnReceipt)
    {
        var text = new System.Text.StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Description du fichier {name}\r\n\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Contenu : export {LabelOf(journals, plan)} de l'exercice du {Foundation.FrenchText.FormatDay(year.From)} au {Foundation.FrenchText.FormatDay(year.To)}.\r\n");
        text.Append("Ce fichier ne tient pas lieu du fichier des écritures comptables de l'entreprise : il ne contient que ce que la gestion commerciale connaît.\r\n");
        if (isVatOnReceipt)
        {
            text.Append("TVA : l'entreprise n'a pas opté pour les débits. La TVA de ses prestations, exigible à l'encaissement, est passée ici dès la facture, au compte de son taux : le passage à l'exigibilité reste à faire.\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Caractères : {(plan.Charset is FecCharset.Ascii ? "ASCII" : "ISO 8859-15")}.\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Séparateur de champs : {(plan.Separator is FecSeparator.Pipe ? "barre verticale (|)" : "tabulation")}. Fin d'enregistrement : CR LF.\r\n");
        text.Append("Dates : AAAAMMJJ. Montants : en euros, virgule décimale, sans séparateur de milliers.\r\n\r\nChamps, dans l'ordre :\r\n");
        for (var i = 0; i < Columns.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1,2}. {Columns[i]} : {s_meanings[i]}.\r\n");
        }

        return text.ToString();
    }

    /// <summary>A day as AAAAMMJJ, whatever the culture of the process.</summary>
    internal static string Day(DateOnly? day) => day?.ToString("yyyyMMdd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The codes of the journals chosen.</summary>
    internal static IEnumerable<string> CodesOf(LedgerJournals journals, AccountPlan plan)
    {
        if (journals.HasFlag(LedgerJournals.Sales))
        {
            yield return AccountPlan.Split(plan.SalesJournal).Number;
        }

        if (journals.HasFlag(LedgerJournals.Bank))
        {
            yield return AccountPlan.Split(plan.BankJournal).Number;
        }
    }

    private static string Row(LedgerLine line, char separator, FecCharset charset)
    {
        return string.Join(
            separator,
            Text(line.Journal),
            Text(line.JournalLabel),
            Text(line.Entry),
            Day(line.Day),
            Text(line.Account),
            Text(line.AccountLabel),
            Text(line.Auxiliary),
            Text(line.AuxiliaryLabel),
            Text(line.Piece),
            Day(line.PieceDay),
            Text(line.Label),
            Amount(line.Debit),
            Amount(line.Credit),
            Text(line.Lettering),
            Day(line.LetteredOn),
            Day(line.ValidatedOn),
            "",
            "");

        string Text(string? text) => FecText.Of(text, charset);
    }

    private static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture).Replace('.', ',');
}
