using System.Text.RegularExpressions;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Billing;

/// <summary>Numbers without a gap, in order of time (CGI ann. II art. 242 nonies A I-7°).</summary>
public sealed partial class NumberSeriesTests
{
    private static readonly DateOnly s_day = new(2026, 11, 21);

    [Fact]
    public async Task Numbers_follow_each_other_and_have_the_form_of_electronic_invoices()
    {
        await using var world = await TestWorld.CreateAsync();

        var numbers = new[] { await TakeAsync(world, s_day), await TakeAsync(world, s_day), await TakeAsync(world, s_day.AddDays(2)) };

        Assert.Equal(["FA-2026-0001", "FA-2026-0002", "FA-2026-0003"], numbers);
        Assert.All(numbers, number => Assert.Matches(Norm(), number));
    }

    [Fact]
    public async Task A_new_year_starts_again_and_the_old_one_goes_on_for_what_is_dated_in_it()
    {
        await using var world = await TestWorld.CreateAsync();

        Assert.Equal("FA-2026-0001", await TakeAsync(world, new DateOnly(2026, 12, 31)));
        Assert.Equal("FA-2027-0001", await TakeAsync(world, new DateOnly(2027, 1, 2)));
        Assert.Equal("FA-2026-0002", await TakeAsync(world, new DateOnly(2026, 12, 31)));
    }

    [Fact]
    public async Task Each_kind_of_document_has_a_series_of_its_own()
    {
        await using var world = await TestWorld.CreateAsync();

        Assert.Equal("FA-2026-0001", await TakeAsync(world, s_day));
        Assert.Equal("AV-2026-0001", await TakeAsync(world, s_day, DocumentSeries.CreditNote, "AV"));
    }

    [Fact]
    public async Task A_day_before_the_last_number_is_refused_and_takes_none()
    {
        await using var world = await TestWorld.CreateAsync();
        await TakeAsync(world, s_day);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => TakeAsync(world, s_day.AddDays(-1)));

        Assert.Equal("IssuedOn", refusal.Field);
        Assert.Contains("FA-2026-0001", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("FA-2026-0002", await TakeAsync(world, s_day));
    }

    [Fact]
    public async Task A_quote_binds_nobody_by_the_day_of_its_number()
    {
        await using var world = await TestWorld.CreateAsync();
        await TakeAsync(world, s_day, DocumentSeries.Quote, "D");

        Assert.Equal("D-2026-0002", await TakeAsync(world, s_day.AddDays(-10), DocumentSeries.Quote, "D"));
    }

    [Fact]
    public async Task A_number_of_a_transaction_that_failed_is_given_to_the_next()
    {
        await using var world = await TestWorld.CreateAsync();
        await TakeAsync(world, s_day);

        await Assert.ThrowsAsync<TimeoutException>(() => TakeAsync(world, s_day, then: () => throw new TimeoutException()));

        Assert.Equal("FA-2026-0002", await TakeAsync(world, s_day));
    }

    [Fact]
    public async Task The_prefix_of_the_first_number_holds_all_year()
    {
        await using var world = await TestWorld.CreateAsync();
        await TakeAsync(world, s_day);

        Assert.Equal("FA-2026-0002", await TakeAsync(world, s_day, prefix: "F"));
    }

    [Fact]
    public async Task Fifty_at_once_take_one_to_fifty()
    {
        await using var world = await TestWorld.CreateAsync();

        var numbers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => TakeAsync(world, s_day))));

        Assert.Equal(Enumerable.Range(1, 50).Select(number => $"FA-2026-{number:0000}"), numbers.Order());
    }

    [Fact]
    public async Task A_number_is_taken_in_a_transaction_only()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var db = world.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => NumberSeries.TakeAsync(db, DocumentSeries.Invoice, s_day, "FA", CancellationToken.None));
    }

    internal static async Task<string> TakeAsync(TestWorld world, DateOnly day, DocumentSeries series = DocumentSeries.Invoice, string prefix = "FA", Action? then = null)
    {
        await using var db = world.Open();
        var number = "";
        await db.InTransactionAsync(async () =>
        {
            number = await NumberSeries.TakeAsync(db, series, day, prefix, CancellationToken.None);
            await db.SaveChangesAsync();
            then?.Invoke();
        });
        return number;
    }

    [GeneratedRegex(@"^[A-Za-z0-9+\-_/]{1,35}$")]
    private static partial Regex Norm();
}
