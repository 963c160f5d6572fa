using MedCrm.Core.Customers;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Customers;

/// <summary>The official lists as the forms offer them.</summary>
public static class InstitutionChoices
{
    /// <summary>FINESS categories, under the families people think in.</summary>
    public static IReadOnlyList<SelectOption<string?>> Categories(IStringLocalizer t) =>
    [
        .. Nomenclature.Categories
            .OrderBy(category => category.Kind).ThenBy(category => category.Label, StringComparer.CurrentCulture)
            .Select(category => new SelectOption<string?>(category.Code, $"{t[category.Label]} ({category.Code})", t.Of(category.Kind))),
    ];

    /// <summary>FINESS legal statuses, public ones first. Natural persons stay out.</summary>
    public static IReadOnlyList<SelectOption<string?>> LegalStatuses(IStringLocalizer t) =>
    [
        .. Nomenclature.LegalStatuses
            .Where(status => !status.IsNaturalPerson)
            .OrderBy(status => status.Ownership)
            .Select(status => new SelectOption<string?>(status.Code, $"{t[status.Label]} ({status.Code})", t.Of(status.Ownership))),
    ];

    /// <summary>Departments and territories.</summary>
    public static IReadOnlyList<SelectOption<string?>> Departments { get; } =
        [.. Core.Customers.Departments.All.Select(department => new SelectOption<string?>(department.Code, $"{department.Code} {department.Name}"))];
}
