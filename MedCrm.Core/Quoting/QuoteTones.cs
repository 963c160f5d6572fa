namespace MedCrm.Core.Quoting;

/// <summary>The tone of the chip of a quote: colour says state and nothing else.</summary>
public static class QuoteTones
{
    /// <summary>The tone of where a quote stands.</summary>
    public static string Of(QuoteStatus status) => status switch
    {
        QuoteStatus.Accepted => "ok",
        QuoteStatus.Refused => "bad",
        QuoteStatus.Sent or QuoteStatus.Viewed => "info",
        QuoteStatus.Expired => "warn",
        _ => "neutral",
    };
}
