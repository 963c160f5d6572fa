using Bunit;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Kit;

public sealed class DayInputTests() : ScreenTests(new DateTime(2026, 11, 21, 23, 30, 0))
{
    private const string OutOfCalendar = "Ce jour n'existe pas dans le calendrier.";
    private const string TooFar = "Cette date est trop lointaine : l'année va de 1900 à 2199.";
    private const string Unreadable = "Indiquez une date, par exemple 15/12, demain ou +15j.";

    private readonly FormState _form = new();

    [Theory]
    [InlineData("31/02", OutOfCalendar)]
    [InlineData("29/02/2027", OutOfCalendar)]
    [InlineData("32/12/2026", OutOfCalendar)]
    [InlineData("15/13", OutOfCalendar)]
    [InlineData("15/12/3000", TooFar)]
    [InlineData("31/02/3000", OutOfCalendar)]
    [InlineData("bientôt", Unreadable)]
    [InlineData("+j", Unreadable)]
    public async Task A_day_that_does_not_exist_stays_as_typed_and_holds_the_form_back(string typed, string expected)
    {
        DateOnly? day = new DateOnly(2026, 12, 15);
        var field = Show<DateOnly?>(day, value => day = value);

        field.Find("[data-testid=field-DueOn]").Change(typed);

        Assert.Equal((new DateOnly(2026, 12, 15), typed, expected), (day, field.Find("[data-testid=field-DueOn]").GetAttribute("value"), field.Find("[data-testid=error-DueOn]").TextContent));
        Assert.False(await _form.SaveAsync(() => Task.CompletedTask));

        field.Find("[data-testid=field-DueOn]").Change("29/02/2028");
        Assert.Equal(new DateOnly(2028, 2, 29), day);
        Assert.Empty(field.FindAll("[data-testid=error-DueOn]"));
        Assert.True(await _form.SaveAsync(() => Task.CompletedTask));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_emptied_field_holds_no_day(string typed)
    {
        DateOnly? day = new DateOnly(2026, 12, 15);
        var field = Show<DateOnly?>(day, value => day = value);

        field.Find("[data-testid=field-DueOn]").Change(typed);

        Assert.Null(day);
        Assert.Null(field.Find("[data-testid=field-DueOn]").GetAttribute("data-value"));
    }

    [Fact]
    public void Where_a_day_must_be_an_emptied_field_is_asked_for_one_and_not_the_year_one()
    {
        var day = new DateOnly(2026, 12, 15);
        var field = Show<DateOnly>(day, value => day = value);

        field.Find("[data-testid=field-DueOn]").Change("");

        Assert.Equal((new DateOnly(2026, 12, 15), Unreadable), (day, field.Find("[data-testid=error-DueOn]").TextContent));
    }

    [Fact]
    public void The_calendar_of_the_browser_and_the_text_say_the_same()
    {
        DateOnly? day = null;
        var field = Show<DateOnly?>(day, value => day = value);

        field.Find(".day-native").Change("2027-01-05");

        Assert.Equal(new DateOnly(2027, 1, 5), day);
        Assert.Equal(("05/01/2027", "2027-01-05"), (field.Find("[data-testid=field-DueOn]").GetAttribute("value"), field.Find(".day-native").GetAttribute("value")));
    }

    // The clock says 23:30 in London and half past midnight in Paris.
    [Theory]
    [InlineData("auj", "2026-11-22")]
    [InlineData("demain", "2026-11-23")]
    [InlineData("fin mois", "2026-11-30")]
    public void Today_is_the_day_of_the_team(string typed, string expected)
    {
        DateOnly? day = null;
        var field = Show<DateOnly?>(day, value => day = value);

        field.Find("[data-testid=field-DueOn]").Change(typed);

        Assert.Equal(DateOnly.Parse(expected), day);
    }

    private IRenderedComponent<DayInput<TValue>> Show<TValue>(TValue value, Action<TValue?> take)
        => Render<DayInput<TValue>>(parameters => parameters
            .AddCascadingValue(_form)
            .Add(input => input.Name, "DueOn")
            .Add(input => input.Label, "Échéance")
            .Add(input => input.Value, value)
            .Add(input => input.ValueChanged, take!));
}
