namespace MedCrm.Web.Account;

/// <summary>Where somebody goes after signing in: an address of this site or the home page, never another site.</summary>
public static class ReturnAddress
{
    /// <summary>The address when it is local, else the home page.</summary>
    public static string Safe(string? address)
        => address is "/" || (address is ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl)) ? address : "/";

    /// <summary>An address of ours that carries where to go next.</summary>
    public static string With(string page, string? next)
        => Safe(next) is "/" ? page : $"{page}?returnUrl={Uri.EscapeDataString(Safe(next))}";
}
