using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Web.Kit.Forms;

namespace MedCrm.Web.Customers;

/// <summary>The official lists as the forms offer them.</summary>
public static class InstitutionChoices
{
    /// <summary>FINESS categories, under the families people think in.</summary>
    public static IReadOnlyList<SelectOption<string?>> Categories { get; } =
    [
        .. Nomenclature.Categories
            .OrderBy(category => category.Kind).ThenBy(category => category.Label, StringComparer.CurrentCulture)
            .Select(category => new SelectOption<string?>(category.Code, $"{category.Label} ({category.Code})", Labels.Of(category.Kind))),
    ];

    /// <summary>FINESS legal statuses, public ones first. Natural persons stay out.</summary>
    public static IReadOnlyList<SelectOption<string?>> LegalStatuses { get; } =
    [
        .. Nomenclature.LegalStatuses
            .Where(status => !status.IsNaturalPerson)
            .OrderBy(status => status.Ownership)
            .Select(status => new SelectOption<string?>(status.Code, $"{status.Label} ({status.Code})", Labels.Of(status.Ownership))),
    ];

    /// <summary>Departments and territories.</summary>
    public static IReadOnlyList<SelectOption<string?>> Departments { get; } =
        [.. Core.Customers.Departments.All.Select(department => new SelectOption<string?>(department.Code, $"{department.Code} {department.Name}"))];
}
