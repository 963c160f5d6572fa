namespace MedCrm.Core.Accounting;

/// <summary>A line of an entry, with the values of the 18 columns of the file of entries but the two of currencies, which stay empty. Euros.</summary>
/// <param name="Journal">The code of the journal.</param>
/// <param name="JournalLabel">Its name.</param>
/// <param name="Entry">The number of the entry, continuous in its journal.</param>
/// <param name="Day">The day of the entry.</param>
/// <param name="Account">The number of the account.</param>
/// <param name="AccountLabel">Its name.</param>
/// <param name="Auxiliary">The account of the customer; null for other accounts.</param>
/// <param name="AuxiliaryLabel">The name of the customer.</param>
/// <param name="Piece">The number of the document.</param>
/// <param name="PieceDay">Its day.</param>
/// <param name="Label">What it is about.</param>
/// <param name="Debit">Euros, 0 or more.</param>
/// <param name="Credit">Euros, 0 or more.</param>
/// <param name="Lettering">What ties an invoice to what settled it; null while it is not settled.</param>
/// <param name="LetteredOn">The day it was settled.</param>
/// <param name="ValidatedOn">The day from which the entry is final.</param>
public sealed record LedgerLine(
    string Journal,
    string JournalLabel,
    string Entry,
    DateOnly Day,
    string Account,
    string AccountLabel,
    string? Auxiliary,
    string? AuxiliaryLabel,
    string Piece,
    DateOnly PieceDay,
    string Label,
    decimal Debit,
    decimal Credit,
    string? Lettering,
    DateOnly? LetteredOn,
    DateOnly ValidatedOn);

/// <summary>The code that ties an invoice to what settled it, and the day of the last piece.</summary>
public sealed record Lettering(string Code, DateOnly On)
{
    /// <summary>The code of a place in the order: AAA, AAB … AAZ, ABA … ZZZ, BAAA.</summary>
    public static string CodeOf(int place)
    {
        var code = "";
        for (var rest = place; rest > 0 || code.Length < 3; rest /= 26)
        {
            code = (char)('A' + (rest % 26)) + code;
        }

        return code;
    }
}
