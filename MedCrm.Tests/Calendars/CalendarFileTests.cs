using System.Text;
using MedCrm.Core.Calendars;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Calendars;

/// <summary>Calendars and cards, octet by octet.</summary>
public sealed class CalendarFileTests
{
    private static readonly TimeZoneInfo s_paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
    private static readonly DateTime s_stamp = Utc(2026, 11, 21, 8, 30);

    [Fact]
    public void A_line_folds_at_75_octets_and_never_inside_a_character()
    {
        const string Value = "Réunion de qualification — Centre hospitalier de Bourg-en-Bresse, site Fleyriat (élévation)";

        var lines = new ContentLines().Add("SUMMARY", Value).ToString().Split("\r\n");

        Assert.Equal(["SUMMARY:Réunion de qualification — Centre hospitalier de Bourg-en-Bresse", " , site Fleyriat (élévation)", ""], lines);
        Assert.Equal((75, 30), (Encoding.UTF8.GetByteCount(lines[0]), Encoding.UTF8.GetByteCount(lines[1])));
    }

    [Theory]
    [InlineData("é", 200)]
    [InlineData("—", 200)]
    [InlineData("🏥", 200)]
    [InlineData("a", 68)]
    [InlineData("a", 67)]
    public void Folded_lines_come_back_as_they_were(string character, int times)
    {
        var value = string.Concat(Enumerable.Repeat(character, times));

        var bytes = Encoding.UTF8.GetBytes(new ContentLines().Add("SUMMARY", value).ToString());
        var lines = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).Split("\r\n");

        Assert.All(lines, line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75));
        Assert.All(lines.SkipLast(1), line => new UTF8Encoding(false, true).GetBytes(line));
        Assert.Equal($"SUMMARY:{value}", string.Concat(lines.Select((line, place) => place == 0 ? line : line.Length == 0 ? "" : line[1..])));
        Assert.Equal(times == 67 ? 2 : 3, times > 100 ? 3 : lines.Length);
    }

    [Theory]
    [InlineData("a\\b;c,d", @"a\\b\;c\,d")]
    [InlineData("une\r\ndeux\ntrois\rquatre", @"une\ndeux\ntrois\nquatre")]
    [InlineData("a\u0007b\tc", "ab\tc")]
    [InlineData(null, "")]
    public void Texts_are_escaped(string? text, string escaped) => Assert.Equal(escaped, ContentLines.Escape(text));

    [Theory]
    [InlineData("Claire Martin", "Claire Martin")]
    [InlineData("Renaud, Hélène", "\"Renaud, Hélène\"")]
    [InlineData("Bloc : Nantes", "\"Bloc : Nantes\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("Hélène \"Léna\" Renaud", "Hélène 'Léna' Renaud")]
    [InlineData("Hélène\r\nATTENDEE:mailto:x@y.test", "\"Hélène  ATTENDEE:mailto:x@y.test\"")]
    public void Parameters_are_quoted_where_they_must_be(string name, string written) => Assert.Equal(written, ContentLines.Parameter(name));

    [Fact]
    public void An_invitation_is_written_to_the_octet()
    {
        var invitation = new CalendarFile([Meeting() with { Sequence = 2 }], CalendarMethod.Request);

        Assert.Equal(
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//MedCRM//MedCRM//FR
            CALSCALE:GREGORIAN
            METHOD:REQUEST
            BEGIN:VTIMEZONE
            TZID:Europe/Paris
            BEGIN:DAYLIGHT
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            TZNAME:CEST
            DTSTART:19700329T020000
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
            END:DAYLIGHT
            BEGIN:STANDARD
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            TZNAME:CET
            DTSTART:19701025T030000
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            END:STANDARD
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:meeting-1@medcrm
            DTSTAMP:20261121T083000Z
            SEQUENCE:2
            DTSTART;TZID=Europe/Paris:20260715T090000
            DTEND;TZID=Europe/Paris:20260715T100000
            SUMMARY:Visite du bloc\, avec devis\; à Nantes
            DESCRIPTION:Ordre du jour :\n1. Salles\n2. Prix \\ délais
            LOCATION:CHU de Nantes\, Nantes
            URL:https://crm.example.org/opportunities/1
            ORGANIZER;CN=Claire Martin:mailto:claire@medcrm.test
            ATTENDEE;CN="Renaud, Hélène";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;R
             SVP=TRUE:mailto:h.renaud@chu.test
            ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:jean+bloc@chu.test
            STATUS:CONFIRMED
            TRANSP:OPAQUE
            CREATED:20260701T080000Z
            LAST-MODIFIED:20260702T080000Z
            END:VEVENT
            END:VCALENDAR

            """.ReplaceLineEndings("\r\n"),
            invitation.Write(s_paris, s_stamp));
    }

    [Fact]
    public void A_cancellation_says_so_and_keeps_its_identity()
    {
        var text = new CalendarFile([Meeting() with { Sequence = 3 }], CalendarMethod.Cancel).Write(s_paris, s_stamp);

        foreach (var line in new[] { "METHOD:CANCEL", "UID:meeting-1@medcrm", "SEQUENCE:3", "STATUS:CANCELLED" })
        {
            Assert.Contains($"\r\n{line}\r\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_kept_is_stamped_with_its_last_change_and_what_is_sent_with_its_sending()
    {
        Assert.Contains("\r\nDTSTAMP:20260702T080000Z\r\n", new CalendarFile([Meeting()]).Write(s_paris, s_stamp), StringComparison.Ordinal);
        Assert.Contains("\r\nDTSTAMP:20261121T083000Z\r\n", new CalendarFile([Meeting()], CalendarMethod.Request).Write(s_paris, s_stamp), StringComparison.Ordinal);
    }

    [Fact]
    public void Winter_and_summer_keep_their_hour_and_other_zones_write_utc()
    {
        static string[] Moments(DateTime start, TimeZoneInfo zone)
            => [.. new CalendarFile([CalendarEvent.At("u", "s", start, start.AddMinutes(30))]).Write(zone, s_stamp).Split("\r\n").Where(line => line.StartsWith("DTSTART;TZID", StringComparison.Ordinal) || line.StartsWith("DTSTART:2", StringComparison.Ordinal) || line.StartsWith("DTEND", StringComparison.Ordinal))];

        Assert.Equal(["DTSTART;TZID=Europe/Paris:20260715T090000", "DTEND;TZID=Europe/Paris:20260715T093000"], Moments(Utc(2026, 7, 15, 7, 0), s_paris));
        Assert.Equal(["DTSTART;TZID=Europe/Paris:20260115T090000", "DTEND;TZID=Europe/Paris:20260115T093000"], Moments(Utc(2026, 1, 15, 8, 0), s_paris));

        // 02:30 is lived twice on that night: UTC alone says which.
        Assert.Equal(["DTSTART:20261025T003000Z", "DTEND:20261025T010000Z"], Moments(Utc(2026, 10, 25, 0, 30), s_paris));
        Assert.Equal(["DTSTART:20261025T013000Z", "DTEND;TZID=Europe/Paris:20261025T030000"], Moments(Utc(2026, 10, 25, 1, 30), s_paris));
        Assert.Equal(["DTSTART:20260115T080000Z", "DTEND:20260115T083000Z"], Moments(Utc(2026, 1, 15, 8, 0), TimeZoneInfo.FindSystemTimeZoneById("Indian/Reunion")));
    }

    [Fact]
    public void Whole_days_end_on_the_day_after()
    {
        var text = new CalendarFile([CalendarEvent.On("a", "Un jour", new DateOnly(2026, 3, 5)), CalendarEvent.On("b", "Fin d'année", new DateOnly(2026, 12, 30), new DateOnly(2026, 12, 31))]).Write(s_paris, s_stamp);

        Assert.Contains("DTSTART;VALUE=DATE:20260305\r\nDTEND;VALUE=DATE:20260306\r\n", text, StringComparison.Ordinal);
        Assert.Contains("DTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270101\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("VTIMEZONE", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_sense_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => CalendarEvent.At("u", "s", s_stamp, s_stamp.AddMinutes(-1)));
        Assert.Throws<ArgumentException>(() => CalendarEvent.On("u", "s", new DateOnly(2026, 3, 5), new DateOnly(2026, 3, 4)));
        Assert.Throws<InvalidOperationException>(() => new CalendarFile([Meeting() with { Organizer = null }], CalendarMethod.Request).Write(s_paris, s_stamp));
        Assert.Throws<InvalidOperationException>(() => new CalendarFile([Meeting() with { Attendees = [] }], CalendarMethod.Cancel).Write(s_paris, s_stamp));
    }

    [Fact]
    public void A_published_calendar_asks_nobody_to_answer()
        => Assert.DoesNotContain("ATTENDEE", new CalendarFile([Meeting()], CalendarMethod.Publish).Write(s_paris, s_stamp), StringComparison.Ordinal);

    [PythonFact("icalendar", "python3-icalendar")]
    public async Task Another_program_reads_what_was_meant()
    {
        var file = new CalendarFile([Meeting(), CalendarEvent.On("day@medcrm", "Salon", new DateOnly(2026, 3, 5)) with { IsFree = true }]) { Name = "MedCRM – Claire Martin", RefreshEvery = TimeSpan.FromHours(1) };

        var read = await Python.ReadAsync(file.WriteBytes(s_paris, s_stamp), """
            import icalendar
            c = icalendar.Calendar.from_ical(data)
            print(json.dumps({
                'name': str(c['X-WR-CALNAME']), 'every': str(c['REFRESH-INTERVAL'].dt if hasattr(c['REFRESH-INTERVAL'], 'dt') else c['REFRESH-INTERVAL']),
                'zones': len(c.walk('VTIMEZONE')),
                'events': [{'uid': str(e['UID']), 'summary': str(e['SUMMARY']), 'start': e['DTSTART'].dt.isoformat(), 'end': e['DTEND'].dt.isoformat(), 'description': str(e.get('DESCRIPTION', '')),
                    'guests': [[str(a), a.params.get('CN', ''), a.params['PARTSTAT']] for a in (e.get('ATTENDEE', []) if isinstance(e.get('ATTENDEE', []), list) else [e['ATTENDEE']])]} for e in c.walk('VEVENT')],
                'errors': [str(x) for e in c.walk() for x in e.errors]}))
            """);

        Assert.Empty(read.GetProperty("errors").EnumerateArray());
        Assert.Equal(("MedCRM – Claire Martin", 1), (read.GetProperty("name").GetString(), read.GetProperty("zones").GetInt32()));
        var events = read.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(("Visite du bloc, avec devis; à Nantes", "2026-07-15T09:00:00+02:00", "2026-07-15T10:00:00+02:00", "Ordre du jour :\n1. Salles\n2. Prix \\ délais"), (Text(events[0], "summary"), Text(events[0], "start"), Text(events[0], "end"), Text(events[0], "description")));
        Assert.Equal([("mailto:h.renaud@chu.test", "Renaud, Hélène", "NEEDS-ACTION"), ("mailto:jean+bloc@chu.test", "", "ACCEPTED")], events[0].GetProperty("guests").EnumerateArray().Select(guest => (guest[0].GetString()!, guest[1].GetString()!, guest[2].GetString()!)));
        Assert.Equal(("2026-03-05", "2026-03-06"), (Text(events[1], "start"), Text(events[1], "end")));

        static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();
    }

    [Fact]
    public void A_card_is_written_to_the_octet()
    {
        var card = new VCard
        {
            FullName = "Hélène Renaud",
            LastName = "Renaud",
            FirstName = "Hélène",
            Civility = "Dr",
            Organization = "Centre hospitalier de Bourg-en-Bresse, site Fleyriat",
            Department = "Bloc; SSPI",
            Title = "Cheffe du bloc",
            Phone = "+33474454647",
            Mobile = "+33612345678",
            Email = "h.renaud@chu.test",
            Street = "900 route de Paris",
            City = "Viriat",
            Postcode = "01440",
            UpdatedAt = s_stamp,
        };

        Assert.Equal(
            """
            BEGIN:VCARD
            VERSION:3.0
            N:Renaud;Hélène;;Dr;
            FN:Hélène Renaud
            ORG:Centre hospitalier de Bourg-en-Bresse\, site Fleyriat;Bloc\; SSPI
            TITLE:Cheffe du bloc
            TEL;TYPE=WORK,VOICE:+33474454647
            TEL;TYPE=CELL,VOICE:+33612345678
            EMAIL;TYPE=INTERNET:h.renaud@chu.test
            ADR;TYPE=WORK:;;900 route de Paris;Viriat;;01440;
            REV:20261121T083000Z
            END:VCARD

            """.ReplaceLineEndings("\r\n"),
            card.Write());
    }

    private static CalendarEvent Meeting() => CalendarEvent.At("meeting-1@medcrm", "Visite du bloc, avec devis; à Nantes", Utc(2026, 7, 15, 7, 0), Utc(2026, 7, 15, 8, 0)) with
    {
        Description = "Ordre du jour :\r\n1. Salles\n2. Prix \\ délais",
        Location = "CHU de Nantes, Nantes",
        Url = "https://crm.example.org/opportunities/1",
        Organizer = new CalendarPerson("claire@medcrm.test", "Claire Martin"),
        Attendees = [new CalendarAttendee("h.renaud@chu.test", "Renaud, Hélène"), new CalendarAttendee("jean+bloc@chu.test", Participation: Participation.Accepted)],
        CreatedAt = Utc(2026, 7, 1, 8, 0),
        UpdatedAt = Utc(2026, 7, 2, 8, 0),
    };

    private static DateTime Utc(int year, int month, int day, int hour, int minute) => new(year, month, day, hour, minute, 0, DateTimeKind.Utc);
}
