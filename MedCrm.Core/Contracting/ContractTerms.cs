namespace MedCrm.Core.Contracting;

/// <summary>
/// How long a contract runs and how it goes on. Every day follows from the original start and the months opened since, never from the day before it:
/// a contract of 31 August renewed by six months ends on 27 February, then again on 30 August.
/// </summary>
/// <param name="StartsOn">The first day.</param>
/// <param name="Months">The months opened so far: the initial term and every renewal.</param>
/// <param name="IsTacit">It goes on by itself unless notice is given in time (C. civ. art. 1215).</param>
/// <param name="RenewalMonths">How many months a renewal adds.</param>
/// <param name="Renewals">How often it was renewed.</param>
/// <param name="MostRenewals">How often it may be; null for no limit. A public contract states it (CCP art. R2112-4).</param>
/// <param name="NoticeMonths">How many months before the term notice must be given.</param>
public readonly record struct ContractTerms(DateOnly StartsOn, int Months, bool IsTacit, int RenewalMonths, int Renewals, int? MostRenewals, int NoticeMonths)
{
    /// <summary>How many days before the term, or before the last day for notice, somebody is told.</summary>
    public static IReadOnlyList<int> AlertDays { get; } = [90, 60, 30];

    /// <summary>The day a next period would start.</summary>
    public DateOnly RenewsOn => StartsOn.AddMonths(Months);

    /// <summary>The last day of the present term.</summary>
    public DateOnly EndsOn => RenewsOn.AddDays(-1);

    /// <summary>The last day on which notice counts: the months are taken off the day of renewal, and the day before is the last.</summary>
    public DateOnly LastNoticeOn => RenewsOn.AddMonths(-NoticeMonths).AddDays(-1);

    /// <summary>Whether it goes on by itself at the end of the present term.</summary>
    public bool WillRenew => IsTacit && RenewalMonths > 0 && (MostRenewals is null || Renewals < MostRenewals);

    /// <summary>
    /// The days between which a non-professional must be told in writing that it may refuse the renewal: from three months to one month before the last day for
    /// notice (C. conso. art. L215-1).
    /// </summary>
    public (DateOnly From, DateOnly To) InformationWindow => (LastNoticeOn.AddMonths(-3), LastNoticeOn.AddMonths(-1));

    /// <summary>The terms once renewed by some months.</summary>
    public ContractTerms Renewed(int months) => this with { Months = Months + months, Renewals = Renewals + 1 };

    /// <summary>The day on which somebody is told, so many days before another.</summary>
    public static DateOnly AlertOn(DateOnly deadline, int days) => deadline.AddDays(-days);

    /// <summary>Which alerts of a deadline have come on a day: those whose day is reached, as long as the deadline is not past; the most pressing last.</summary>
    public static IEnumerable<int> AlertsReached(DateOnly deadline, DateOnly today)
        => today > deadline ? [] : AlertDays.Where(days => AlertOn(deadline, days) <= today);
}
