namespace MedCrm.Web;

/// <summary>The short options of the server, put into the words of its configuration.</summary>
public static class ServerOptions
{
    /// <summary>Turns <c>--demo</c>, <c>--port N</c> and <c>--data DIR</c> into settings; leaves the rest as it is.</summary>
    public static string[] ToSettings(string[] args)
    {
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            settings.Add(args[i] switch
            {
                "--demo" => "--MedCrm:Demo=true",
                "--port" when i + 1 < args.Length => $"--urls=http://127.0.0.1:{args[++i]}",
                "--data" when i + 1 < args.Length => $"--MedCrm:DataDirectory={args[++i]}",
                _ => args[i],
            });
        }

        return [.. settings];
    }
}
