using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MedCrm.Core.History;

/// <summary>A field before and after, as invariant text.</summary>
public sealed record FieldChange(string Field, string? Before, string? After);

/// <summary>Writes and reads the fields of a <see cref="RecordChange"/>, and turns values into invariant text and back.</summary>
public static class FieldChanges
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The changes as stored.</summary>
    public static string Write(IReadOnlyList<FieldChange> changes)
        => JsonSerializer.Serialize(changes.ToDictionary(change => change.Field, change => new[] { change.Before, change.After }), s_options);

    /// <summary>The changes as they were.</summary>
    public static IReadOnlyList<FieldChange> Read(string fields)
        => [.. JsonSerializer.Deserialize<Dictionary<string, string?[]>>(fields)!.Select(pair => new FieldChange(pair.Key, pair.Value[0], pair.Value[1]))];

    /// <summary>A value as invariant text.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTime moment => moment.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly hour => hour.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        // 99.90 typed and 99.9 read back are one amount.
        decimal amount => amount.ToString("0.##########", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The value that a text stands for.</summary>
    public static object? Value(string? text, Type type)
    {
        if (text is null)
        {
            return null;
        }

        var kind = Nullable.GetUnderlyingType(type) ?? type;
        if (kind.IsEnum)
        {
            return Enum.Parse(kind, text);
        }

        return kind switch
        {
            _ when kind == typeof(string) => text,
            _ when kind == typeof(Guid) => Guid.Parse(text),
            _ when kind == typeof(DateTime) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            _ when kind == typeof(DateTimeOffset) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            _ when kind == typeof(DateOnly) => DateOnly.Parse(text, CultureInfo.InvariantCulture),
            _ when kind == typeof(TimeOnly) => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
            _ => Convert.ChangeType(text, kind, CultureInfo.InvariantCulture),
        };
    }
}
