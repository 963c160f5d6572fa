using System.Diagnostics;
using System.Globalization;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data.Seed;

/// <summary><c>seed --scale S [--seed N]</c>: invented records in the measure of a large installation, the same for the same numbers.</summary>
public sealed class SeedCommand(IDbContextFactory<MedCrmDbContext> contexts, WriteGate gate, BusinessClock clock) : IConsoleCommand
{
    /// <inheritdoc/>
    public string Name => "seed";

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (!TryRead(args, "--scale", 1m, out var scale) || scale is <= 0 or > 10 || !TryRead(args, "--seed", 1m, out var seed))
        {
            await output.WriteLineAsync("Usage : seed --scale S [--seed N], S de 0,001 à 10.");
            return 1;
        }

        var watch = Stopwatch.StartNew();
        var world = new SeedWorld(contexts, gate, clock, (int)seed);
        var counts = await world.FillAsync(scale, line => output.WriteLine($"{watch.Elapsed.TotalSeconds,6:F1} s  {line}"), cancellationToken);
        await output.WriteLineAsync(counts);
        return 0;
    }

    private static bool TryRead(string[] args, string option, decimal otherwise, out decimal value)
    {
        value = otherwise;
        var index = Array.IndexOf(args, option);
        return index < 0 || (index + 1 < args.Length && decimal.TryParse(args[index + 1], NumberStyles.Number, CultureInfo.InvariantCulture, out value));
    }
}
