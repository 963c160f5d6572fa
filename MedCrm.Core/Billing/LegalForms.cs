namespace MedCrm.Core.Billing;

/// <summary>A legal form of a seller, and what its papers must say of it.</summary>
/// <param name="Name">As printed, « SAS ».</param>
/// <param name="HasCapital">Its capital is named beside it (C. com. art. R123-238).</param>
/// <param name="IsRegistered">It is entered in the register of commerce, whose town is named (C. com. art. R123-237).</param>
public sealed record LegalForm(string Name, bool HasCapital, bool IsRegistered);

/// <summary>The legal forms that people choose from; another one is taken for a company with a capital.</summary>
public static class LegalForms
{
    /// <summary>All of them, the most frequent first.</summary>
    public static IReadOnlyList<LegalForm> All { get; } =
    [
        new("SAS", true, true),
        new("SASU", true, true),
        new("SARL", true, true),
        new("EURL", true, true),
        new("SA", true, true),
        new("SNC", true, true),
        new("SCA", true, true),
        new("SELARL", true, true),
        new("SELAS", true, true),
        new("SCOP SARL", true, true),
        new("SCOP SA", true, true),
        new("SCIC SA", true, true),
        new("Société civile", true, true),
        new("GIE", false, true),
        new("Association loi 1901", false, false),
        new("Fondation", false, false),
        new("Entrepreneur individuel (EI)", false, false),
    ];

    /// <summary>What is known of a form by its name.</summary>
    public static LegalForm Of(string name) => All.FirstOrDefault(form => string.Equals(form.Name, name, StringComparison.OrdinalIgnoreCase)) ?? new LegalForm(name, true, true);
}
