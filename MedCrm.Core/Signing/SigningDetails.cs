using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;
using MedCrm.Core.Printing;

namespace MedCrm.Core.Signing;

/// <summary>What sending a quote asks for.</summary>
public sealed record SendingDetails
{
    /// <summary>Where the personal address of each reader goes in the message.</summary>
    public const string LinkMark = "[lien]";

    /// <summary>Given when the form opens: the same message leaves once, however often it is sent.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    [Display(Name = "À")] public IReadOnlyList<Guid> ContactIds { get; set; } = [];
    [Display(Name = "Autre adresse")] public string? OtherEmail { get; set; }
    [Display(Name = "Objet")] public string? Subject { get; set; }
    [Display(Name = "Message")] public string? Text { get; set; }
    [Display(Name = "Joindre un lien pour lire et signer en ligne")] public bool WithLink { get; set; }
}

/// <summary>Somebody the quote can be sent to.</summary>
public sealed record SendingContact(Guid Id, string Name, string? Title, string Email);

/// <summary>A quote about to be sent: the message made ready, and what stands in the way.</summary>
/// <param name="QuoteName">Its number and version.</param>
/// <param name="Version">The version that was read.</param>
/// <param name="IsFirst">It leaves for the first time.</param>
/// <param name="Details">The message.</param>
/// <param name="Contacts">Whom it can go to.</param>
/// <param name="MayLeave">A mail server is set.</param>
/// <param name="IsReachable">The address of the server is known and is not this machine alone.</param>
/// <param name="CanPrint">PDFs are made here.</param>
public sealed record SendingDraft(string QuoteName, Guid Version, bool IsFirst, SendingDetails Details, IReadOnlyList<SendingContact> Contacts, bool MayLeave, bool IsReachable, bool CanPrint);

/// <summary>The address under which customers reach the server, MedCrm:PublicUrl; null when it is not set.</summary>
public sealed record PublicSite(Uri? Url)
{
    /// <summary>Whether a customer can come in under it.</summary>
    public bool IsReachable => Url is { IsLoopback: false };
}

/// <summary>What a signer gives.</summary>
public sealed record SigningDetails
{
    public string? Name { get; set; }
    public string? Quality { get; set; }

    /// <summary>The box is ticked.</summary>
    public bool Consents { get; set; }

    /// <summary>The drawn signature as a data address of a PNG; null when the name is typed alone.</summary>
    public string? Drawing { get; set; }

    /// <summary>The one-time code, where the company asks for it.</summary>
    public string? Code { get; set; }

    /// <summary>The lines of the options taken.</summary>
    public IReadOnlyList<Guid> OptionIds { get; set; } = [];
}

/// <summary>What somebody finds behind the address they were sent.</summary>
public enum CustomerPageState
{
    /// <summary>No such address.</summary>
    Unknown,

    /// <summary>A later address took its place.</summary>
    LinkReplaced,

    /// <summary>Its days are over.</summary>
    LinkExpired,

    /// <summary>The quote can be answered.</summary>
    Open,

    /// <summary>The last day of the quote is over.</summary>
    QuoteExpired,

    /// <summary>A later version took the place of the quote.</summary>
    QuoteReplaced,

    /// <summary>It was accepted.</summary>
    Accepted,

    /// <summary>It was refused.</summary>
    Refused,

    /// <summary>The file on the server is not the one that was sent: nothing is signed.</summary>
    Altered,
}

/// <summary>An option that can be taken. Euros excluding VAT.</summary>
public sealed record CustomerOption(Guid LineId, string Description, decimal Net);

/// <summary>What the page of a customer shows.</summary>
public sealed record CustomerQuote
{
    public required CustomerPageState State { get; init; }

    /// <summary>Who sells; empty behind an unknown address.</summary>
    public string SellerName { get; init; } = "";

    public string QuoteName { get; init; } = "";
    public string Title { get; init; } = "";

    /// <summary>The quote, as it is printed; null when it is not shown.</summary>
    public QuotePrint? Print { get; init; }

    public DateOnly ValidUntil { get; init; }

    /// <summary>When the address stops answering, local time.</summary>
    public DateTime LinkUntil { get; init; }

    /// <summary>For whom the address was made.</summary>
    public string ReaderName { get; init; } = "";

    /// <summary>Where codes go, its middle hidden: « h•••@chu.fr ».</summary>
    public string? ReaderEmail { get; init; }

    /// <summary>The sentence to agree to.</summary>
    public string ConsentText { get; init; } = "";

    /// <summary>A one-time code is asked for.</summary>
    public bool AsksCode { get; init; }

    /// <summary>A code left and can still be entered.</summary>
    public bool CodeIsUnderWay { get; init; }

    public IReadOnlyList<CustomerOption> Options { get; init; } = [];

    /// <summary>The lines as they stand, from which totals are made.</summary>
    public IReadOnlyList<LineDetails> Lines { get; init; } = [];

    /// <summary>Euros excluding VAT.</summary>
    public GlobalDiscount Discount { get; init; }

    /// <summary>The options that the signer took, one a line, with their amounts; empty before, and where none was.</summary>
    public string TakenOptions { get; init; } = "";

    /// <summary>Who accepted it, when (local time); null otherwise.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When it was answered, local time.</summary>
    public DateTime? DecidedAt { get; init; }

    /// <summary>It was signed under this very address: the certificate can be read under it.</summary>
    public bool HasCertificate { get; init; }

    /// <summary>Whom to ask.</summary>
    public string? Contact { get; init; }

    /// <summary>The totals that an acceptance with these options has, the discount on the whole shared again; what is no option of the quote changes nothing.</summary>
    public DocumentTotals TotalsWith(IReadOnlyCollection<Guid> optionIds)
        => DocumentTotals.Of(Lines.Select(line => line.LineId is { } id && optionIds.Contains(id) ? line with { IsOption = false } : line), Discount);
}
