using MedCrm.Core.Foundation;

namespace MedCrm.Core.Invoicing;

/// <summary>An invoice that a line of a statement may pay. Euros including VAT.</summary>
public sealed record PayableInvoice(OpenInvoice Invoice, Guid InstitutionId, string PayerName, string? PayerShortName)
{
    /// <summary>Its number as labels may write it, worked out once for all lines.</summary>
    internal string Letters { get; } = BankMatching.Compact(Invoice.Number);

    /// <summary>The words that name its payer, of its name and of its short one.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Names { get; } = [.. new[] { PayerName, PayerShortName }.OfType<string>().Select(BankMatching.WordsOf).Where(words => words.Count > 0)];
}

/// <summary>What a line of a statement seems to pay, and why.</summary>
/// <param name="Shares">What each invoice would take; what they leave is a credit of the payer.</param>
/// <param name="Reason">Why, for whoever decides.</param>
/// <param name="IsSure">Nothing else fits: it is accepted with the others at one click.</param>
public sealed record BankMatch(Guid InstitutionId, string PayerName, IReadOnlyList<AllocationShare> Shares, Sentence Reason, bool IsSure);

/// <summary>Finds what the lines of a bank statement pay: by the numbers in their labels, by the name of the payer, by amounts. It proposes; people decide.</summary>
public static class BankMatching
{
    // Sets of more invoices than this are not tried: nobody pays by such sums, and their number doubles with each.
    private const int MostSummed = 12;

    private static readonly HashSet<string> s_common = ["centre", "centres", "hospitalier", "hospitaliers", "hospitaliere", "hopital", "hopitaux", "clinique", "polyclinique", "groupe", "sante", "medical", "chirurgical", "maison", "institut", "etablissement", "regional", "universitaire", "saint", "sainte", "association", "fondation", "residence", "de", "du", "des", "la", "le", "les"];

    /// <summary>What each line seems to pay, in their order; null where nothing fits. An invoice that a sure match settles is proposed to no other line.</summary>
    public static IReadOnlyList<BankMatch?> Propose(IReadOnlyList<BankLine> lines, IReadOnlyList<PayableInvoice> open)
    {
        var left = open.ToDictionary(one => one.Invoice.Id, one => one);
        var found = new BankMatch?[lines.Count];
        // Sure ones first: what they settle no longer misleads the others.
        foreach (var sure in new[] { true, false })
        {
            foreach (var (place, line) in lines.Index().Where(row => found[row.Index] is null).ToList())
            {
                if (Find(line, [.. left.Values]) is { } match && match.IsSure == sure)
                {
                    found[place] = match;
                    Take(left, match);
                }
            }
        }

        return found;
    }

    private static void Take(Dictionary<Guid, PayableInvoice> left, BankMatch match)
    {
        foreach (var share in match.Shares)
        {
            var one = left[share.InvoiceId];
            var balance = one.Invoice.Balance - share.Amount;
            left.Remove(share.InvoiceId);
            if (balance > 0)
            {
                left[share.InvoiceId] = one with { Invoice = one.Invoice with { Balance = balance } };
            }
        }
    }

    private static BankMatch? Find(BankLine line, List<PayableInvoice> open) => ByNumber(line, open) ?? ByName(line, open) ?? ByAmount(line, open);

    private static BankMatch? ByNumber(BankLine line, List<PayableInvoice> open)
    {
        var letters = Compact(line.Label);
        var named = open.Where(one => Holds(letters, one.Letters)).ToList();
        if (named.Count == 0 || named.DistinctBy(one => one.InstitutionId).Count() > 1)
        {
            return null;
        }

        var sum = named.Sum(one => one.Invoice.Balance);
        var numbers = string.Join(", ", named.Select(one => one.Invoice.Number));
        return line.Amount == sum
            ? Match(line, named, $"{numbers} dans le libellé, montant exact", isSure: true)
            : Match(line, named, $"{numbers} dans le libellé, mais il reste {FrenchText.FormatAmount(sum)} à payer", isSure: false);
    }

    private static BankMatch? ByName(BankLine line, List<PayableInvoice> open)
    {
        var held = SearchKey.Fold(line.Label).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var payers = open.GroupBy(one => one.InstitutionId).Where(payer => payer.First().Names.Any(words => words.All(held.Contains))).ToList();
        if (payers.Count != 1)
        {
            return null;
        }

        var mine = payers[0].ToList();
        var exact = mine.Where(one => one.Invoice.Balance == line.Amount).ToList();
        if (exact.Count == 1)
        {
            return Match(line, exact, $"Nom du payeur, et montant exact de {exact[0].Invoice.Number}", isSure: true);
        }

        var sums = exact.Count > 1 ? [] : Sums(mine, line.Amount);
        return sums.Count == 1 ? Match(line, sums[0], $"Nom du payeur, et somme de {string.Join(", ", sums[0].Select(one => one.Invoice.Number))}", isSure: true)
            : exact.Count > 1 || sums.Count > 1 ? Match(line, mine, "Nom du payeur ; plusieurs factures font ce montant", isSure: false)
            : Match(line, mine, "Nom du payeur ; le montant ne correspond à aucune facture", isSure: false);
    }

    private static BankMatch? ByAmount(BankLine line, List<PayableInvoice> open)
    {
        var exact = open.Where(one => one.Invoice.Balance == line.Amount).ToList();
        if (exact.Count == 1)
        {
            return Match(line, exact, $"Montant exact de {exact[0].Invoice.Number}, seule à l'attendre", isSure: false);
        }

        var whole = exact.Count > 0 ? [] : open.GroupBy(one => one.InstitutionId).Where(payer => payer.Count() > 1 && payer.Sum(one => one.Invoice.Balance) == line.Amount).ToList();
        return whole.Count == 1 ? Match(line, [.. whole[0]], $"Tout ce que doit {whole[0].First().PayerName}", isSure: false) : null;
    }

    private static BankMatch Match(BankLine line, List<PayableInvoice> invoices, Sentence reason, bool isSure)
        => new(invoices[0].InstitutionId, invoices[0].PayerName, Allocation.Propose(invoices.Select(one => one.Invoice), line.Amount), reason, isSure);

    // Every set of at least two invoices that adds up to the amount; two are enough to know that it is not the only one.
    private static List<List<PayableInvoice>> Sums(List<PayableInvoice> invoices, decimal amount)
    {
        var found = new List<List<PayableInvoice>>();
        if (invoices.Count is < 2 or > MostSummed)
        {
            return found;
        }

        for (var set = 1; set < 1 << invoices.Count && found.Count < 2; set++)
        {
            if (int.PopCount(set) > 1)
            {
                var some = invoices.Where((_, place) => (set >> place & 1) == 1).ToList();
                if (some.Sum(one => one.Invoice.Balance) == amount)
                {
                    found.Add(some);
                }
            }
        }

        return found;
    }

    // « FA20260001 » is not in « FA202600012 ».
    private static bool Holds(string letters, string number)
    {
        for (var at = letters.IndexOf(number, StringComparison.Ordinal); at >= 0; at = letters.IndexOf(number, at + 1, StringComparison.Ordinal))
        {
            if (at + number.Length == letters.Length || !char.IsAsciiDigit(letters[at + number.Length]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Letters and digits alone, folded.</summary>
    internal static string Compact(string text) => string.Concat(SearchKey.Fold(text).Where(char.IsAsciiLetterOrDigit));

    /// <summary>The words that tell a payer from others.</summary>
    internal static IReadOnlyList<string> WordsOf(string name) => [.. SearchKey.Fold(name).Split([' ', '-', '\''], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2 && !s_common.Contains(word))];
}
