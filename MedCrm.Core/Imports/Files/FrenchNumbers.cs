using System.Globalization;

namespace MedCrm.Core.Imports.Files;

/// <summary>The culture in which numbers are written inside sentences shown to people.</summary>
internal static class FrenchNumbers
{
    /// <summary>French as written in France.</summary>
    public static CultureInfo Culture { get; } = CultureInfo.GetCultureInfo("fr-FR");
}
