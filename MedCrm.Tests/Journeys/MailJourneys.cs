using MedCrm.Core.Mail;
using MedCrm.Tests.Mail;
using MedCrm.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class MailJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task Without_a_mail_server_a_message_waits_and_can_be_cancelled()
    {
        var page = await app.SignInAsync("admin@demo.test", "/admin/outbox");
        await Assertions.Expect(page.GetByTestId("mail-unset")).ToBeVisibleAsync();

        await page.GetByTestId("mail-trial").ClickAsync();
        await page.ReadToastAsync("Message d'essai mis dans la file pour admin@demo.test");
        await page.GetByTestId("status-Waiting").ClickAsync();
        await page.GetByTestId("list-row").First.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.GetByTestId("mail-status")).ToHaveAttributeAsync("data-value", "Waiting");
        await page.GetByTestId("mail-cancel").ClickAsync();

        await Assertions.Expect(page.GetByTestId("mail-status")).ToHaveAttributeAsync("data-value", "Cancelled");
        await Assertions.Expect(page.GetByTestId("mail-step")).ToContainTextAsync("Annulé.");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task An_administrator_sees_a_message_leave_and_decides_about_one_in_doubt()
    {
        await using var sink = SmtpSink.Start();
        await using var own = await RunningApp.StartAsync(configure: services => services.AddSingleton(Posted.SettingsFor(sink.Port)));
        var page = await own.SignInAsync("admin@demo.test", "/admin/outbox");

        await page.GetByTestId("mail-trial").ClickAsync();
        await Assertions.Expect(page.GetByTestId("status-Sent")).ToHaveAttributeAsync("data-value", "1");
        Assert.Equal(["admin@demo.test"], Assert.Single(sink.Mails).To);

        sink.HangsUp = HangUp.AfterTheDot;
        await page.GetByTestId("mail-trial").ClickAsync();
        await page.GetByTestId("mail-doubts").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.GetByTestId("list-row")).ToHaveCountAsync(1);
        await page.GetByTestId("list-row").GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByTestId("mail-resend").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();

        await Assertions.Expect(page.GetByTestId("mail-status")).ToHaveAttributeAsync("data-value", "Sent");
        await Assertions.Expect(page.GetByTestId("mail-attempts")).ToHaveAttributeAsync("data-value", "2");
        Assert.Equal(3, sink.Mails.Count);
        own.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Claire_shares_her_calendar_by_a_secret_address_and_takes_it_back()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/account");
        await page.GetByTestId("feed-open").ClickAsync();
        await Assertions.Expect(page.GetByTestId("feed-address")).ToBeVisibleAsync();
        var address = await page.GetByTestId("feed-address").InputValueAsync();
        using var program = new HttpClient();

        Assert.StartsWith("BEGIN:VCALENDAR\r\n", await program.GetStringAsync(new Uri(address)), StringComparison.Ordinal);
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByTestId("feed-read")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("feed-address")).ToHaveCountAsync(0);
        await page.GetByTestId("feed-close").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();

        await Assertions.Expect(page.GetByTestId("feed-open")).ToBeVisibleAsync();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await program.GetAsync(new Uri(address))).StatusCode);
        app.AssertNoProblems(page);
    }
}
