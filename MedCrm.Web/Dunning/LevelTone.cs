using MedCrm.Core.Dunning;

namespace MedCrm.Web.Dunning;

/// <summary>The tone in which a level shows.</summary>
public static class LevelTone
{
    /// <summary>The tone of a level.</summary>
    public static string? Of(DunningLevel level) => level switch
    {
        DunningLevel.Formal => "bad",
        DunningLevel.Firm => "warn",
        _ => "info",
    };
}
