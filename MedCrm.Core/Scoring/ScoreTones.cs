namespace MedCrm.Core.Scoring;

/// <summary>The tones and icons of scores: never by colour alone.</summary>
public static class ScoreTones
{
    /// <summary>The tone of a class of health.</summary>
    public static string Of(HealthClass health) => health switch
    {
        HealthClass.Good => "ok",
        HealthClass.Fair => "warn",
        _ => "bad",
    };

    /// <summary>The icon of a class of health.</summary>
    public static string IconOf(HealthClass health) => health switch
    {
        HealthClass.Good => "sentiment_satisfied",
        HealthClass.Fair => "sentiment_neutral",
        _ => "sentiment_dissatisfied",
    };
}
