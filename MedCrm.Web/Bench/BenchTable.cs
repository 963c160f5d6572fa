using System.Diagnostics;

namespace MedCrm.Web.Bench;

/// <summary>One figure: what was timed, its median and 95th percentile in milliseconds, and the bar it must stay under (0 when there is none).</summary>
public sealed record Figure(string Name, int Runs, double Median, double P95, double Bar)
{
    /// <summary>Whether it counts lines per second: the more the better, and the 95th percentile is that of slowness.</summary>
    public bool IsRate { get; init; }

    /// <summary>Whether it keeps to its bar.</summary>
    public bool IsKept => Bar == 0 || (IsRate ? Median >= Bar : P95 <= Bar);
}

/// <summary>Times acts one after the other and keeps their figures.</summary>
public sealed class BenchTable
{
    private readonly List<Figure> _figures = [];

    /// <summary>The figures so far.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Runs an act some times after a warm-up. The act receives the rank of the run.</summary>
    public async Task TimeAsync(string name, double bar, Func<int, Task> act, int runs = 60)
    {
        const int WarmUp = 40;
        var times = new List<double>(runs);
        for (var run = 0; run < runs + WarmUp; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await act(run);
            if (run >= WarmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Add(name, times, bar);
    }

    /// <summary>Keeps times measured elsewhere, in milliseconds.</summary>
    public void Add(string name, IReadOnlyCollection<double> times, double bar) => _figures.Add(FigureOf(name, [.. times.Order()], bar));

    /// <summary>Keeps rates measured elsewhere, in lines per second.</summary>
    public void AddRates(string name, IReadOnlyCollection<double> rates, double bar) => _figures.Add(FigureOf(name, [.. rates.OrderDescending()], bar) with { IsRate = true });

    private static Figure FigureOf(string name, List<double> fromBest, double bar)
        => new(name, fromBest.Count, fromBest[fromBest.Count / 2], fromBest[Math.Min(fromBest.Count - 1, (int)Math.Ceiling(fromBest.Count * 0.95) - 1)], bar);
}
