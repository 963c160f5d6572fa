using System.Reflection;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Duplicates;

/// <summary>
/// Joins the details of several records field by field: what somebody picked, else the value of the record that stays, else the only one,
/// else the one of the record changed last. Lists and notes are joined.
/// </summary>
internal static class MergeFields
{
    private const string BetweenNotes = "\n\n";

    /// <summary>The fields of a form that a merge decides about, in the order of the form.</summary>
    public static IEnumerable<PropertyInfo> Of(Type details)
        => details.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(field => field.CanWrite && field.Name != nameof(InstitutionDetails.AcceptsWrongKeys) && Labels.Has(details, field.Name));

    /// <summary>Whether both values stay, one after the other.</summary>
    public static bool IsJoined(PropertyInfo field)
        => field.PropertyType == typeof(IReadOnlyList<string>) || field.Name is nameof(InstitutionDetails.Notes) or nameof(InstitutionDetails.ConformityNotes);

    /// <summary>Whether a value says nothing: no text, no choice made.</summary>
    public static bool IsEmpty(object? value) => value switch
    {
        null => true,
        string text => string.IsNullOrWhiteSpace(text),
        Enum choice => Convert.ToInt64(choice, null) == 0,
        IReadOnlyCollection<string> texts => texts.Count == 0,
        _ => false,
    };

    /// <summary>The record whose value a field takes when nobody picks: <paramref name="sides"/> begin with the one that stays, then come the others, the last changed first.</summary>
    public static Guid DefaultOf(PropertyInfo field, IReadOnlyList<(Guid Id, object Details)> sides)
    {
        var filled = sides.Where(side => !IsEmpty(field.GetValue(side.Details))).ToList();
        return filled.Count > 0 ? filled[0].Id : sides[0].Id;
    }

    /// <summary>The details that the record that stays takes. <paramref name="current"/> is what it holds now, its labels joined already.</summary>
    public static TDetails Merge<TDetails>(TDetails current, IReadOnlyList<(Guid Id, object Details)> sides, IReadOnlyDictionary<string, Guid> picks)
        where TDetails : class
    {
        foreach (var field in Of(typeof(TDetails)))
        {
            if (!IsJoined(field))
            {
                var from = picks.TryGetValue(field.Name, out var picked) && sides.Any(side => side.Id == picked) ? picked : DefaultOf(field, sides);
                field.SetValue(current, field.GetValue(sides.First(side => side.Id == from).Details));
            }
            else if (field.PropertyType == typeof(string))
            {
                field.SetValue(current, JoinedText(field, sides));
            }
        }

        return current;
    }

    /// <summary>Notes one after the other, each once.</summary>
    public static string? JoinedText(PropertyInfo field, IReadOnlyList<(Guid Id, object Details)> sides)
        => string.Join(BetweenNotes, sides.Select(side => ((string?)field.GetValue(side.Details))?.Trim()).Where(text => !string.IsNullOrEmpty(text)).Distinct()) is { Length: > 0 } joined ? joined : null;

    /// <summary>Labels of all, each once.</summary>
    public static IReadOnlyList<string> JoinedTexts(PropertyInfo field, IReadOnlyList<(Guid Id, object Details)> sides)
        => LabelList.Clean(sides.SelectMany(side => (IReadOnlyList<string>)field.GetValue(side.Details)!), field.Name);
}
