using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Engagement;

/// <summary>What somebody is typing about a call, a meeting or a note: its moment as a day and an hour of the team's time zone, and what follows.</summary>
public sealed class ActivityForm
{
    /// <summary>The day.</summary>
    public DateOnly? On { get; set; }

    /// <summary>The hour.</summary>
    public TimeOnly? Time { get; set; }

    /// <summary>The contacts who take part.</summary>
    public IReadOnlyList<Participant> Contacts { get; set; } = [];

    /// <summary>The colleagues who take part.</summary>
    public IReadOnlyList<Participant> Colleagues { get; set; } = [];

    /// <summary>What follows.</summary>
    public string? Next { get; set; }

    /// <summary>The day of what follows.</summary>
    public DateOnly? NextOn { get; set; }

    /// <summary>What follows, as the door takes it.</summary>
    public NextStep NextStep => new(Next, NextOn);

    /// <summary>The form of an activity.</summary>
    public static ActivityForm Of(ActivityDetails details, BusinessClock clock)
    {
        var local = clock.ToLocal(details.At);
        return new ActivityForm { On = DateOnly.FromDateTime(local), Time = new TimeOnly(local.Hour, local.Minute) };
    }

    /// <summary>The moment typed, UTC. The one already there is kept to the second while nobody touches it.</summary>
    /// <exception cref="BusinessRuleException">The day or the hour is missing.</exception>
    public DateTime Moment(DateTime before, BusinessClock clock)
    {
        if (On is not { } on)
        {
            throw new BusinessRuleException("Indiquez la date.", nameof(ActivityDetails.At));
        }

        if (Time is not { } time)
        {
            throw new BusinessRuleException("Indiquez l'heure.", nameof(Time));
        }

        var local = clock.ToLocal(before);
        return DateOnly.FromDateTime(local) == on && new TimeOnly(local.Hour, local.Minute) == time ? before : clock.ToUtc(on, time);
    }
}
