using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;

namespace MedCrm.Tests.Quoting;

public sealed class QuoteTests
{
    private static readonly DateTime s_now = new(2026, 11, 21, 8, 30, 0, DateTimeKind.Utc);
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public void It_expires_the_day_after_its_last_one()
    {
        var quote = Draft(details => details with { IssuedOn = new(2026, 1, 31), ValidUntil = new(2026, 3, 2) });
        quote.Send("x.pdf", GivenQuotes.Sha256, s_now, new(2026, 2, 1));

        Assert.Equal(QuoteStatus.Sent, quote.StateOn(new(2026, 3, 2)));
        Assert.Equal(QuoteStatus.Expired, quote.StateOn(new(2026, 3, 3)));
    }

    [Fact]
    public void What_was_sent_is_not_written_in_any_more()
    {
        var quote = Sent();

        var refusal = Assert.Throws<BusinessRuleException>(() => quote.Edit(quote.Details(), s_now));

        Assert.Contains("a quitté la maison", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<BusinessRuleException>(() => quote.Send("y.pdf", GivenQuotes.Sha256, s_now, s_today));
    }

    [Fact]
    public void It_is_accepted_once()
    {
        var quote = Sent();
        quote.Accept("Dr Renaud", AcceptanceMeans.Online, s_now, s_today);

        Assert.Equal("Ce devis a déjà reçu sa réponse.", Assert.Throws<BusinessRuleException>(() => quote.Accept("Dr Renaud", AcceptanceMeans.Online, s_now, s_today)).Message);
        Assert.Throws<BusinessRuleException>(() => quote.Refuse("Trop cher", s_now, s_today));
        Assert.Throws<BusinessRuleException>(() => quote.Replace(s_now));
        Assert.Throws<BusinessRuleException>(() => quote.Extend(s_today.AddDays(90), s_now, s_today));
    }

    [Fact]
    public void Once_expired_it_is_not_accepted_online_but_a_paper_signed_in_time_counts()
    {
        var quote = Sent();
        var late = quote.ValidUntil.AddDays(1);

        Assert.Throws<BusinessRuleException>(() => quote.Accept("Dr Renaud", AcceptanceMeans.Online, s_now, late));
        quote.Accept("Dr Renaud", AcceptanceMeans.Scan, s_now, late);

        Assert.Equal(QuoteStatus.Accepted, quote.Status);
    }

    [Fact]
    public void A_draft_without_a_line_that_counts_does_not_leave()
    {
        var quote = Draft(details => details with { Lines = [new() { Kind = LineKind.Section, Description = "Matériel" }, GivenQuotes.Line("Sonde") with { IsOption = true }] });

        Assert.Throws<BusinessRuleException>(() => quote.Send("x.pdf", GivenQuotes.Sha256, s_now, s_today));
    }

    [Fact]
    public void Options_taken_join_the_totals_and_the_others_stay_out()
    {
        var quote = Sent(details => details with { Lines = [GivenQuotes.Line("Échographe", 1, 1_000), GivenQuotes.Line("Sonde", 2, 150) with { IsOption = true }, GivenQuotes.Line("Chariot", 1, 80) with { IsOption = true }] });
        Assert.Equal((1_000m, 1_200m), (quote.Net, quote.Gross));

        quote.TakeOptions([quote.Lines[1].Id], AcceptanceMeans.Online, s_today);
        quote.Accept("Dr Renaud", AcceptanceMeans.Online, s_now, s_today);

        Assert.Equal((1_300m, 260m, 1_560m), (quote.Net, quote.Tax, quote.Gross));
        Assert.True(quote.Lines[2].IsOption);
    }

    [Fact]
    public void A_line_that_is_no_option_is_not_taken_and_nothing_changes()
    {
        var quote = Sent(details => details with { Lines = [GivenQuotes.Line("Échographe", 1, 1_000), GivenQuotes.Line("Sonde", 2, 150) with { IsOption = true }] });

        Assert.Throws<BusinessRuleException>(() => quote.TakeOptions([quote.Lines[1].Id, quote.Lines[0].Id], AcceptanceMeans.Online, s_today));
        Assert.Throws<BusinessRuleException>(() => quote.TakeOptions([Guid.NewGuid()], AcceptanceMeans.Online, s_today));

        Assert.Equal(1_000m, quote.Net);
    }

    [Fact]
    public void Lines_that_say_which_they_are_keep_their_identity_through_changes_and_reordering()
    {
        var quote = Draft(details => details with { Lines = [GivenQuotes.Line("Un"), GivenQuotes.Line("Deux"), GivenQuotes.Line("Trois")] });
        var (one, two, three) = (quote.Lines[0].Id, quote.Lines[1].Id, quote.Lines[2].Id);
        var lines = quote.Details().Lines;

        quote.Edit(quote.Details() with { Lines = [lines[2], lines[0] with { UnitPrice = 250 }, GivenQuotes.Line("Neuf")] }, s_now);

        var stored = quote.Lines.OrderBy(line => line.Position).ToList();
        Assert.Equal(["Trois", "Un", "Neuf"], stored.Select(line => line.Description));
        Assert.Equal((three, one), (stored[0].Id, stored[1].Id));
        Assert.DoesNotContain(two, stored.Select(line => line.Id));
        Assert.Equal(450m, quote.Net);
    }

    [Fact]
    public void A_refused_line_names_its_cell_and_nothing_is_taken()
    {
        var quote = Draft(details => details with { Lines = [GivenQuotes.Line("Un"), GivenQuotes.Line("Deux")] });
        var lines = quote.Details().Lines;

        var refusal = Assert.Throws<BusinessRuleException>(() => quote.Edit(quote.Details() with { Title = "Autre", Lines = [lines[0] with { UnitPrice = 999 }, lines[1] with { Quantity = 0 }] }, s_now));

        Assert.Equal("Quantity-1", refusal.Field);
        Assert.Equal(("Échographe", 200m, 100m), (quote.Title, quote.Net, quote.Lines[0].UnitPrice));
    }

    /// <summary>The worked example of the domain guide, paragraph 3.6.</summary>
    [Fact]
    public void The_mixed_example_adds_up()
    {
        var quote = Draft(details => details with
        {
            Lines =
            [
                GivenQuotes.Line("Abonnement", 12, 149.90m),
                GivenQuotes.Line("Formation sur site", 1.5m, 980) with { DiscountPercent = 10 },
                GivenQuotes.Line("Ouvrage technique", 3, 24.17m) with { VatRate = 5.5m },
                GivenQuotes.Line("Formation exonérée", 1, 1_200) with { VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = Vat.Training.Reason },
            ],
        });

        Assert.Equal((4_394.31m, 628.35m, 5_022.66m), (quote.Net, quote.Tax, quote.Gross));
    }

    [Fact]
    public void A_version_that_was_replaced_stands_again_as_it_stood()
    {
        var (sent, viewed, refused) = (Sent(), Sent(), Sent());
        viewed.MarkViewed(s_now);
        refused.Refuse("Trop cher", s_now, s_today);

        foreach (var quote in new[] { sent, viewed, refused })
        {
            quote.Replace(s_now);
            Assert.False(quote.IsLast);
            Assert.Equal("Ce devis a été remplacé par une nouvelle version.", Assert.Throws<BusinessRuleException>(() => quote.Accept("X", AcceptanceMeans.Online, s_now, s_today)).Message);
            quote.Reinstate(s_now);
        }

        Assert.Equal([QuoteStatus.Sent, QuoteStatus.Viewed, QuoteStatus.Refused], new[] { sent, viewed, refused }.Select(quote => quote.Status));
        Assert.True(sent.IsLast);
    }

    [Fact]
    public void A_refusal_says_why()
    {
        var quote = Sent();

        Assert.Equal("RefusalReason", Assert.Throws<BusinessRuleException>(() => quote.Refuse(" ", s_now, s_today)).Field);
        Assert.Equal(QuoteStatus.Sent, quote.Status);
    }

    private static Quote Sent(Func<QuoteDetails, QuoteDetails>? with = null)
    {
        var quote = Draft(with);
        quote.Send("x.pdf", GivenQuotes.Sha256, s_now, quote.IssuedOn);
        return quote;
    }

    private static Quote Draft(Func<QuoteDetails, QuoteDetails>? with = null)
    {
        var details = new QuoteDetails { Title = "Échographe", InstitutionId = Guid.NewGuid(), IssuedOn = s_today, ValidUntil = s_today.AddDays(30), Lines = [GivenQuotes.Line("Échographe", 1, 1_000)] };
        return new Quote(with?.Invoke(details) ?? details, "D-2026-0001", 1, s_now);
    }
}
