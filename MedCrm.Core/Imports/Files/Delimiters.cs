namespace MedCrm.Core.Imports.Files;

/// <summary>Finds the separator of a delimited text from its first lines.</summary>
internal static class Delimiters
{
    private const int SampledRecords = 25;

    private static readonly char[] s_candidates = [';', '\t', '|', ','];

    /// <summary>Whether a character may separate cells.</summary>
    public static bool IsCandidate(char character) => s_candidates.Contains(character);

    /// <summary>
    /// The candidate that cuts the most records into the same number of cells, and into the most cells when several do;
    /// a semicolon when none cuts anything. Separators inside quotes do not count.
    /// </summary>
    public static char Sniff(string start) => s_candidates
        .Select(candidate => (Candidate: candidate, Counts: CountsPerRecord(start, candidate)))
        .Select(sample => (sample.Candidate, Score: ScoreOf(sample.Counts)))
        .Where(sample => sample.Score > 0)
        .OrderByDescending(sample => sample.Score)
        .Select(sample => sample.Candidate)
        .FirstOrDefault(';');

    private static double ScoreOf(List<int> counts)
    {
        var best = counts.Where(count => count > 0).GroupBy(count => count).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).FirstOrDefault();
        if (best is null)
        {
            return 0;
        }

        // A header holds no decimal comma: agreeing with it weighs as much as half the rows.
        var agreement = (double)best.Count() / counts.Count;
        return (agreement + (counts[0] == best.Key ? 0.5 : 0)) * (1 + Math.Log2(best.Key));
    }

    private static List<int> CountsPerRecord(string start, char delimiter)
    {
        var counts = new List<int>();
        var count = 0;
        var isQuoted = false;
        var isCellStart = true;
        var hasText = false;
        foreach (var character in start)
        {
            if (character == '"' && (isQuoted || isCellStart))
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && character == delimiter)
            {
                count++;
                isCellStart = true;
                continue;
            }
            else if (!isQuoted && character is '\n')
            {
                if (hasText)
                {
                    counts.Add(count);
                }

                (count, isCellStart, hasText) = (0, true, false);
                if (counts.Count == SampledRecords)
                {
                    return counts;
                }

                continue;
            }

            isCellStart = false;
            hasText |= !char.IsWhiteSpace(character);
        }

        // The sample may stop in the middle of its last record, which is kept only when it is the only one.
        if (counts.Count == 0)
        {
            counts.Add(count);
        }

        return counts;
    }
}
