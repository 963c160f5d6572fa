using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MedCrm.Core.Foundation;

/// <summary>
/// A French sentence kept with its parts, so that a screen can say it in another language: written as an interpolated string, it keeps the
/// words around the holes apart from what fills them. Two sentences are the same when they read the same.
/// </summary>
[InterpolatedStringHandler]
public sealed class Sentence : IEquatable<Sentence>
{
    private readonly StringBuilder _format;
    private readonly List<object?> _arguments;

    /// <summary>Begins an interpolated sentence; the compiler calls it.</summary>
    public Sentence(int literalLength, int formattedCount)
        => (_format, _arguments) = (new StringBuilder(literalLength + (formattedCount * 3)), new List<object?>(formattedCount));

    private Sentence(string text)
        => (_format, _arguments) = (new StringBuilder(Escape(text)), []);

    /// <summary>The sentence as a composite format, « {0} est déjà terminée »; braces of the sentence itself are doubled. It is the key of its translation.</summary>
    public string Format => _format.ToString();

    /// <summary>
    /// What fills the holes of <see cref="Format"/>, in order: names and figures as they are, a sentence for words to be translated in their
    /// turn, an enum value for its label, several for a list of their labels inside the sentence.
    /// </summary>
    public IReadOnlyList<object?> Arguments => _arguments;

    /// <summary>A sentence without holes; none of none.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Sentence?(string? text) => text is null ? null : new(text);

    /// <summary>Several sentences, or words, one after the other.</summary>
    public static Sentence Join(string separator, IEnumerable<Sentence> parts)
    {
        var joined = new Sentence("");
        foreach (var part in parts)
        {
            joined.AppendLiteral(joined._arguments.Count == 0 ? "" : separator);
            joined.AppendFormatted(part);
        }

        return joined;
    }

    /// <summary>Words between two holes; the compiler calls it.</summary>
    public void AppendLiteral(string value) => _format.Append(Escape(value));

    /// <summary>What fills a hole; the compiler calls it.</summary>
    public void AppendFormatted(object? value, int alignment = 0, string? format = null)
    {
        _format.Append('{').Append(_arguments.Count);
        if (alignment != 0)
        {
            _format.Append(',').Append(alignment);
        }

        if (format is not null)
        {
            _format.Append(':').Append(format);
        }

        _format.Append('}');
        _arguments.Add(value);
    }

    /// <summary>What fills a hole, with its format; the compiler calls it.</summary>
    public void AppendFormatted(object? value, string? format) => AppendFormatted(value, 0, format);

    /// <summary>The sentence in another language: <paramref name="translate"/> gives the words for French ones, <paramref name="culture"/> writes figures and days.</summary>
    public string Say(CultureInfo culture, Func<string, string> translate)
        => string.Format(culture, translate(Format), [.. _arguments.Select(argument => Said(argument, culture, translate))]);

    /// <summary>The French sentence.</summary>
    public override string ToString() => Say(FrenchText.Culture, static words => words);

    /// <inheritdoc/>
    public bool Equals(Sentence? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Sentence);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static object? Said(object? argument, CultureInfo culture, Func<string, string> translate) => argument switch
    {
        Sentence words => words.Say(culture, translate),
        Enum value => translate(Labels.Of(value)),
        IEnumerable<Enum> values => string.Join(", ", values.Select(value => translate(Labels.Of(value)).ToLower(culture))),
        _ => argument,
    };

    private static string Escape(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
