using System.Diagnostics;

namespace MedCrm.Web.Bench;

/// <summary>One figure: what was timed, its median and 95th percentile in milliseconds, and the bar it must stay under (0 when there is none).</summary>
public sealed record Figure(string Name, int Runs, double Median, double P95, double Bar)
{
    /// <summary>Whether it counts lines per second: the more the better, and the 95th percentile is that of slowness.</summary>
    public bool IsRate { get; init; }

    /// <summary>How many times the median on the smaller installation; 0 when there is none.</summary>
    public double Growth { get; init; }

    /// <summary>Whether it keeps to its bar.</summary>
    public bool IsKept => Bar == 0 || (IsRate ? Median >= Bar : P95 <= Bar);
}

/// <summary>What is timed, against a bar in milliseconds. It receives the rank of the run.</summary>
public sealed record BenchAct(string Name, double Bar, Func<int, Task> RunAsync);

/// <summary>Times acts one after the other and keeps their figures.</summary>
public sealed class BenchTable
{
    private const int WarmUp = 60;
    private const int Runs = 120;

    private readonly List<Figure> _figures = [];

    /// <summary>The figures so far.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Runs an act some times after a warm-up, in turn with the same act on a smaller installation: both meet the same moments of the machine.</summary>
    public async Task TimeAsync(BenchAct act, BenchAct? onSmaller)
    {
        var (times, smaller) = (new List<double>(Runs), new List<double>(Runs));
        for (var run = -WarmUp; run < Runs; run++)
        {
            var onSmall = onSmaller is null ? 0 : await MillisecondsAsync(onSmaller, run + WarmUp);
            var onLarge = await MillisecondsAsync(act, run + WarmUp);
            if (run >= 0)
            {
                times.Add(onLarge);
                smaller.Add(onSmall);
            }
        }

        var before = FigureOf(act.Name, [.. smaller.Order()], 0).Median;
        var figure = FigureOf(act.Name, [.. times.Order()], act.Bar);
        _figures.Add(figure with { Growth = before == 0 ? 0 : figure.Median / before });
    }

    /// <summary>Keeps times measured elsewhere, in milliseconds.</summary>
    public void Add(string name, IReadOnlyCollection<double> times, double bar) => _figures.Add(FigureOf(name, [.. times.Order()], bar));

    /// <summary>Keeps rates measured elsewhere, in lines per second.</summary>
    public void AddRates(string name, IReadOnlyCollection<double> rates, double bar) => _figures.Add(FigureOf(name, [.. rates.OrderDescending()], bar) with { IsRate = true });

    private static async Task<double> MillisecondsAsync(BenchAct act, int run)
    {
        var start = Stopwatch.GetTimestamp();
        await act.RunAsync(run);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Figure FigureOf(string name, List<double> fromBest, double bar)
        => new(name, fromBest.Count, fromBest[fromBest.Count / 2], fromBest[Math.Min(fromBest.Count - 1, (int)Math.Ceiling(fromBest.Count * 0.95) - 1)], bar);
}
