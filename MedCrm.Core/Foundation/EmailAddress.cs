using System.Text.RegularExpressions;

namespace MedCrm.Core.Foundation;

/// <summary>E-mail addresses as people type them.</summary>
public static partial class EmailAddress
{
    /// <summary>Whether a text has the form of one address.</summary>
    public static bool IsValid(string? address) => address is { Length: <= 254 } && Shape().IsMatch(address);

    [GeneratedRegex(@"^[^\s@""<>,;:()\[\]]+@[^\s@.""<>,;:()\[\]]+(\.[^\s@.""<>,;:()\[\]]+)+\z")]
    private static partial Regex Shape();
}
