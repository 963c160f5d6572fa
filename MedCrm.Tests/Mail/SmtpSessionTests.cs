using MedCrm.Core.Mail;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Mail;

/// <summary>How we speak with a mail server, and what is not said to one that is not trusted.</summary>
public sealed class SmtpSessionTests
{
    private static readonly byte[] s_mail = "Subject: x\r\n\r\n.\r\n..\r\nfin"u8.ToArray();
    private static readonly SmtpManners s_trusting = Posted.Hurried with { Trust = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" };

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task The_password_and_the_message_travel_encrypted(string security)
    {
        await using var sink = SmtpSink.Start();
        sink.IsEncrypted = security == "Tls";
        sink.Offers = ["STARTTLS", "AUTH LOGIN PLAIN"];
        var settings = Posted.SettingsFor(sink.Port, ("Security", security), ("User", "crm"), ("Password", "été à la mer"));

        await using (var session = await SmtpSession.OpenAsync(settings, s_trusting))
        {
            await session.SendAsync(["a@b.test"], s_mail, () => Task.CompletedTask);
        }

        Assert.Equal("Subject: x\r\n\r\n.\r\n..\r\nfin\r\n", Assert.Single(sink.Mails).Text);
        Assert.DoesNotContain(sink.Commands, command => !command.StartsWith("(encrypted)", StringComparison.Ordinal) && !command.StartsWith("EHLO", StringComparison.Ordinal) && command != "STARTTLS");
        Assert.Contains($"(encrypted) AUTH PLAIN {Convert.ToBase64String("\0crm\0été à la mer"u8)}", sink.Commands);
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task A_certificate_signed_by_nobody_ends_the_conversation(string security)
    {
        await using var sink = SmtpSink.Start();
        sink.IsEncrypted = security == "Tls";
        sink.Offers = ["STARTTLS", "AUTH PLAIN"];

        var refusal = await Assert.ThrowsAsync<MailServerException>(() => SmtpSession.OpenAsync(Posted.SettingsFor(sink.Port, ("Security", security), ("User", "crm"), ("Password", "secret")), Posted.Hurried));

        Assert.Contains("certificat", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(sink.Commands, command => command.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_the_encryption_asked_for_is_told_nothing()
    {
        await using var sink = SmtpSink.Start();

        var refusal = await Assert.ThrowsAsync<MailServerException>(() => SmtpSession.OpenAsync(Posted.SettingsFor(sink.Port, ("Security", "StartTls")), s_trusting));

        Assert.Contains("ne propose pas STARTTLS", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(sink.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_larger_than_the_server_takes_is_not_sent()
    {
        await using var sink = SmtpSink.Start();
        sink.Offers = ["SIZE 20"];
        await using var session = await SmtpSession.OpenAsync(Posted.SettingsFor(sink.Port), Posted.Hurried);

        var answers = await session.SendAsync(["a@b.test"], s_mail, () => Task.CompletedTask);

        Assert.Equal(552, answers["a@b.test"].Code);
        Assert.Empty(sink.Mails);
        Assert.True(session.IsOpen);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_not_waited_for_without_end()
    {
        await using var sink = SmtpSink.Start();
        var hurry = new SmtpManners(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300));
        await using var session = await SmtpSession.OpenAsync(Posted.SettingsFor(sink.Port), hurry);
        using var silence = new ManualResetEventSlim();
        sink.Says = said =>
        {
            if (said == ".")
            {
                silence.Wait(TimeSpan.FromSeconds(30));
            }

            return null;
        };

        var cut = await Assert.ThrowsAsync<MailServerException>(() => session.SendAsync(["a@b.test"], s_mail, () => Task.CompletedTask));
        silence.Set();

        Assert.True(cut.MayHaveTaken);
    }

    [Theory]
    [InlineData("Port", "abc", "Port")]
    [InlineData("Port", "70000", "Port")]
    [InlineData("Security", "Oui", "Security")]
    [InlineData("From", "pas une adresse", "From")]
    [InlineData("From", "", "From manque")]
    [InlineData("User", "crm", "Password")]
    public void Settings_that_cannot_work_are_named(string key, string value, string named)
    {
        var settings = Posted.SettingsFor(25, (key, value));

        Assert.False(settings.IsUsable);
        Assert.Contains(named, settings.Fault!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_choose_the_usual_port_and_keep_the_password_to_themselves()
    {
        static MailSettings With(string? security) => MailSettings.Read(key => key switch { "Host" => "smtp.test", "From" => "a@b.test", "Security" => security, "User" => "crm", "Password" => "secret", _ => null });

        Assert.Equal([587, 465, 25], new[] { null, "tls", "None" }.Select(security => With(security).Port));
        Assert.Equal("smtp.test:587", With(null).ToString());
        Assert.False(MailSettings.Read(_ => "").IsUsable);
    }
}
