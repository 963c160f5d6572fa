using System.Collections;
using System.Globalization;

namespace MedCrm.Core.Foundation;

/// <summary>Values as people read them in French, for dialogs, the history and the audit.</summary>
public static class DisplayText
{
    private static readonly CultureInfo s_french = FrenchText.Culture;

    /// <summary>Whether the values of a type read as words of the business, to be said in the language of the screen; the others are figures, or what people wrote.</summary>
    public static bool IsWords(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var kind && (kind.IsEnum || kind == typeof(bool));

    /// <summary>A value in French; null when there is nothing to read. Amounts are in euros. Ids are given a name by <paramref name="nameOf"/>, moments a day and an hour by <paramref name="toLocal"/>.</summary>
    public static string? Of(object? value, Func<Guid, string?>? nameOf = null, Func<DateTime, DateTime>? toLocal = null) => value switch
    {
        null => null,
        string text => string.IsNullOrWhiteSpace(text) ? null : text,
        bool flag => flag ? "Oui" : "Non",
        Enum choice => Labels.Of(choice),
        Guid id => nameOf?.Invoke(id) ?? id.ToString(),
        DateOnly day => FrenchText.FormatDay(day),
        TimeOnly hour => hour.ToString("HH:mm", s_french),
        DateTime moment => (toLocal?.Invoke(moment) ?? moment).ToString("dd/MM/yyyy HH:mm", s_french),
        decimal amount => FrenchText.FormatAmount(amount),
        IFormattable number => number.ToString("N0", s_french),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(item => Of(item, nameOf, toLocal))) is { Length: > 0 } joined ? joined : null,
        _ => value.ToString(),
    };
}
