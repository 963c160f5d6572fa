using System.Globalization;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>What the documents say of one series.</summary>
/// <param name="Faults">Gaps, numbers given twice, days that go back; nothing when the sequence is continuous.</param>
public sealed record SequenceState(DocumentSeries Series, int Year, IReadOnlyList<Sentence> Faults);

/// <summary>Compares the series of invoices and credit notes with the documents that carry their numbers: 1 to the last, each once, in order of time (CGI ann. II art. 242 nonies A I-7°).</summary>
internal static class Numbering
{
    private const int MostNamed = 10;

    /// <summary>The state of each legal series, of one year or of all.</summary>
    public static async Task<IReadOnlyList<SequenceState>> LookAsync(MedCrmDbContext db, int? year, CancellationToken cancellationToken)
    {
        var rows = await db.NumberSeries.AsNoTracking()
            .Where(row => (row.Series == DocumentSeries.Invoice || row.Series == DocumentSeries.CreditNote) && (year == null || row.Year == year))
            .OrderBy(row => row.Year).ThenBy(row => row.Series)
            .ToListAsync(cancellationToken);
        var states = new List<SequenceState>();
        foreach (var row in rows)
        {
            var (isCredit, start) = (row.Series is DocumentSeries.CreditNote, $"{row.Prefix}-{row.Year}-");
            var given = await db.Invoices.IgnoreQueryFilters().AsNoTracking()
                .Where(invoice => invoice.Number != null && invoice.Number.StartsWith(start) && (invoice.Kind == InvoiceKind.CreditNote) == isCredit)
                .Select(invoice => new GivenNumber(invoice.Number!, invoice.IssuedOn))
                .ToListAsync(cancellationToken);
            states.Add(new SequenceState(row.Series, row.Year, FaultsOf(row, given)));
        }

        return states;
    }

    /// <summary>The numbers that belong to no series.</summary>
    public static async Task<IReadOnlyList<Sentence>> StraysAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var starts = (await db.NumberSeries.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.Series is DocumentSeries.CreditNote, row => $"{row.Prefix}-{row.Year}-");
        var numbers = await db.Invoices.IgnoreQueryFilters().Where(invoice => invoice.Number != null).Select(invoice => new { Number = invoice.Number!, IsCredit = invoice.Kind == InvoiceKind.CreditNote }).ToListAsync(cancellationToken);
        return [.. numbers.Where(given => !starts[given.IsCredit].Any(start => given.Number.StartsWith(start, StringComparison.Ordinal))).Take(MostNamed).Select(given => (Sentence)$"{given.Number} n'appartient à aucune série")];
    }

    private static List<Sentence> FaultsOf(NumberSeries row, List<GivenNumber> given)
    {
        var faults = new List<Sentence>();
        var byRank = given.Select(number => (Rank: RankOf(row, number.Number), number.Number, number.On)).OrderBy(number => number.Rank).ToList();
        faults.AddRange(byRank.Where(number => number.Rank is null).Take(MostNamed).Select(number => (Sentence)$"{number.Number} n'a pas la forme de la série"));
        var ranks = byRank.Where(number => number.Rank is not null).Select(number => number.Rank!.Value).ToList();
        var missing = Enumerable.Range(1, row.Last).Except(ranks).ToList();
        if (missing.Count > 0)
        {
            faults.Add($"{(missing.Count == 1 ? (Sentence)"il manque" : "il manque les numéros")} {string.Join(", ", missing.Take(MostNamed).Select(row.Format))}{(missing.Count > MostNamed ? "…" : "")}");
        }

        faults.AddRange(ranks.GroupBy(rank => rank).Where(same => same.Count() > 1).Take(MostNamed).Select(same => (Sentence)$"{row.Format(same.Key)} est porté par {same.Count()} documents"));
        faults.AddRange(ranks.Where(rank => rank > row.Last).Distinct().Take(MostNamed).Select(rank => (Sentence)$"{row.Format(rank)} dépasse le dernier numéro donné, {row.Format(row.Last)}"));
        for (var i = 1; i < byRank.Count && faults.Count < MostNamed; i++)
        {
            if (byRank[i].On < byRank[i - 1].On)
            {
                faults.Add($"{byRank[i].Number} est daté du {FrenchText.FormatDay(byRank[i].On!.Value)}, avant {byRank[i - 1].Number}");
            }
        }

        return faults;
    }

    private static int? RankOf(NumberSeries row, string number)
        => int.TryParse(number.AsSpan($"{row.Prefix}-{row.Year}-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank > 0 && row.Format(rank) == number ? rank : null;

    private sealed record GivenNumber(string Number, DateOnly? On);
}

// The command « check » says it in sentences.
internal sealed class NumberingCheck : IDataCheck
{
    public string Name => "Numérotation des factures et avoirs";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var faults = (await Numbering.LookAsync(db, null, cancellationToken)).SelectMany(state => state.Faults.Select(fault => $"{Labels.Of(state.Series)} {state.Year} : {fault}"));
        return [.. faults, .. (await Numbering.StraysAsync(db, cancellationToken)).Select(stray => stray.ToString())];
    }
}
