using System.Text.RegularExpressions;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Accounting;

/// <summary>An account, or a journal, and what it is called: « 706000 Prestations de services ».</summary>
public sealed partial record LedgerAccount(string Number, string Label)
{
    private const int LongestLabel = 60;

    /// <inheritdoc/>
    public override string ToString() => $"{Number} {Label}";

    /// <summary>An account as people type it: its number, then its label. The first three characters are digits of the French chart of accounts (LPF art. A47 A-1).</summary>
    /// <exception cref="BusinessRuleException">The text is no account.</exception>
    public static LedgerAccount Parse(string? text, string field)
        => Match(AccountForm(), text) ?? throw new BusinessRuleException("Indiquez un numéro de compte puis son libellé, par exemple « 706000 Prestations de services ».", field);

    /// <summary>A journal as people type it: its code, then its label.</summary>
    /// <exception cref="BusinessRuleException">The text is no journal.</exception>
    public static LedgerAccount ParseJournal(string? text, string field)
        => Match(JournalForm(), text) ?? throw new BusinessRuleException("Indiquez un code de journal puis son libellé, par exemple « VE Ventes ».", field);

    private static LedgerAccount? Match(Regex form, string? text)
        => form.Match(text ?? "") is { Success: true } match && match.Groups[2].Length <= LongestLabel ? new LedgerAccount(match.Groups[1].Value.ToUpperInvariant(), match.Groups[2].Value) : null;

    [GeneratedRegex(@"^\s*(\d{3}[0-9A-Za-z]{0,9})\s+(\S.*?)\s*$")]
    private static partial Regex AccountForm();

    [GeneratedRegex(@"^\s*([0-9A-Za-z]{1,6})\s+(\S.*?)\s*$")]
    private static partial Regex JournalForm();
}
