namespace MedCrm.Core.Contracting;

/// <summary>The tone of the chips of a contract: colour says state and nothing else.</summary>
public static class ContractTones
{
    /// <summary>Where it stands.</summary>
    public static string Of(ContractStatus status) => status switch
    {
        ContractStatus.Active => "ok",
        ContractStatus.Noticed => "warn",
        ContractStatus.Terminated => "bad",
        _ => "neutral",
    };
}
