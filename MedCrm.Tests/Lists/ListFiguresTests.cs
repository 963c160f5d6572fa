using System.Globalization;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Lists;

/// <summary>Figures are worth what they open: every group of every list has the records that its filter finds, and their sum.</summary>
public sealed class ListFiguresTests
{
    [Theory]
    [InlineData("manager@demo.test")]
    [InlineData("sales1@demo.test")]
    public async Task Each_group_of_each_list_has_exactly_the_records_that_it_opens(string email)
    {
        await using var world = await Demonstration.WorldAsync();
        await world.AsAsync(email);
        var checkedGroups = 0;
        foreach (var list in world.Get<IEnumerable<IRecordList>>())
        {
            var total = (await list.CountAsync(ListQuery.Everything)).Total;
            var numeric = list.Definition.Columns.Where(column => column.IsNumeric).ToList();
            foreach (var dimension in list.Definition.Columns.Where(ListDimension.Takes).SelectMany(DimensionsOf))
            {
                var groups = await list.FiguresAsync(ListQuery.Everything, new ListBreakdown([dimension], [ListMeasure.Count, .. numeric.Select(column => ListMeasure.Sum(column.Key))]));
                Assert.Equal(total, groups.Sum(group => group.Values[0]));
                foreach (var group in groups.OrderBy(group => group.Keys[0], StringComparer.Ordinal).Take(6))
                {
                    var opened = ListQuery.Everything.With(dimension.FilterOf(group.Keys[0]));
                    Assert.True((await list.CountAsync(opened)).Matching == group.Values[0], $"{list.Definition.Name}, {dimension}, {group.Keys[0]}");
                    var rows = await list.RowsAsync(opened, [.. numeric.Select(column => column.Key)], 0, 5_000);
                    foreach (var (column, index) in numeric.Select((column, index) => (column, index)))
                    {
                        var sum = rows.Sum(row => row.Values[index] is { } value ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : 0);
                        Assert.True(sum == (group.Values[index + 1] ?? 0), $"{list.Definition.Name}, {dimension}, {group.Keys[0]}, {column.Key}: {sum} and {group.Values[index + 1]}");
                    }

                    checkedGroups++;
                }
            }
        }

        Assert.True(checkedGroups > 300, $"Only {checkedGroups} groups.");
    }

    [Fact]
    public async Task Two_dimensions_hold_each_record_once_under_the_filters_of_the_list()
    {
        await using var world = await Demonstration.WorldAsync();
        await world.AsAsync("manager@demo.test");
        var list = world.Get<IEnumerable<IRecordList>>().Single(one => one.Definition.Name == "opportunities");
        var query = ListQuery.Parse("outcome=Open", list.Definition);
        var (byStage, byMonth) = (new ListDimension("stage"), new ListDimension("close", DatePart.Month));

        var groups = await list.FiguresAsync(query, new ListBreakdown([byStage, byMonth], [ListMeasure.Count, ListMeasure.Sum("amount"), new(MeasureKind.Average, "amount"), new(MeasureKind.Maximum, "amount")]));

        Assert.Equal((await list.CountAsync(query)).Matching, groups.Sum(group => group.Values[0]));
        Assert.True(groups.Count > 5);
        foreach (var group in groups)
        {
            var opened = query.With(byStage.FilterOf(group.Keys[0])).With(byMonth.FilterOf(group.Keys[1]));
            var amounts = (await list.RowsAsync(opened, ["amount"], 0, 1_000)).Select(row => (decimal)row.Values[0]!).ToList();
            Assert.Equal([amounts.Count, amounts.Sum(), amounts.Average(), amounts.Max()], group.Values.Select(value => value!.Value));
        }
    }

    [Fact]
    public void Stretches_of_time_begin_and_end_on_their_days()
    {
        var sunday = new DateOnly(2026, 11, 22);
        Assert.Equal((new DateOnly(2026, 11, 16), sunday), Around(sunday, DatePart.Week));
        Assert.Equal((new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30)), Around(sunday, DatePart.Month));
        Assert.Equal((new DateOnly(2026, 10, 1), new DateOnly(2026, 12, 31)), Around(sunday, DatePart.Quarter));
        Assert.Equal((new DateOnly(2024, 1, 1), new DateOnly(2024, 12, 31)), Around(new DateOnly(2024, 2, 29), DatePart.Year));

        static (DateOnly, DateOnly) Around(DateOnly day, DatePart part) => (ListDimension.StartOf(day, part), ListDimension.EndOf(ListDimension.StartOf(day, part), part));
    }

    private static IEnumerable<ListDimension> DimensionsOf(ListColumn column) => column.Kind is ListKind.Date or ListKind.Moment
        ? Enum.GetValues<DatePart>().Select(part => new ListDimension(column.Key, part))
        : [new ListDimension(column.Key)];
}
