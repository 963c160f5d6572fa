using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Insights;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Insights;

public sealed class InstitutionRevenuesTests
{
    [Fact]
    public async Task Quotes_that_were_answered_make_the_conversion_and_those_that_expired_count_as_lost()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var today = new DateOnly(2026, 11, 21);
        await QuoteAsync(world, hospital.Id, 1000, today.AddDays(-30), quote => quote.Accept("Mme Roy", AcceptanceMeans.Scan, world.Now(), today));
        await QuoteAsync(world, hospital.Id, 3000, today.AddDays(-30), quote => quote.Refuse("Trop cher", world.Now(), today));
        await QuoteAsync(world, hospital.Id, 2000, today.AddDays(-60), null, validDays: 30);
        await QuoteAsync(world, hospital.Id, 500, today, null);

        var sheet = (await world.As(world.Claire).Get<InstitutionRevenues>().FindAsync(hospital.Id))!;

        Assert.Equal((1, 3, 33m), (sheet.QuotesAccepted, sheet.QuotesDecided, sheet.Conversion!.Value));
        Assert.Equal([(2000m, QuoteStatus.Expired), (1000m, QuoteStatus.Accepted), (500m, QuoteStatus.Sent)], sheet.TopQuotes.Select(quote => (quote.Net, quote.Status)));
        Assert.False(sheet.IsEmpty);
        Assert.Equal(12, sheet.Months.Count);
        Assert.Equal(new DateOnly(2025, 12, 1), sheet.Months[0].First);
        Assert.Null(sheet.Growth);
    }

    [Fact]
    public async Task Nothing_is_told_of_an_institution_out_of_sight()
    {
        await using var world = await TestWorld.CreateAsync();
        var theirs = await world.InstitutionAsync("Chez Léa", world.Lea);

        Assert.Null(await world.As(world.Claire).Get<InstitutionRevenues>().FindAsync(theirs.Id));
    }

    private static async Task QuoteAsync(TestWorld world, Guid institutionId, decimal price, DateOnly on, Action<Quote>? answer, int validDays = 60)
    {
        var details = new QuoteDetails { Title = "Offre", InstitutionId = institutionId, IssuedOn = on, ValidUntil = on.AddDays(validDays), Lines = [new LineDetails { Description = "Abonnement", UnitPrice = price }] };
        var quote = new Quote(details, $"D-2026-{Guid.NewGuid():N}"[..16], 1, world.Now());
        quote.Send("devis/essai.pdf", new string('0', 64), world.Now().AddDays(-1), on);
        answer?.Invoke(quote);
        await world.SaveAsync(db => db.Add(quote));
    }
}
