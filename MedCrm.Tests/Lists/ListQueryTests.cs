using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Tests.Lists;

public sealed class ListQueryTests
{
    private static readonly ListDefinition s_list = new InstitutionList(null!, null!, null!).Definition;

    [Fact]
    public void Address_of_the_guide_reads_as_it_is_meant()
    {
        var query = ListQuery.Parse("https://crm/institutions?q=ch+ly&status=HotProspect,Customer&dept=44&beds=100..500&city=~saint&owner=me&tags=!VIP&email=-&sort=-beds&cols=name,city", s_list);

        Assert.Equal(("ch ly", new ListSort("beds", true)), (query.Search, query.Sort));
        Assert.Equal(["name", "city"], query.Columns);
        Assert.Equal(
            [
                new ListFilter("status", FilterOperator.AnyOf, "HotProspect", "Customer"),
                new ListFilter("dept", FilterOperator.AnyOf, "44"),
                ListFilter.Between("beds", "100", "500"),
                new ListFilter("city", FilterOperator.Contains, "saint"),
                new ListFilter("owner", FilterOperator.AnyOf, "me"),
                new ListFilter("tags", FilterOperator.NoneOf, "VIP"),
                new ListFilter("email", FilterOperator.Empty),
            ],
            query.Filters);
    }

    [Fact]
    public void Whatever_somebody_types_comes_back_from_the_address_as_it_went()
    {
        var random = new Random(20261121);
        string[] pieces = ["a", "É", ",", ".", "..", "\\", "~", "!", "*", "-", "&", "=", "%2C", "+", " ", "?", "#", "👍", "me", "1"];
        string[] fields = ["city", "status", "tags", "beds", "owner", "email", "updated"];
        for (var round = 0; round < 3000; round++)
        {
            var filters = fields.Where(_ => random.Next(2) == 0).Select(field => Filter(field));
            var query = new ListQuery
            {
                Search = random.Next(2) == 0 ? null : "x" + Text() + "x",
                Filters = [.. filters],
                Sort = random.Next(2) == 0 ? null : new ListSort("city", random.Next(2) == 0),
                Columns = random.Next(2) == 0 ? null : ["beds", "name"],
                ViewId = random.Next(2) == 0 ? null : Guid.NewGuid(),
                Others = random.Next(2) == 0 ? [] : [new("view", Text())],
            };

            var read = ListQuery.Parse("/institutions?" + query, s_list);

            Assert.Equal(query.ToString(), read.ToString());
            Assert.Equal(query.Filters, read.Filters);
            Assert.Equal((query.Search, query.Sort, query.ViewId), (read.Search, read.Sort, read.ViewId));
            Assert.Equal(query.Columns, read.Columns);
            Assert.Equal(query.Others, read.Others);
        }

        string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => pieces[random.Next(pieces.Length)]));

        ListFilter Filter(string field) => random.Next(6) switch
        {
            0 => new(field, FilterOperator.AnyOf, Text(), Text()),
            1 => new(field, FilterOperator.NoneOf, Text()),
            2 => new(field, FilterOperator.Contains, Text()),
            3 => ListFilter.Between(field, "5", random.Next(2) == 0 ? null : "-3"),
            4 => new(field, FilterOperator.Empty),
            _ => new(field, FilterOperator.NotEmpty),
        };
    }

    [Fact]
    public void Fields_and_sorts_that_the_list_does_not_know_do_no_harm()
    {
        var query = ListQuery.Parse("?view=list&tab=x&sort=password&cols=secret,name&saved=nope&beds=", s_list);

        Assert.Equal("view=list&tab=x&cols=name", query.ToString());
        Assert.False(query.IsFiltered);
    }
}
