using System.Text;
using MedCrm.Core.Calendars;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Mail;

/// <summary>What a server receives, read by the e-mail package of Python.</summary>
public sealed class MailFormatTests
{
    private const string Reader = """
        import email, email.policy
        mail = email.message_from_bytes(data, policy=email.policy.default)
        parts = [{'type': p.get_content_type(), 'method': p.get_param('method'), 'charset': p.get_content_charset(), 'name': p.get_filename(), 'text': p.get_content() if p.get_content_maintype() == 'text' else None, 'size': len(p.get_payload(decode=True) or b'')} for p in mail.walk() if not p.is_multipart()]
        print(json.dumps({'headers': {k: v for k, v in mail.items()}, 'names': [k for k, v in mail.items()], 'to': [[a.display_name, a.addr_spec] for a in mail['to'].addresses], 'kind': mail.get_content_type(), 'parts': parts, 'defects': [str(d) for p in mail.walk() for d in p.defects]}))
        """;

    [PythonFact("email", "python3")]
    public async Task Accents_long_names_and_files_arrive_as_they_were_written()
    {
        const string Subject = "Réunion de qualification — Centre hospitalier de Bourg-en-Bresse, site Fleyriat (élévation) 🏥";
        const string Text = "Bonjour Hélène,\n\n.\n..deux points\nune ligne très longue, très longue, très longue, très longue, très longue, très longue = la fin \nÀ bientôt";
        var mail = await SentAsync(details => details with
        {
            To = [new Correspondent("h.renaud@chu.test", "Renaud, Hélène \"Léna\""), new Correspondent("info@hôpital.fr", "O'Neil; Jean")],
            Cc = [new Correspondent("copie@chu.test")],
            ReplyTo = new Correspondent("claire@medcrm.test", "Claire Martin"),
            Subject = Subject,
            Text = Text,
            Html = "<p>Bonjour Hélène</p>",
            Files = [new MailFile("Devis n° 2026-0012 – Hôpital d'Évreux, bloc opératoire (version définitive signée).pdf", "application/pdf", [.. Enumerable.Range(0, 3000).Select(i => (byte)i)]), new MailFile("plan.txt", "pas un type", [65])],
        });

        Assert.All(mail.Text.Split("\r\n"), line => Assert.True(line.Length <= 78, line));
        Assert.All(mail.Content, octet => Assert.True(octet is >= 32 and < 127 or 13 or 10));
        var read = await Python.ReadAsync(mail.Content, Reader);
        Assert.Empty(read.GetProperty("defects").EnumerateArray());
        var headers = read.GetProperty("headers");
        Assert.Equal(Subject, headers.GetProperty("Subject").GetString());
        Assert.Equal("Claire Martin <claire@medcrm.test>", headers.GetProperty("Reply-To").GetString());
        Assert.Equal("Sat, 21 Nov 2026 08:30:00 +0000", headers.GetProperty("Date").GetString());
        Assert.Equal([("Renaud, Hélène \"Léna\"", "h.renaud@chu.test"), ("O'Neil; Jean", "info@xn--hpital-ixa.fr")], read.GetProperty("to").EnumerateArray().Select(who => (who[0].GetString()!, who[1].GetString()!)));
        Assert.Equal("multipart/mixed", read.GetProperty("kind").GetString());
        var parts = read.GetProperty("parts").EnumerateArray().ToList();
        Assert.Equal(["text/plain", "text/html", "application/pdf", "application/octet-stream"], parts.Select(part => part.GetProperty("type").GetString()));
        Assert.Equal(Text, parts[0].GetProperty("text").GetString()!.ReplaceLineEndings("\n").TrimEnd((char)10));
        Assert.Equal(("Devis n° 2026-0012 – Hôpital d'Évreux, bloc opératoire (version définitive signée).pdf", 3000), (parts[2].GetProperty("name").GetString(), parts[2].GetProperty("size").GetInt32()));
    }

    [PythonFact("icalendar", "python3-icalendar")]
    public async Task An_invitation_travels_as_a_calendar_with_its_method()
    {
        var start = new DateTime(2026, 12, 1, 9, 0, 0, DateTimeKind.Utc);
        var calendar = new CalendarFile(
            [CalendarEvent.At("meeting-1@medcrm", "Visite du bloc, à Nantes", start, start.AddHours(1)) with { Organizer = new CalendarPerson("crm@medcrm.test", "Claire"), Attendees = [new CalendarAttendee("h.renaud@chu.test")] }],
            CalendarMethod.Request).Write(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), start);
        var mail = await SentAsync(details => details with { Calendar = new MailCalendar(CalendarMethod.Request, calendar) });

        var read = await Python.ReadAsync(mail.Content, Reader);
        Assert.Equal("multipart/alternative", read.GetProperty("kind").GetString());
        var part = read.GetProperty("parts")[1];
        Assert.Equal(("text/calendar", "REQUEST", "utf-8"), (part.GetProperty("type").GetString(), part.GetProperty("method").GetString(), part.GetProperty("charset").GetString()));
        Assert.Equal(calendar, part.GetProperty("text").GetString()!.ReplaceLineEndings("\r\n"));
        var summary = await Python.ReadAsync(Encoding.UTF8.GetBytes(part.GetProperty("text").GetString()!), "import icalendar\nc = icalendar.Calendar.from_ical(data)\nprint(json.dumps([str(c['METHOD']), str(c.walk('VEVENT')[0]['SUMMARY'])]))");
        Assert.Equal(["REQUEST", "Visite du bloc, à Nantes"], summary.EnumerateArray().Select(text => text.GetString()));
    }

    [PythonFact("email", "python3")]
    public async Task A_line_end_in_a_subject_or_a_name_starts_no_header()
    {
        var mail = await SentAsync(details => details with
        {
            To = [new Correspondent("h.renaud@chu.test", "Hélène\r\nBcc: voleur@ailleurs.test")],
            ReplyTo = new Correspondent("claire@medcrm.test", "Claire\nX-Un: 1"),
            Subject = "Bonjour\r\nBcc: voleur@ailleurs.test\r\n\r\nCorps\u2028X-Deux: 2",
            Files = [new MailFile("a\"\r\nX-Quatre: 4.pdf", "text/html\r\nX-Cinq: 5", [65])],
        });

        Assert.Equal(["h.renaud@chu.test"], mail.To);
        var read = await Python.ReadAsync(mail.Content, Reader);
        Assert.Equal(["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"], read.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("Bonjour Bcc: voleur@ailleurs.test Corps X-Deux: 2", read.GetProperty("headers").GetProperty("Subject").GetString());
        Assert.DoesNotContain("\r\nX-", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a@b.test\n")]
    [InlineData("a@b.test\r\nRCPT TO:<voleur@ailleurs.test>")]
    [InlineData("a b@c.test")]
    [InlineData("<a@b.test>")]
    [InlineData("a@b.test,c@d.test")]
    [InlineData("élodie@chu.test")]
    [InlineData("a@b..test")]
    [InlineData("")]
    public void An_address_that_servers_do_not_take_is_refused_when_the_message_is_queued(string address)
    {
        if (address.EndsWith('\n'))
        {
            Assert.False(EmailAddress.IsValid(address));
            return;
        }

        Assert.Throws<BusinessRuleException>(() => Message(address));
    }

    [Fact]
    public void A_message_goes_to_a_hundred_people_and_carries_fifteen_megabytes_at_most()
    {
        Correspondent[] people = [.. Enumerable.Range(0, 101).Select(i => new Correspondent($"p{i}@chu.test"))];
        Assert.Equal(100, Message(details => details with { To = people[..100] }).Recipients.Count);
        Assert.Throws<BusinessRuleException>(() => Message(details => details with { To = people[..1], Cc = people[1..] }));
        Assert.Throws<BusinessRuleException>(() => Message(details => details with { To = [] }));
        Assert.Throws<BusinessRuleException>(() => Message(details => details with { Files = [new MailFile("a", "application/pdf", new byte[MessageDetails.MostBytes])] }));
    }

    private static OutgoingMessage Message(string address) => Message(details => details with { To = [new Correspondent(address)] });

    private static OutgoingMessage Message(Func<MessageDetails, MessageDetails> with)
        => new(with(new MessageDetails { Key = "k", To = [new Correspondent("a@b.test")], Subject = "S", Text = "T" }), Core.Access.Actor.System, DateTime.UtcNow);

    private static async Task<TakenMail> SentAsync(Func<MessageDetails, MessageDetails> with)
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink, ("FromName", "MedCRM – Équipe"));
        await world.QueueAsync(with: with);
        Assert.Equal(1, await world.SendAsync());
        return Assert.Single(sink.Mails);
    }
}
