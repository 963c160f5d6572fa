namespace MedCrm.Core.Customers;

/// <summary>The tone of the chips of this room: colour says state and nothing else.</summary>
public static class Tones
{
    /// <summary>Where an institution stands with us.</summary>
    public static string Of(CustomerStatus status) => status switch
    {
        CustomerStatus.Customer => "ok",
        CustomerStatus.HotProspect => "warn",
        _ => "neutral",
    };

    /// <summary>The state of its conformity.</summary>
    public static string Of(Conformity conformity) => conformity switch
    {
        Conformity.Compliant => "ok",
        Conformity.NonCompliant => "bad",
        Conformity.Expired => "warn",
        _ => "neutral",
    };

    /// <summary>The weight of a contact in a decision.</summary>
    public static string Of(Influence influence) => influence switch
    {
        Influence.DecisionMaker => "ok",
        Influence.Opponent => "bad",
        Influence.Unknown => "neutral",
        _ => "info",
    };

    /// <summary>An icon beside the tone, so that nothing is said by colour alone.</summary>
    public static string? IconOf(Conformity conformity) => conformity switch
    {
        Conformity.Compliant => "verified",
        Conformity.NonCompliant => "gpp_bad",
        Conformity.Expired => "history_toggle_off",
        _ => null,
    };
}
