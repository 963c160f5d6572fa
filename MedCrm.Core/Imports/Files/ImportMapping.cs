namespace MedCrm.Core.Imports.Files;

/// <summary>How a person matched the columns of a free file, and the values that needed explaining.</summary>
public sealed record ImportMapping
{
    /// <summary>The field each column feeds, by position; columns left out are ignored.</summary>
    public required IReadOnlyDictionary<int, ImportField> Columns { get; init; }

    /// <summary>What a text of the file stands for, for instance « Hôp. » of <see cref="ImportField.Category"/> for « 355 ».</summary>
    public IReadOnlyDictionary<(ImportField Field, string Text), string> Values { get; init; } = new Dictionary<(ImportField, string), string>();

    /// <summary>What a field takes when the file gives nothing.</summary>
    public IReadOnlyDictionary<ImportField, string> Defaults { get; init; } = new Dictionary<ImportField, string>();

    /// <summary>The mapping that takes every guess at least this sure.</summary>
    public static ImportMapping From(IEnumerable<ColumnGuess> guesses, double leastConfidence = 0.5) => new()
    {
        Columns = guesses
            .Where(guess => guess.Field is not null && guess.Confidence >= leastConfidence)
            .ToDictionary(guess => guess.Column, guess => guess.Field!.Value),
    };
}
