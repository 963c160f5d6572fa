using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Quoting;

/// <summary>Quotes to start from.</summary>
public static class GivenQuotes
{
    public static readonly string Sha256 = new('a', 64);

    /// <summary>A line of an item at the normal rate.</summary>
    public static LineDetails Line(string description, decimal quantity = 1, decimal price = 100) => new() { Description = description, Quantity = quantity, UnitPrice = price };

    /// <summary>A draft of Claire's with one line of 1 000 €, unless said otherwise.</summary>
    public static async Task<Quote> QuoteAsync(this TestWorld world, Actor? owner = null, Institution? institution = null, Opportunity? deal = null, Func<QuoteDetails, QuoteDetails>? with = null)
    {
        owner ??= world.Claire;
        institution ??= deal is null ? await world.InstitutionAsync() : null;
        var today = world.Get<BusinessClock>().Today;
        var details = new QuoteDetails
        {
            Title = "Échographe du bloc",
            InstitutionId = institution?.Id ?? deal!.InstitutionId,
            OpportunityId = deal?.Id,
            OwnerId = owner.Id,
            TeamId = owner.TeamId,
            IssuedOn = today,
            ValidUntil = today.AddDays(30),
            Lines = [Line("Échographe", 1, 1_000)],
        };
        var before = world.Me.Actor;
        var done = await world.As(owner).Get<Quotes>().CreateAsync(with?.Invoke(details) ?? details);
        world.As(before);
        return await world.ReadQuoteAsync(done.RecordId);
    }

    /// <summary>Sends it as the room of signatures does; returns what is told of the deal.</summary>
    public static async Task<Sentence?> SendAsync(this TestWorld world, Quote quote)
    {
        await using var db = world.Open();
        db.Begin(world.Me.Actor, "Devis envoyé");
        Sentence? told = null;
        await db.InTransactionAsync(async () =>
        {
            var stored = await db.Quotes.Include(q => q.Lines).SingleAsync(q => q.Id == quote.Id);
            told = await Departure.SendAsync(new ListScope(db, world.Me.Actor, world.Get<BusinessClock>()), stored, "quotes/x.pdf", Sha256, default);
            await db.SaveChangesAsync();
        });
        return told;
    }

    /// <summary>What was really saved, with its lines, the bin included.</summary>
    public static async Task<Quote> ReadQuoteAsync(this TestWorld world, Guid id)
    {
        await using var db = world.Open();
        return await db.Quotes.IgnoreQueryFilters().AsNoTracking().Include(q => q.Lines.OrderBy(line => line.Position)).SingleAsync(q => q.Id == id);
    }
}
