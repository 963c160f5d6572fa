using MedCrm.Web;

namespace MedCrm.Tests.House;

public sealed class ServerOptionsTests
{
    [Fact]
    public void The_short_options_become_settings_and_the_rest_passes()
    {
        var settings = ServerOptions.ToSettings(["--demo", "--port", "5081", "--data", "/srv/medcrm", "--contentRoot=/app"]);

        Assert.Equal(["--MedCrm:Demo=true", "--urls=http://127.0.0.1:5081", "--MedCrm:DataDirectory=/srv/medcrm", "--contentRoot=/app"], settings);
    }

    [Fact]
    public void A_command_is_a_first_word_without_a_dash()
    {
        Assert.True(CommandLine.Names(["backup", "/tmp"]));
        Assert.False(CommandLine.Names(["--demo"]));
        Assert.False(CommandLine.Names([]));
    }
}
