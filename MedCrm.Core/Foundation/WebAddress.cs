namespace MedCrm.Core.Foundation;

/// <summary>Web addresses, for forms and imports alike.</summary>
public static class WebAddress
{
    /// <summary>Whether a text with its scheme is one: http or https, a host with a name and a dot, no user before it.</summary>
    public static bool IsValid(string address)
        => Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", UserInfo.Length: 0 }
            && uri.Host.Contains('.', StringComparison.Ordinal)
            && uri.Host.Any(char.IsLetter);
}
