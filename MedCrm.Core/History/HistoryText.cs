using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.History;

/// <summary>A kept value as people read it: codes by their official label, ids by the name of what they stand for, moments in the team's time zone.</summary>
internal static class HistoryText
{
    /// <summary>The text of a value of a property; null when it was empty.</summary>
    public static string? Of(Type type, string property, string? text, IReadOnlyDictionary<Guid, string> names, BusinessClock clock)
    {
        if (text is null || type.GetProperty(property) is not { } known)
        {
            return text;
        }

        return property switch
        {
            nameof(Institution.CategoryCode) => Nomenclature.Category(text)?.Label ?? text,
            nameof(Institution.LegalStatusCode) => Nomenclature.LegalStatus(text)?.Label ?? text,
            nameof(Institution.RegionCode) => Nomenclature.Region(text)?.Label ?? text,
            nameof(Institution.DepartmentCode) => Departments.Find(text) is { } department ? $"{department.Name} ({text})" : text,
            nameof(Institution.Phone) or nameof(Institution.SecondPhone) or nameof(Institution.Fax) or nameof(Contact.Mobile) => PhoneNumber.FormatNational(text),
            _ when FieldChanges.Value(text, known.PropertyType) is decimal figure && FigureOf(type, property, figure) is { } told => told,
            _ => DisplayText.Of(FieldChanges.Value(text, known.PropertyType), id => names.GetValueOrDefault(id) ?? "fiche supprimée", clock.ToLocal),
        };
    }

    // Rates and quantities are no amounts of money.
    private static string? FigureOf(Type type, string property, decimal figure)
        => Labels.Has(type, property) && Labels.Of(type, property).EndsWith("(%)", StringComparison.Ordinal) ? $"{figure.ToString("0.##", FrenchText.Culture)} %"
            : property == "Quantity" ? figure.ToString("#,0.####", FrenchText.Culture)
            : null;

    /// <summary>Whether the texts of a property are words of the business.</summary>
    public static bool IsWords(Type type, string property)
        => property is nameof(Institution.CategoryCode) or nameof(Institution.LegalStatusCode) || (type.GetProperty(property) is { } known && DisplayText.IsWords(known.PropertyType));

    /// <summary>The id that a text stands for, when the property holds one.</summary>
    public static Guid? IdOf(Type type, string property, string? text)
        => (Nullable.GetUnderlyingType(type.GetProperty(property)?.PropertyType ?? typeof(object)) ?? type.GetProperty(property)?.PropertyType) == typeof(Guid) && Guid.TryParse(text, out var id) ? id : null;
}
