using System.Text.RegularExpressions;
using MedCrm.Core.Customers;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Sales;
using MedCrm.Tests.Mail;
using MedCrm.Tests.Printing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>The whole way of a sale, each step by whoever takes it, on screen alone.</summary>
[Collection(JourneyGroup.Name)]
public sealed partial class SellingJourneys
{
    [PdfFact]
    public async Task A_quote_is_written_sent_signed_invoiced_with_a_deposit_and_paid()
    {
        await using var sink = SmtpSink.Start();
        await using var own = await RunningApp.StartAsync(configure: services => services.AddSingleton(Posted.SettingsFor(sink.Port)));
        Guid dealId, institutionId;
        await using (var db = own.Open())
        {
            var owner = await db.Users.Where(user => user.Email == "sales1@demo.test").Select(user => user.Id).SingleAsync();
            (dealId, institutionId) = await db.Opportunities
                .Where(deal => deal.Outcome == StageOutcome.Open && deal.OwnerId == owner && deal.Institution!.Ownership == Ownership.PrivateForProfit)
                .OrderBy(deal => deal.Name).Select(deal => new ValueTuple<Guid, Guid>(deal.Id, deal.InstitutionId)).FirstAsync();
        }

        // Claire, from the deal.
        var claire = await own.SignInAsync("sales1@demo.test", $"/opportunities/{dealId}");
        await claire.GetByTestId("new-quote").ClickAsync();
        await claire.Locator("form[data-ready]").WaitForAsync();
        await claire.GetByTestId("save").ClickAsync();
        await claire.Locator(".quote-editor[data-ready]").WaitForAsync();
        var quoteAddress = claire.Url;
        for (var left = await claire.GetByTestId("line").CountAsync(); left > 1; left--)
        {
            await claire.GetByTestId("line-remove").First.ClickAsync();
            await Expect(claire.GetByTestId("line")).ToHaveCountAsync(left - 1);
        }

        await CellAsync(claire, "field-Description-0", "Journée de formation au bloc");
        await CellAsync(claire, "field-Quantity-0", "2");
        await CellAsync(claire, "field-UnitPrice-0", "1 000");
        await Expect(claire.GetByTestId("total-gross")).ToHaveAttributeAsync("data-value", "2400.00");
        await Expect(claire.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        await claire.GetByTestId("send").ClickAsync();
        await claire.GetByTestId("field-OtherEmail").FillAsync("direction@clinique.test");
        await claire.GetByTestId("field-WithLink").CheckAsync();
        await claire.GetByTestId("panel").GetByTestId("save").ClickAsync();
        await Expect(claire.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Sent", new() { Timeout = 30_000 });

        // The customer, who has no account.
        var mail = await MailAsync(sink);
        var customer = await own.VisitAsync($"/p/{mail}");
        await customer.GetByTestId("field-Name").FillAsync("Paul Ferrand");
        await customer.GetByTestId("field-Quality").FillAsync("Directeur");
        await customer.GetByTestId("field-Consents").CheckAsync();
        await customer.GetByTestId("sign").ClickAsync();
        await Expect(customer.GetByTestId("customer-end")).ToHaveAttributeAsync("data-value", "Accepted", new() { Timeout = 30_000 });

        // Claire sees it without asking; the deal is won.
        await Expect(claire.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Accepted");
        await Expect(claire.GetByTestId("accepted")).ToContainTextAsync("Paul Ferrand");

        // Hugo: a deposit of 30 %, paid, then the balance, paid.
        var hugo = await own.SignInAsync("billing@demo.test", new Uri(quoteAddress).PathAndQuery);
        await hugo.GetByTestId("bill-deposit").ClickAsync();
        await CellAsync(hugo, "field-Percent", "30");
        await hugo.Locator("dialog").GetByTestId("save").ClickAsync();
        await IssueAsync(hugo, "720.00");
        await PayAsync(hugo, "720", "Paid");
        await hugo.GotoAsync(quoteAddress);
        await hugo.GetByTestId("bill-balance").ClickAsync();
        await IssueAsync(hugo, "1680.00");
        await PayAsync(hugo, "1 000", "PartlyPaid");
        await Expect(hugo.GetByTestId("balance")).ToHaveAttributeAsync("data-value", "680.00");
        await PayAsync(hugo, "680", "Paid");

        await hugo.GotoAsync($"{own.Url}/institutions/{institutionId}?tab=revenue");
        await Expect(hugo.GetByTestId("overdue").First).ToBeVisibleAsync();
        await using var after = own.Open();
        Assert.Equal(StageOutcome.Won, (await after.Opportunities.SingleAsync(deal => deal.Id == dealId)).Outcome);
        Assert.Equal(2_400m, await after.PaymentAllocations.Where(share => after.Invoices.Any(invoice => invoice.Id == share.InvoiceId && invoice.OpportunityId == dealId)).SumAsync(share => share.Amount));
        Assert.Equal([InvoiceStatus.Paid, InvoiceStatus.Paid], await after.Invoices.Where(invoice => invoice.OpportunityId == dealId).Select(invoice => invoice.Status).ToListAsync());
        own.AssertNoProblems(claire);
        own.AssertNoProblems(customer);
        own.AssertNoProblems(hugo);
    }

    private static async Task IssueAsync(IPage page, string balance)
    {
        await page.GetByTestId("issue").ClickAsync();
        await page.GetByTestId("issue-form").GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Issued");
        await Expect(page.GetByTestId("balance")).ToHaveAttributeAsync("data-value", balance);
    }

    private static async Task PayAsync(IPage page, string amount, string status)
    {
        await page.GetByTestId("add-payment").ClickAsync();
        await Expect(page.GetByTestId("shared")).ToBeVisibleAsync();
        await CellAsync(page, "field-Amount", amount);
        await page.GetByTestId("payment").GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("payment")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", status);
    }

    private static async Task CellAsync(IPage page, string field, string text)
    {
        await page.GetByTestId(field).FillAsync(text);
        await page.GetByTestId(field).PressAsync("Tab");
    }

    private static async Task<string> MailAsync(SmtpSink sink)
    {
        for (var i = 0; i < 300; i++)
        {
            if (sink.Mails.Select(mail => Link().Match(mail.Text.Replace("=\r\n", "", StringComparison.Ordinal))).FirstOrDefault(match => match.Success) is { } match)
            {
                return match.Groups[1].Value;
            }

            await Task.Delay(100);
        }

        throw new Xunit.Sdk.XunitException("No mail with a link came.");
    }

    [GeneratedRegex("/p/([A-Za-z0-9_-]{40,})")]
    private static partial Regex Link();
}
