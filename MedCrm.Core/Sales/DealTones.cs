namespace MedCrm.Core.Sales;

/// <summary>The tone of the chips of a deal: colour says state and nothing else.</summary>
public static class DealTones
{
    /// <summary>How it ended, if it did.</summary>
    public static string Of(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Won => "ok",
        StageOutcome.Lost => "bad",
        _ => "neutral",
    };

    /// <summary>How its follow-up stands.</summary>
    public static string Of(FollowUpState state) => state switch
    {
        FollowUpState.Rotting => "bad",
        FollowUpState.NoNextAction => "warn",
        _ => "neutral",
    };
}
