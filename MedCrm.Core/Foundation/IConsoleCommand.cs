namespace MedCrm.Core.Foundation;

/// <summary>A command that does one thing, prints its progress and a result line, and exits.</summary>
public interface IConsoleCommand
{
    /// <summary>The first word of the command line.</summary>
    string Name { get; }

    /// <summary>Whether the database must be ready (migrated) before it runs.</summary>
    bool NeedsDatabase => true;

    /// <summary>Does it and returns the exit code.</summary>
    Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken);
}
