using System.Security.Claims;
using System.Text.RegularExpressions;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Signing;
using MedCrm.Tests.Mail;
using MedCrm.Tests.Printing;
using MedCrm.Tests.Support;
using MedCrm.Web.Account;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed partial class SigningJourneys
{
    [PdfFact]
    public async Task A_customer_without_account_reads_asks_signs_and_the_deal_is_won()
    {
        await using var sink = SmtpSink.Start();
        await using var own = await RunningApp.StartAsync(configure: services => services.AddSingleton(Posted.SettingsFor(sink.Port)));
        var quote = await SendAsync(own);
        var mail = await NextAsync(sink, 1);
        var link = Link().Match(mail.Text.Replace("=\r\n", "", StringComparison.Ordinal)).Groups[1].Value;

        // On a telephone, with nobody signed in.
        var page = await own.VisitAsync($"/p/{link}", (390, 844));
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Devis {quote.RecordName}" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Journée de formation").First).ToBeVisibleAsync();
        await page.GetByTestId("field-Question").FillAsync("Le déplacement est-il compris ?");
        await page.GetByTestId("ask").ClickAsync();
        await Assertions.Expect(page.GetByTestId("customer-said")).ToBeVisibleAsync();

        // The server counts what is ticked, and says it before it is signed.
        await Assertions.Expect(page.GetByTestId("total-gross")).ToHaveAttributeAsync("data-value", "2352.00");
        await page.GetByTestId("option").CheckAsync();
        await Assertions.Expect(page.GetByTestId("total-gross")).ToHaveAttributeAsync("data-value", "2952.00");
        await Assertions.Expect(page.GetByTestId("recount")).ToBeHiddenAsync();

        await page.GetByTestId("sign").ClickAsync();
        await Assertions.Expect(page.GetByTestId("error-Quality").Or(page.GetByTestId("error-Name"))).ToBeVisibleAsync();
        await page.GetByTestId("field-Name").FillAsync("Hélène Renaud");
        await page.GetByTestId("field-Quality").FillAsync("Cheffe du bloc");
        var canvas = page.Locator("[data-signature]");
        await canvas.ScrollIntoViewIfNeededAsync();
        var box = (await canvas.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 40, box.Y + 60);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 120, box.Y + 30, new() { Steps = 8 });
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 70, new() { Steps = 8 });
        await page.Mouse.UpAsync();
        await page.GetByTestId("field-Consents").CheckAsync();
        await page.GetByTestId("sign").DblClickAsync();

        await Assertions.Expect(page.GetByTestId("customer-end")).ToHaveAttributeAsync("data-value", "Accepted", new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByTestId("accepted-total")).ToHaveAttributeAsync("data-value", "2952.00");
        await Assertions.Expect(page.GetByTestId("accepted-options")).ToContainTextAsync("Suivi annuel");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("certificate").ClickAsync());
        var certificate = await PdfText.OfAsync(await File.ReadAllBytesAsync((await download.PathAsync())!));
        Assert.True(PdfText.Says(certificate, "Certificat de signature"), certificate);
        Assert.True(PdfText.Says(certificate, "Hélène Renaud, Cheffe du bloc"), certificate);
        Assert.True(PdfText.Says(certificate, quote.PdfSha256!), certificate);
        Assert.True(PdfText.Says(certificate, "Europe/Paris"), certificate);
        await (await File.ReadAllBytesAsync((await download.PathAsync())!)).KeepForTheEyeAsync("certificate");

        await using var db = own.Open();
        var accepted = await db.Quotes.SingleAsync(q => q.Id == quote.Id);
        Assert.Equal((QuoteStatus.Accepted, "Hélène Renaud"), (accepted.Status, accepted.AcceptedBy));
        Assert.Equal(StageOutcome.Won, (await db.Opportunities.SingleAsync(o => o.Id == quote.OpportunityId)).Outcome);
        Assert.NotNull((await db.SignatureEvidences.SingleAsync()).Drawing);
        Assert.Contains("Signature-", (await NextAsync(sink, 2)).Text, StringComparison.Ordinal);
        own.AssertNoProblems(page);
    }

    private static async Task<TakenMail> NextAsync(SmtpSink sink, int count)
    {
        for (var i = 0; i < 300 && sink.Mails.Count < count; i++)
        {
            await Task.Delay(100);
        }

        Assert.True(sink.Mails.Count >= count, $"Only {sink.Mails.Count} mails came.");
        return sink.Mails.ElementAt(count - 1);
    }

    private static async Task<Quote> SendAsync(RunningApp own)
    {
        Quote quote;
        Guid sender;
        await using (var db = own.Open())
        {
            var claire = await db.Users.SingleAsync(user => user.Email == "sales1@demo.test");
            sender = claire.Id;
            var deal = await db.Opportunities.Include(o => o.Institution).FirstAsync(o => o.Outcome == StageOutcome.Open && o.OwnerId == claire.Id);
            var contact = new Contact(new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "renaud@chu.test" }, DateTime.UtcNow);
            contact.Join(new ContactRoleDetails { InstitutionId = deal.InstitutionId, Title = "Cheffe du bloc" }, DateTime.UtcNow);
            var today = DateOnly.FromDateTime(DateTime.UtcNow);
            quote = new Quote(
                new QuoteDetails
                {
                    Title = "Formation du bloc",
                    InstitutionId = deal.InstitutionId,
                    ContactId = contact.Id,
                    OpportunityId = deal.Id,
                    OwnerId = claire.Id,
                    TeamId = claire.TeamId,
                    IssuedOn = today,
                    ValidUntil = today.AddDays(30),
                    Lines = [new LineDetails { Description = "Journée de formation", Quantity = 2, Unit = "jour", UnitPrice = 980 }, new LineDetails { Description = "Suivi annuel", UnitPrice = 500, IsOption = true }],
                },
                "D-2099-0001",
                1,
                DateTime.UtcNow);
            db.Begin(Actor.System, "Test");
            db.AddRange(contact, quote);
            await db.SaveChangesAsync();
        }

        await using var scope = own.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<SignedInUser>().Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, sender.ToString())], "Test"));
        var sending = scope.ServiceProvider.GetRequiredService<QuoteSending>();
        var draft = (await sending.DraftAsync(quote.Id))!;
        draft.Details.WithLink = true;
        await sending.SendAsync(quote.Id, draft.Version, draft.Details, new Uri(own.Url + "/"));
        await using var after = own.Open();
        return await after.Quotes.AsNoTracking().SingleAsync(q => q.Id == quote.Id);
    }

    [GeneratedRegex("/p/([A-Za-z0-9_-]{40,})")]
    private static partial Regex Link();
}
