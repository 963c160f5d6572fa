using MedCrm.Core.Access;

namespace MedCrm.Tests.Access;

public sealed class TimeCodeTests
{
    // The secret « 12345678901234567890 » of RFC 6238, appendix B, in base 32.
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
        => Assert.Equal(code, TimeCode.CodeOf(Secret, TimeCode.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void A_code_is_known_half_a_minute_early_or_late_and_no_longer()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_234_567_890);
        var step = TimeCode.StepOf(now);

        Assert.Equal(step, TimeCode.Match(Secret, "005924", now));
        Assert.Equal(step, TimeCode.Match(Secret, "005 924", now.AddSeconds(30)));
        Assert.Equal(step, TimeCode.Match(Secret, "005924", now.AddSeconds(-30)));
        Assert.Null(TimeCode.Match(Secret, "005924", now.AddSeconds(60)));
        Assert.Null(TimeCode.Match(Secret, "", now));
        Assert.Null(TimeCode.Match(Secret, "0059245", now));
    }

    [Fact]
    public void A_new_secret_has_160_bits_in_base_32()
    {
        var secret = TimeCode.NewSecret();

        Assert.Matches("^[A-Z2-7]{32}$", secret);
        Assert.NotEqual(secret, TimeCode.NewSecret());
    }
}
