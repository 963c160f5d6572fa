using Microsoft.Playwright;

namespace MedCrm.Tests.Support;

/// <summary>
/// A bad line between the browser and the server, so that a race shows each time: MEDCRM_SLOW_LINE=1500 ./test.sh e2e hands over our own
/// scripts that many milliseconds late, and every message of a page, either way, a sixth of that.
/// </summary>
public static class SlowLine
{
    private static readonly int s_scripts = int.TryParse(Environment.GetEnvironmentVariable("MEDCRM_SLOW_LINE"), out var milliseconds) ? milliseconds : 0;

    /// <summary>Puts the pages of a browser session behind the line, if one was asked for.</summary>
    public static async Task SlowAsync(this IBrowserContext context)
    {
        if (s_scripts == 0)
        {
            return;
        }

        await context.RouteAsync(address => address.EndsWith(".js", StringComparison.Ordinal) && !address.Contains("_framework", StringComparison.Ordinal), async route =>
        {
            await Task.Delay(s_scripts);
            await route.ContinueAsync();
        });
        await context.RouteWebSocketAsync(_ => true, page =>
        {
            var server = page.ConnectToServer();
            var (up, down) = (Task.CompletedTask, Task.CompletedTask);
            var turn = new Lock();
            page.OnMessage(frame =>
            {
                lock (turn)
                {
                    up = HandOverAsync(up, frame, server);
                }
            });
            server.OnMessage(frame =>
            {
                lock (turn)
                {
                    down = HandOverAsync(down, frame, page);
                }
            });
        });
    }

    // Late, and in the order they came.
    private static async Task HandOverAsync(Task before, IWebSocketFrame frame, IWebSocketRoute to)
    {
        var due = Task.Delay(s_scripts / 6);
        await before;
        await due;
        try
        {
            if (frame.Binary is { } bytes)
            {
                to.Send(bytes);
            }
            else
            {
                to.Send(frame.Text ?? "");
            }
        }
        catch (PlaywrightException)
        {
            // The page has gone.
        }
    }
}
