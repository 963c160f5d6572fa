using System.Text;

namespace MedCrm.Core.Calendars;

/// <summary>Somebody as address books exchange them: vCard 3.0 (RFC 2426), the version that Outlook reads best.</summary>
public sealed record VCard
{
    /// <summary>How the person is called; never empty.</summary>
    public required string FullName { get; init; }

    public required string LastName { get; init; }
    public string? FirstName { get; init; }

    /// <summary>« Dr », « Mme ».</summary>
    public string? Civility { get; init; }

    public string? Organization { get; init; }
    public string? Department { get; init; }
    public string? Title { get; init; }

    /// <summary>E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>E.164.</summary>
    public string? Mobile { get; init; }

    public string? Email { get; init; }
    public string? Street { get; init; }
    public string? AddressLine2 { get; init; }
    public string? City { get; init; }
    public string? Postcode { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; init; }

    /// <summary>Writes it.</summary>
    public string Write()
    {
        var lines = new ContentLines()
            .Add("BEGIN", "VCARD")
            .Add("VERSION", "3.0")
            .Add("N", Parts(LastName, FirstName, null, Civility, null))
            .AddText("FN", FullName);
        if (Organization is not null)
        {
            lines.Add("ORG", Department is null ? Parts(Organization) : Parts(Organization, Department));
        }

        lines.AddText("TITLE", Title)
            .AddText("TEL;TYPE=WORK,VOICE", Phone)
            .AddText("TEL;TYPE=CELL,VOICE", Mobile)
            .AddText("EMAIL;TYPE=INTERNET", Email);
        if (new[] { Street, AddressLine2, City, Postcode }.Any(part => part is not null))
        {
            lines.Add("ADR;TYPE=WORK", Parts(null, AddressLine2, Street, City, null, Postcode, null));
        }

        if (UpdatedAt is { } updatedAt)
        {
            lines.Add("REV", ContentLines.Moment(updatedAt));
        }

        return lines.Add("END", "VCARD").ToString();
    }

    /// <summary>Writes it as the bytes of a file.</summary>
    public byte[] WriteBytes() => Encoding.UTF8.GetBytes(Write());

    private static string Parts(params IReadOnlyList<string?> parts) => string.Join(';', parts.Select(ContentLines.Escape));
}
