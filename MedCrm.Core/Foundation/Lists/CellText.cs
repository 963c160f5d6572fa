using System.Globalization;
using System.Reflection;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>The value of a cell as an editor writes and reads it: invariant for what a control gives, French for what a person types.</summary>
public static class CellText
{
    /// <summary>A value in the writing of an editor; tags with commas between.</summary>
    public static string? Write(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        NamedId record => record.Id.ToString(),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal amount => amount.ToString("0.##", FrenchText.Culture),
        IEnumerable<string> texts => string.Join(", ", texts),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The value of a property that a text stands for.</summary>
    /// <exception cref="BusinessRuleException">The text is not a value of that kind.</exception>
    public static object? Read(ListColumn column, PropertyInfo property, string? text, DateOnly today)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var typed = text?.Trim() ?? "";
        if (type == typeof(string))
        {
            return typed.Length > 0 || property.PropertyType != type ? typed : "";
        }

        if (type.IsAssignableTo(typeof(IEnumerable<string>)))
        {
            return LabelList.Split(typed);
        }

        if (typed.Length == 0)
        {
            return type != property.PropertyType
                ? null
                : type == typeof(bool) ? false : throw Refusal("Indiquez une valeur.");
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, typed, out var choice) && Enum.IsDefined(type, choice) ? choice : throw Refusal("Choisissez une valeur de la liste.");
        }

        if (type == typeof(Guid))
        {
            return Guid.TryParse(typed, out var id) ? id : throw Refusal("Choisissez une valeur de la liste.");
        }

        if (type == typeof(bool))
        {
            return typed is "true" or "on";
        }

        if (type == typeof(DateOnly))
        {
            return FrenchInput.TryParseDay(typed, today, out var day) ? day : throw Refusal("Ce n'est pas une date : écrivez par exemple 15/12/2026.");
        }

        if (!FrenchInput.TryParseAmount(typed, out var amount))
        {
            throw Refusal("Ce n'est pas un nombre.");
        }

        if (type == typeof(decimal))
        {
            return amount;
        }

        return amount == decimal.Truncate(amount) && Math.Abs(amount) <= int.MaxValue ? (int)amount : throw Refusal("Indiquez un nombre entier.");

        BusinessRuleException Refusal(string sentence) => new(sentence, column.Edited?.Name);
    }
}
