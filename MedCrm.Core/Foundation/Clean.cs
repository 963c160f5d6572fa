namespace MedCrm.Core.Foundation;

/// <summary>Texts as people type them, made ready to keep.</summary>
public static class Clean
{
    /// <summary>The text without surrounding blanks, null when nothing is left.</summary>
    /// <exception cref="BusinessRuleException">The text is longer than the field holds.</exception>
    public static string? Text(string? text, int longest, string field)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            return null;
        }

        return trimmed.Length <= longest
            ? trimmed
            : throw new BusinessRuleException($"Ce texte est trop long : {trimmed.Length} caractères pour {longest} au plus.", field);
    }

    /// <summary>Like <see cref="Text"/>, for a text that must be there.</summary>
    /// <exception cref="BusinessRuleException">The text is empty or too long.</exception>
    public static string Required(string? text, int longest, string field, string sentence)
        => Text(text, longest, field) ?? throw new BusinessRuleException(sentence, field);

    /// <summary>A text made by the product, cut to what a field holds.</summary>
    public static string Shortened(string text, int longest) => text.Length <= longest ? text : $"{text[..(longest - 1)]}…";

    /// <summary>A count that cannot be negative.</summary>
    /// <exception cref="BusinessRuleException">The count is negative or beyond a million.</exception>
    public static int? Count(int? count, string field)
        => count is null or (>= 0 and <= 1_000_000) ? count : throw new BusinessRuleException("Indiquez un nombre positif.", field);

    /// <summary>An e-mail address, lower case, or null.</summary>
    /// <exception cref="BusinessRuleException">The text has not the form of an address.</exception>
    public static string? Email(string? address, string field)
    {
        var text = Text(address, 254, field)?.ToLowerInvariant();
        return text is null || EmailAddress.IsValid(text) ? text : throw new BusinessRuleException("Cette adresse e-mail n'est pas valide.", field);
    }

    /// <summary>A web address with its scheme, http or https only, or null.</summary>
    /// <exception cref="BusinessRuleException">The text is not a web address.</exception>
    public static string? Website(string? address, string field)
    {
        var text = Text(address, 300, field);
        if (text is null)
        {
            return null;
        }

        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return WebAddress.IsValid(full)
            ? full
            : throw new BusinessRuleException("Cette adresse web n'est pas valide.", field);
    }
}
