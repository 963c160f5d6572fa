using System.Globalization;
using System.Text.RegularExpressions;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Printing;

/// <summary>Who sells, made ready to print.</summary>
public static partial class Sellers
{
    private const int LargestLogo = 2_000_000;

    /// <summary>The company as its documents show it.</summary>
    public static Seller Of(Company company, DataFolder folder) => new()
    {
        Name = company.TradeName ?? company.LegalName ?? "",
        Address = Addresses.Lines(company.Street, company.AddressLine2, company.Postcode, company.City),
        Reach = [.. new[] { company.Phone is { } phone ? PhoneNumber.FormatNational(phone) : null, company.Email, company.Website }.OfType<string>()],
        Mentions = [.. MentionsOf(company), .. company.Footer is { Length: > 0 } footer ? [footer] : Array.Empty<string>()],
        Logo = LogoOf(company, folder),
        Accent = company.Accent is { } accent && Colour().IsMatch(accent) ? accent : Seller.Usual,
        Iban = company.Iban is { } iban ? Grouped(iban, 4) : null,
        Bic = company.Bic,
    };

    /// <summary>A number in groups, « 123 456 782 », its blanks holding it on one line.</summary>
    public static string Grouped(string number, int size) => string.Join('\u00A0', number.Chunk(size).Select(group => new string(group)));

    // C. com. art. R123-237 and R123-238; CGI ann. II art. 242 nonies A I-2° and 5°.
    private static IEnumerable<string> MentionsOf(Company company)
    {
        var legal = new List<string>();
        if (company.LegalName is { } name)
        {
            legal.Add(company is { LegalForm: { } form, ShareCapital: { } capital } ? $"{name}, {form} au capital de {FrenchText.FormatWholeAmount(capital)}"
                : company.LegalForm is { } alone ? $"{name}, {alone}"
                : name);
        }

        if (Addresses.Lines(company.Street, company.AddressLine2, company.Postcode, company.City) is { Count: > 0 } address)
        {
            legal.Add(string.Join(", ", address));
        }

        if (legal.Count > 0)
        {
            yield return string.Join(" · ", legal);
        }

        var numbers = new List<string>();
        if (company.Siren is { } siren)
        {
            numbers.Add(company.RcsCity is { } city ? $"RCS {city} {Grouped(siren, 3)}" : $"SIREN {Grouped(siren, 3)}");
        }

        if (company.Siret is { } siret)
        {
            numbers.Add($"SIRET {Siret.Format(siret)}");
        }

        if (company.VatNumber is { } vat)
        {
            numbers.Add($"N° de TVA {vat}");
        }

        if (numbers.Count > 0)
        {
            yield return string.Join(" · ", numbers);
        }
    }

    private static string? LogoOf(Company company, DataFolder folder)
    {
        if (company.LogoPath is not { } path || Path.Combine(folder.Files, path) is var file && !File.Exists(file) || new FileInfo(file).Length > LargestLogo)
        {
            return null;
        }

        var content = File.ReadAllBytes(file);
        return MediaTypeOf(content) is { } type ? string.Create(CultureInfo.InvariantCulture, $"data:{type};base64,{Convert.ToBase64String(content)}") : null;
    }

    // By what the file holds, never by its name; a drawing in SVG could carry more than a picture.
    private static string? MediaTypeOf(byte[] content) => content switch
    {
        [0x89, 0x50, 0x4E, 0x47, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x57, 0x45, 0x42, 0x50, ..] => "image/webp",
        _ => null,
    };

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$")]
    private static partial Regex Colour();
}

/// <summary>Postal addresses as they are printed.</summary>
public static class Addresses
{
    /// <summary>The lines that say something: the street, its complement, the postcode with the town.</summary>
    public static IReadOnlyList<string> Lines(string? street, string? addressLine2, string? postcode, string? city)
        => [.. new[] { street, addressLine2, $"{postcode} {city}".Trim() }.Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => line!)];
}
