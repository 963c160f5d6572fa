using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MedCrm.Tests.Support;

/// <summary>
/// A telephone line in front of a server, that a test cuts and mends. Deaf, it takes what the browser says and passes nothing on, as a
/// network does before anybody notices; cut, it ends what was open and carries nothing.
/// </summary>
public sealed class Line : IAsyncDisposable
{
    private readonly int _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _answering;
    private volatile bool _isCut;
    private volatile bool _isDeaf;

    private Line(int server)
    {
        _server = server;
        _listener.Start();
        _answering = AnswerAsync();
    }

    /// <summary>The address that leads to the server through the line, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Lays a line to a server.</summary>
    public static Line To(string url) => new(new Uri(url).Port);

    /// <summary>What the browser says from here on is lost on the way.</summary>
    public void Deafen() => _isDeaf = true;

    /// <summary>Cuts it.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var client in _open.Keys)
        {
            client.Close();
        }
    }

    /// <summary>Mends it.</summary>
    public void Mend() => _isCut = _isDeaf = false;

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _end.CancelAsync();
        _listener.Stop();
        await _answering;
        _end.Dispose();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The line is taken down.
        }
    }

    private async Task CarryAsync(TcpClient browser)
    {
        using var server = new TcpClient();
        using (browser)
        {
            _open[browser] = _open[server] = true;
            try
            {
                if (!_isCut)
                {
                    await server.ConnectAsync(IPAddress.Loopback, _server);
                    await Task.WhenAny(TellAsync(browser.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(browser.GetStream()));
                }
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut, or one of the two has hung up.
            }
            finally
            {
                _open.TryRemove(browser, out _);
                _open.TryRemove(server, out _);
            }
        }
    }

    private async Task TellAsync(NetworkStream browser, NetworkStream server)
    {
        var words = new byte[16 * 1024];
        while (await browser.ReadAsync(words) is var count and > 0)
        {
            if (!_isDeaf)
            {
                await server.WriteAsync(words.AsMemory(0, count));
            }
        }
    }
}
