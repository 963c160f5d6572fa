using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MedCrm.Tests.Support;

/// <summary>A mail as the server took it: the envelope, and the bytes between DATA and the final dot.</summary>
public sealed record TakenMail(string From, IReadOnlyList<string> To, byte[] Content)
{
    /// <summary>The bytes as text.</summary>
    public string Text => Encoding.UTF8.GetString(Content);
}

/// <summary>Where a mail server hangs up.</summary>
public enum HangUp
{
    Never,
    InTheMiddle,
    AfterTheDot,
}

/// <summary>
/// A real mail server on a port of loopback, with just enough of RFC 5321: a test stops it and starts it again on the same port, has it
/// refuse, put off or hang up, and looks at what it took. Its certificate is signed by nobody.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private CancellationTokenSource _end = new();
    private TcpListener _listener;
    private Task _answering;

    private SmtpSink()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _answering = AnswerAsync();
    }

    public int Port { get; }

    /// <summary>What it took, in order.</summary>
    public ConcurrentQueue<TakenMail> Mails { get; } = new();

    /// <summary>Every command it heard, with « (encrypted) » before those that came so.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Conversations begun.</summary>
    public int Visits { get; private set; }

    /// <summary>What it answers in place of its own words; null leaves those. « . » is the end of a mail.</summary>
    public Func<string, string?> Says { get; set; } = _ => null;

    /// <summary>Where it hangs up on the next mail.</summary>
    public HangUp HangsUp { get; set; }

    /// <summary>What it offers after EHLO.</summary>
    public string[] Offers { get; set; } = ["8BITMIME"];

    /// <summary>Encrypted from the first byte.</summary>
    public bool IsEncrypted { get; set; }

    /// <summary>Signed by nobody.</summary>
    public X509Certificate2 Certificate { get; } = NewCertificate();

    public static SmtpSink Start() => new();

    /// <summary>Stops listening and hangs up: connections are refused.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var client in _open.Keys)
        {
            client.Close();
        }

        await _answering;
    }

    /// <summary>Listens again on the same port.</summary>
    public void Restart()
    {
        _end.Dispose();
        _end = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _answering = AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
        Certificate.Dispose();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                _ = ConverseAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using (client)
        {
            _open[client] = true;
            try
            {
                Visits++;
                await ConverseAsync(client.GetStream());
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // One of the two hung up.
            }
            finally
            {
                _open.TryRemove(client, out _);
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        stream = IsEncrypted ? await EncryptAsync(stream) : stream;
        var reader = new Reader(stream);
        var (from, to) = ("", new List<string>());
        await SayAsync(Says("connection") ?? "220 sink ready");
        while (await reader.ReadLineAsync() is { } bytes)
        {
            var line = Encoding.UTF8.GetString(bytes);
            Commands.Enqueue(stream is SslStream ? $"(encrypted) {line}" : line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (Says(line) is { } said)
            {
                await SayAsync(said);
                if (said.StartsWith("421", StringComparison.Ordinal))
                {
                    return;
                }

                continue;
            }

            switch (verb)
            {
                case "EHLO":
                    await SayAsync(string.Join("\r\n", [.. new[] { "sink" }.Concat(Offers).SkipLast(1).Select(offer => $"250-{offer}"), $"250 {(Offers.Length == 0 ? "sink" : Offers[^1])}"]));
                    break;
                case "STARTTLS":
                    await SayAsync("220 go ahead");
                    stream = await EncryptAsync(stream);
                    reader = new Reader(stream);
                    break;
                case "AUTH":
                    await SayAsync("235 welcome");
                    break;
                case "MAIL":
                    (from, to) = (Between(line), []);
                    await SayAsync("250 ok");
                    break;
                case "RCPT":
                    to.Add(Between(line));
                    await SayAsync("250 ok");
                    break;
                case "DATA":
                    await SayAsync("354 end with a dot");
                    if (HangsUp is HangUp.InTheMiddle)
                    {
                        await reader.ReadLineAsync();
                        HangsUp = HangUp.Never;
                        return;
                    }

                    var content = await ReadContentAsync(reader);
                    var verdict = Says(".");
                    if (content is not null && verdict?[0] is not ('4' or '5'))
                    {
                        Mails.Enqueue(new TakenMail(from, to, content));
                    }

                    if (HangsUp is HangUp.AfterTheDot)
                    {
                        HangsUp = HangUp.Never;
                        return;
                    }

                    await SayAsync(verdict ?? "250 2.0.0 queued");
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        async Task SayAsync(string words) => await stream.WriteAsync(Encoding.UTF8.GetBytes(words + "\r\n"));
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(Certificate);
        return encrypted;
    }

    private static async Task<byte[]?> ReadContentAsync(Reader reader)
    {
        var content = new List<byte>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line is [(byte)'.'])
            {
                return [.. content];
            }

            content.AddRange(line is [(byte)'.', ..] ? line[1..] : line);
            content.AddRange("\r\n"u8);
        }

        return null;
    }

    private static string Between(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class Reader(Stream stream)
    {
        private readonly byte[] _buffer = new byte[65_536];
        private int _next;
        private int _held;

        public async Task<byte[]?> ReadLineAsync()
        {
            var line = new List<byte>();
            while (true)
            {
                if (_next == _held)
                {
                    (_next, _held) = (0, await stream.ReadAsync(_buffer));
                    if (_held == 0)
                    {
                        return null;
                    }
                }

                var octet = _buffer[_next++];
                if (octet == '\n')
                {
                    return line is [.., (byte)'\r'] ? [.. line[..^1]] : throw new IOException("A line ends in CRLF.");
                }

                line.Add(octet);
            }
        }
    }
}
