using System.Globalization;
using System.Text;

namespace MedCrm.Core.Calendars;

/// <summary>A calendar as programs exchange it (RFC 5545): an invitation or its cancellation that travels with a message, or a feed.</summary>
/// <param name="Events">What it holds.</param>
/// <param name="Method">What it asks for; a feed has none.</param>
public sealed record CalendarFile(IReadOnlyList<CalendarEvent> Events, CalendarMethod? Method = null)
{
    private const string Paris = "Europe/Paris";

    // Since 1996 both changes follow one rule in the whole Union; before, nobody looks.
    private static readonly (string Name, string Value)[] s_paris =
    [
        ("BEGIN", "VTIMEZONE"),
        ("TZID", Paris),
        ("BEGIN", "DAYLIGHT"),
        ("TZOFFSETFROM", "+0100"),
        ("TZOFFSETTO", "+0200"),
        ("TZNAME", "CEST"),
        ("DTSTART", "19700329T020000"),
        ("RRULE", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        ("END", "DAYLIGHT"),
        ("BEGIN", "STANDARD"),
        ("TZOFFSETFROM", "+0200"),
        ("TZOFFSETTO", "+0100"),
        ("TZNAME", "CET"),
        ("DTSTART", "19701025T030000"),
        ("RRULE", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    ];

    /// <summary>How a feed is called in the program that reads it.</summary>
    public string? Name { get; init; }

    /// <summary>How often a feed asks to be read again.</summary>
    public TimeSpan? RefreshEvery { get; init; }

    /// <summary>Writes it. Hours are those of Paris with their zone, so that a clock change does not move them; another zone gives UTC.</summary>
    /// <param name="zone">The team's time zone.</param>
    /// <param name="stamp">The moment it is written, UTC.</param>
    /// <exception cref="InvalidOperationException">An invitation lacks its organizer or its guests.</exception>
    public string Write(TimeZoneInfo zone, DateTime stamp)
    {
        if (Method is CalendarMethod.Request or CalendarMethod.Cancel && Events.Any(entry => entry.Organizer is null || entry.Attendees.Count == 0))
        {
            throw new InvalidOperationException("An invitation names its organizer and its guests.");
        }

        var hasZone = zone.Id == Paris && (Events.Count == 0 || Events.Any(entry => entry.StartAt is not null));
        var lines = new ContentLines()
            .Add("BEGIN", "VCALENDAR")
            .Add("VERSION", "2.0")
            .Add("PRODID", "-//MedCRM//MedCRM//FR")
            .Add("CALSCALE", "GREGORIAN");
        if (Method is { } method)
        {
            lines.Add("METHOD", method.ToString().ToUpperInvariant());
        }

        lines.AddText("X-WR-CALNAME", Name).AddText("NAME", Name);
        if (RefreshEvery is { } every)
        {
            var duration = string.Create(CultureInfo.InvariantCulture, $"PT{(int)every.TotalMinutes}M");
            lines.Add("REFRESH-INTERVAL;VALUE=DURATION", duration).Add("X-PUBLISHED-TTL", duration);
        }

        if (hasZone)
        {
            foreach (var (name, value) in s_paris)
            {
                lines.Add(name, value);
            }
        }

        foreach (var entry in Events)
        {
            Add(lines, entry, zone, stamp);
        }

        return lines.Add("END", "VCALENDAR").ToString();
    }

    /// <summary>Writes it as the bytes of a file.</summary>
    public byte[] WriteBytes(TimeZoneInfo zone, DateTime stamp) => Encoding.UTF8.GetBytes(Write(zone, stamp));

    private void Add(ContentLines lines, CalendarEvent entry, TimeZoneInfo zone, DateTime stamp)
    {
        // What is sent is stamped with its sending, what is kept with its last change (RFC 5545, 3.8.7.2).
        lines.Add("BEGIN", "VEVENT").AddText("UID", entry.Uid).Add("DTSTAMP", ContentLines.Moment(Method is null ? entry.UpdatedAt ?? stamp : stamp)).Add("SEQUENCE", entry.Sequence.ToString(CultureInfo.InvariantCulture));
        if (entry is { StartAt: { } startAt, EndAt: { } endAt })
        {
            AddMoment(lines, "DTSTART", startAt, zone);
            AddMoment(lines, "DTEND", endAt, zone);
        }
        else
        {
            // The end is the first day after.
            lines.Add("DTSTART;VALUE=DATE", Day(entry.FirstOn!.Value)).Add("DTEND;VALUE=DATE", Day(entry.LastOn!.Value.AddDays(1)));
        }

        lines.AddText("SUMMARY", entry.Summary).AddText("DESCRIPTION", entry.Description).AddText("LOCATION", entry.Location);
        if (Uri.TryCreate(entry.Url, UriKind.Absolute, out var url))
        {
            lines.Add("URL", url.AbsoluteUri);
        }

        if (entry.Organizer is { } organizer)
        {
            lines.Add($"ORGANIZER{NameOf(organizer.Name)}", AddressOf(organizer.Address));
        }

        // A published event names nobody who would have to answer (RFC 5546, 3.2.1).
        foreach (var attendee in Method is CalendarMethod.Publish ? [] : entry.Attendees)
        {
            var rsvp = attendee.Participation is Participation.NeedsAction ? ";RSVP=TRUE" : "";
            lines.Add($"ATTENDEE{NameOf(attendee.Name)};ROLE=REQ-PARTICIPANT;PARTSTAT={Word(attendee.Participation)}{rsvp}", AddressOf(attendee.Address));
        }

        lines.Add("STATUS", (Method is CalendarMethod.Cancel ? CalendarStatus.Cancelled : entry.Status).ToString().ToUpperInvariant());
        lines.Add("TRANSP", entry.IsFree ? "TRANSPARENT" : "OPAQUE");
        if (entry.CreatedAt is { } createdAt)
        {
            lines.Add("CREATED", ContentLines.Moment(createdAt));
        }

        if (entry.UpdatedAt is { } updatedAt)
        {
            lines.Add("LAST-MODIFIED", ContentLines.Moment(updatedAt));
        }

        lines.Add("END", "VEVENT");
    }

    // In the hour lived twice, local time means the first one alone: the event is then written in UTC.
    private static void AddMoment(ContentLines lines, string name, DateTime utc, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);
        if (zone.Id != Paris || zone.IsAmbiguousTime(local))
        {
            lines.Add(name, ContentLines.Moment(utc));
        }
        else
        {
            lines.Add($"{name};TZID={Paris}", local.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture));
        }
    }

    private static string NameOf(string? name) => string.IsNullOrWhiteSpace(name) ? "" : $";CN={ContentLines.Parameter(name)}";

    // What an address may hold and a mailto address may not is percent-encoded (RFC 6068).
    private static string AddressOf(string address)
        => "mailto:" + string.Concat(address.Trim().EnumerateRunes().Select(rune => rune.IsAscii && (Rune.IsLetterOrDigit(rune) || "@.-_+~!$'*".Contains((char)rune.Value, StringComparison.Ordinal)) ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));

    private static string Word(Participation participation) => participation switch
    {
        Participation.Accepted => "ACCEPTED",
        Participation.Declined => "DECLINED",
        Participation.Tentative => "TENTATIVE",
        _ => "NEEDS-ACTION",
    };

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
