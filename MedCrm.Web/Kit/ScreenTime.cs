using System.Globalization;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Kit;

/// <summary>Moments and days as the screens write them, in the team's time zone.</summary>
public sealed class ScreenTime(BusinessClock clock)
{
    private static readonly CultureInfo s_french = FrenchText.Culture;

    /// <summary>« 21 nov. 2026 14:20 », without the year in the current one.</summary>
    public string Moment(DateTime utc)
    {
        var local = clock.ToLocal(utc);
        return local.ToString(local.Year == clock.Today.Year ? "d MMM HH:mm" : "d MMM yyyy HH:mm", s_french);
    }

    /// <summary>« 09:02 » today, « 20 nov. 09:02 » another day.</summary>
    public string Brief(DateTime utc) => clock.DayOf(utc) == clock.Today ? clock.ToLocal(utc).ToString("HH:mm", s_french) : Moment(utc);

    /// <summary>« samedi 21 novembre ».</summary>
    public string LongDay(DateOnly day) => day.ToString("dddd d MMMM", s_french);

    /// <summary>« 21 nov. », with the year outside the current one.</summary>
    public string Day(DateOnly day) => day.ToString(day.Year == clock.Today.Year ? "d MMM" : "d MMM yyyy", s_french);

    /// <summary>Today.</summary>
    public DateOnly Today => clock.Today;
}
