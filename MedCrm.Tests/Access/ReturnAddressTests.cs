using MedCrm.Web.Account;

namespace MedCrm.Tests.Access;

public sealed class ReturnAddressTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/institutions?q=chu&view=list#3", "/institutions?q=chu&view=list#3")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("institutions", "/")]
    [InlineData("/a\r\nSet-Cookie: x=1", "/")]
    [InlineData("/\t/evil.example", "/")]
    public void People_never_leave_for_another_site(string? asked, string expected) => Assert.Equal(expected, ReturnAddress.Safe(asked));
}
