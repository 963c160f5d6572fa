using MedCrm.Core.FollowUp;

namespace MedCrm.Web.FollowUp;

/// <summary>What a line of « Ma journée » is asking.</summary>
public enum DayAct
{
    None,
    Finish,
    PutOff,
}

/// <summary>What came of a line, and what follows.</summary>
public sealed record DayFinish(string? Result, NextStep Next);

/// <summary>Until when a line is put off; a dormant deal asks for the reason.</summary>
public sealed record DayDelay(DateOnly Until, string? Reason);
