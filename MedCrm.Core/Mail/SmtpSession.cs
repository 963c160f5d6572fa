using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Mail;

/// <summary>What a mail server answered.</summary>
public sealed record SmtpReply(int Code, string Text)
{
    /// <summary>Done.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>Not now.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>Never.</summary>
    public bool IsPermanent => Code is >= 500 and < 600;

    /// <inheritdoc/>
    public override string ToString() => Clean.Shortened(string.Create(CultureInfo.InvariantCulture, $"{Code} {Text.Replace('\n', ' ')}").TrimEnd(), 500);
}

/// <summary>The conversation with a mail server broke, or the server is not one we can speak with. The message is a French sentence.</summary>
public sealed class MailServerException(string reason, bool mayHaveTaken = false, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>The server had been told that the message was complete: it may have taken it. When false, it surely has not.</summary>
    public bool MayHaveTaken { get; } = mayHaveTaken;
}

/// <summary>How a mail server is dealt with: how long it is waited for, and who judges its certificate (the system, unless given).</summary>
public sealed record SmtpManners(TimeSpan Connection, TimeSpan Command, TimeSpan Verdict)
{
    /// <summary>Patient enough for a slow server; the verdict on a whole message may take minutes (RFC 5321, 4.5.3.2).</summary>
    public static SmtpManners Usual { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));

    /// <summary>Judges the certificate in place of the system.</summary>
    public RemoteCertificateValidationCallback? Trust { get; init; }
}

/// <summary>
/// One conversation with a mail server (RFC 5321), over which several messages go. It knows the one thing the outbox stands on and that
/// System.Net.Mail does not tell: whether a failure came before or after the server was told that a message is complete.
/// </summary>
public sealed class SmtpSession : IAsyncDisposable
{
    private const int LongestLine = 4096;
    private const int MostLines = 100;

    // What is left to a server to say its verdict once the program is told to stop.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(10);

    private readonly TcpClient _client = new();
    private readonly MailSettings _settings;
    private readonly SmtpManners _manners;
    private readonly Dictionary<string, string> _abilities = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] _buffer = new byte[8192];
    private Stream _stream = Stream.Null;
    private int _read;
    private int _held;
    private bool _isBroken;

    private SmtpSession(MailSettings settings, SmtpManners manners) => (_settings, _manners) = (settings, manners);

    /// <summary>Messages taken so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another message may follow.</summary>
    public bool IsOpen => !_isBroken;

    /// <summary>Connects, encrypts and signs in as the settings say.</summary>
    /// <exception cref="MailServerException">The server does not answer, or does not let us in.</exception>
    public static async Task<SmtpSession> OpenAsync(MailSettings settings, SmtpManners manners, CancellationToken cancellationToken = default)
    {
        var session = new SmtpSession(settings, manners);
        try
        {
            await session.ConnectAsync(cancellationToken);
            return session;
        }
        catch
        {
            session._isBroken = true;
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Hands one message over. The answer holds one reply for each recipient: what the server said of the address, or of the whole message.
    /// <paramref name="beforeHandOver"/> runs just before the server is told that the message is complete; when it throws, the server drops the message.
    /// </summary>
    /// <exception cref="MailServerException">The conversation broke.</exception>
    public async Task<IReadOnlyDictionary<string, SmtpReply>> SendAsync(IReadOnlyCollection<string> recipients, byte[] content, Func<Task> beforeHandOver, CancellationToken cancellationToken = default)
    {
        try
        {
            return await ConverseAsync(recipients, content, beforeHandOver, cancellationToken);
        }
        catch
        {
            // What the server would take the next words for is unknown: nothing more is said.
            _isBroken = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isBroken)
        {
            _isBroken = true;
            try
            {
                using var end = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await WriteAsync("QUIT\r\n"u8.ToArray(), end.Token);
                await ReadReplyAsync(end.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException or MailServerException)
            {
                // The server left first.
            }
        }

        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await WithinAsync(
            _manners.Connection,
            async token =>
            {
                await _client.ConnectAsync(_settings.Host!, _settings.Port, token);
                _stream = _client.GetStream();
                if (_settings.Security is MailSecurity.Tls)
                {
                    await EncryptAsync(token);
                }
            },
            cancellationToken);
        Demand(await ReplyAsync(cancellationToken), "n'accueille pas la connexion");
        await GreetAsync(cancellationToken);
        if (_settings.Security is MailSecurity.StartTls)
        {
            if (!_abilities.ContainsKey("STARTTLS"))
            {
                throw new MailServerException($"Le serveur de messagerie {_settings} ne propose pas STARTTLS : rien n'est envoyé sans chiffrement. Réglez MedCrm:Mail:Security.");
            }

            Demand(await CommandAsync("STARTTLS", cancellationToken), "refuse STARTTLS");
            if (_held > _read)
            {
                throw new MailServerException($"Le serveur de messagerie {_settings} a parlé avant le chiffrement : la connexion n'est pas sûre.");
            }

            await WithinAsync(_manners.Connection, EncryptAsync, cancellationToken);
            await GreetAsync(cancellationToken);
        }

        if (_settings.User is not null)
        {
            await SignInAsync(cancellationToken);
        }
    }

    private async Task EncryptAsync(CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(_stream, leaveInnerStreamOpen: false, _manners.Trust);
        _stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = _settings.Host }, cancellationToken);
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        var here = ((IPEndPoint)_client.Client.LocalEndPoint!).Address;
        here = here.IsIPv4MappedToIPv6 ? here.MapToIPv4() : here;
        var name = here.AddressFamily is AddressFamily.InterNetworkV6 ? $"[IPv6:{new IPAddress(here.GetAddressBytes())}]" : $"[{here}]";
        var reply = await CommandAsync($"EHLO {name}", cancellationToken);
        Demand(reply, "refuse de parler avec MedCRM");
        _abilities.Clear();
        foreach (var line in reply.Text.Split('\n').Skip(1))
        {
            var words = line.Split(' ', 2);
            _abilities[words[0]] = words.Length > 1 ? words[1] : "";
        }
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        if (_settings.Security is MailSecurity.None && !((IPEndPoint)_client.Client.RemoteEndPoint!).Address.IsLoopback())
        {
            throw new MailServerException("Le mot de passe du serveur de messagerie ne part pas sans chiffrement. Réglez MedCrm:Mail:Security.");
        }

        var ways = _abilities.GetValueOrDefault("AUTH", "").Split(' ');
        SmtpReply reply;
        if (ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            reply = await CommandAsync($"AUTH PLAIN {Base64($"\0{_settings.User}\0{_settings.Password}")}", cancellationToken);
        }
        else if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            reply = await CommandAsync("AUTH LOGIN", cancellationToken);
            reply = reply.Code == 334 ? await CommandAsync(Base64(_settings.User!), cancellationToken) : reply;
            reply = reply.Code == 334 ? await CommandAsync(Base64(_settings.Password!), cancellationToken) : reply;
        }
        else
        {
            throw new MailServerException($"Le serveur de messagerie {_settings} ne propose ni AUTH PLAIN ni AUTH LOGIN.");
        }

        Demand(reply, "refuse l'identifiant ou le mot de passe");

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    private async Task<IReadOnlyDictionary<string, SmtpReply>> ConverseAsync(IReadOnlyCollection<string> recipients, byte[] content, Func<Task> beforeHandOver, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, SmtpReply>();
        var limit = _abilities.TryGetValue("SIZE", out var announced) && long.TryParse(announced, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0;
        if (limit > 0 && content.Length > limit)
        {
            return AllOf(recipients, new SmtpReply(552, $"message de {content.Length / 1_000_000m:N1} Mo, pour {limit / 1_000_000m:N1} Mo au plus sur ce serveur"));
        }

        var from = await CommandAsync($"MAIL FROM:<{_settings.From.Address}>{(limit > 0 ? $" SIZE={content.Length}" : "")}", cancellationToken);
        if (from.Code == 552)
        {
            return AllOf(recipients, from);
        }

        Demand(from, $"refuse l'expéditeur {_settings.From.Address}");
        foreach (var recipient in recipients)
        {
            var reply = await CommandAsync($"RCPT TO:<{recipient}>", cancellationToken);
            if (reply.Code is 421 or 530 || !(reply.IsPositive || reply.IsTransient || reply.IsPermanent))
            {
                throw new MailServerException(Said(reply, "met fin à la conversation"));
            }

            answers[recipient] = reply;
        }

        var welcome = answers.Where(answer => answer.Value.IsPositive).Select(answer => answer.Key).ToList();
        if (welcome.Count == 0)
        {
            await ForgetAsync(cancellationToken);
            return answers;
        }

        var verdict = await CommandAsync("DATA", cancellationToken);
        if (verdict.Code == 354)
        {
            await WithinAsync(_manners.Verdict, token => WriteAsync(Stuffed(content), token), cancellationToken);
            await beforeHandOver();
            DemandPresence();
            verdict = await HandOverAsync(cancellationToken);
        }
        else if (verdict is { IsTransient: false, IsPermanent: false })
        {
            throw new MailServerException(Said(verdict, "ne prend pas le message"));
        }
        else
        {
            await ForgetAsync(cancellationToken);
        }

        foreach (var recipient in welcome)
        {
            answers[recipient] = verdict;
        }

        Count += verdict.IsPositive ? 1 : 0;
        return answers;
    }

    // From the first byte of the final dot on, only a reply tells whether the message was taken.
    private async Task<SmtpReply> HandOverAsync(CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(_manners.Verdict);
        await using var stop = cancellationToken.Register(() => end.CancelAfter(s_lastWords));
        try
        {
            await WriteAsync(".\r\n"u8.ToArray(), end.Token);
            var reply = await ReadReplyAsync(end.Token);
            return reply is { IsPositive: true } or { IsTransient: true } or { IsPermanent: true }
                ? reply
                : throw new MailServerException($"Réponse inattendue du serveur de messagerie {_settings} : « {reply} ».");
        }
        catch (Exception cut)
        {
            throw new MailServerException($"La connexion avec le serveur de messagerie {_settings} s'est interrompue après la remise du message : il a pu arriver.", mayHaveTaken: true, cut);
        }
    }

    // Bytes leave into the buffers of the system, whoever is left to read them: a server that hung up meanwhile is better noticed before the dot.
    private void DemandPresence()
    {
        if (_client.Client.Poll(0, SelectMode.SelectRead) && _client.Available == 0)
        {
            throw new MailServerException($"La connexion avec le serveur de messagerie {_settings} s'est interrompue.");
        }
    }

    private async Task ForgetAsync(CancellationToken cancellationToken) => Demand(await CommandAsync("RSET", cancellationToken), "met fin à la conversation");

    private static Dictionary<string, SmtpReply> AllOf(IEnumerable<string> recipients, SmtpReply reply) => recipients.ToDictionary(recipient => recipient, _ => reply);

    // A line that begins with a dot gets a second one (RFC 5321, 4.5.2).
    private static byte[] Stuffed(byte[] content)
    {
        var stuffed = new List<byte>(content.Length + 64);
        var startsLine = true;
        foreach (var value in content)
        {
            if (startsLine && value == '.')
            {
                stuffed.Add((byte)'.');
            }

            stuffed.Add(value);
            startsLine = value == '\n';
        }

        if (!startsLine)
        {
            stuffed.AddRange("\r\n"u8);
        }

        return [.. stuffed];
    }

    private async Task<SmtpReply> CommandAsync(string command, CancellationToken cancellationToken)
    {
        if (command.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            throw new InvalidOperationException("A command of the mail server is one line.");
        }

        SmtpReply? reply = null;
        await WithinAsync(
            _manners.Command,
            async token =>
            {
                await WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), token);
                reply = await ReadReplyAsync(token);
            },
            cancellationToken);
        return reply!;
    }

    private async Task<SmtpReply> ReplyAsync(CancellationToken cancellationToken)
    {
        SmtpReply? reply = null;
        await WithinAsync(_manners.Command, async token => reply = await ReadReplyAsync(token), cancellationToken);
        return reply!;
    }

    private async Task WithinAsync(TimeSpan patience, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(patience);
        try
        {
            await work(end.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MailServerException($"Le serveur de messagerie {_settings} ne répond pas.", inner: late);
        }
        catch (AuthenticationException untrusted)
        {
            throw new MailServerException($"Le certificat du serveur de messagerie {_settings} n'est pas reconnu : rien ne lui est envoyé.", inner: untrusted);
        }
        catch (SocketException unreachable)
        {
            throw new MailServerException($"Le serveur de messagerie {_settings} est injoignable : {WhyOf(unreachable.SocketErrorCode)}.", inner: unreachable);
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException)
        {
            throw new MailServerException($"La connexion avec le serveur de messagerie {_settings} s'est interrompue.", inner: cut);
        }
    }

    private static string WhyOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "il refuse la connexion",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "son nom est inconnu",
        SocketError.TimedOut => "il ne répond pas",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => "le réseau n'y mène pas",
        _ => error.ToString(),
    };

    private async Task WriteAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(bytes, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    // « 250-first », « 250 last »; the lines of one reply are kept apart.
    private async Task<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        while (texts.Count < MostLines)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw new MailServerException($"Le serveur {_settings} ne parle pas SMTP.");
            }

            texts.Add(line.Length > 4 ? MailWords.OneLine(line[4..]) : "");
            if (line.Length == 3 || line[3] != '-')
            {
                return new SmtpReply(code, string.Join('\n', texts));
            }
        }

        throw new MailServerException($"Le serveur {_settings} ne finit pas ses réponses.");
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (line.Count < LongestLine)
        {
            if (_read == _held)
            {
                (_read, _held) = (0, await _stream.ReadAsync(_buffer, cancellationToken));
                if (_held == 0)
                {
                    throw new IOException("The server hung up.");
                }
            }

            var value = _buffer[_read++];
            if (value == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(value);
        }

        throw new MailServerException($"Le serveur {_settings} ne parle pas SMTP.");
    }

    private void Demand(SmtpReply reply, string otherwise)
    {
        if (!reply.IsPositive)
        {
            throw new MailServerException(Said(reply, otherwise));
        }
    }

    private string Said(SmtpReply reply, string what) => Clean.Shortened($"Le serveur de messagerie {_settings} {what}. Sa réponse : « {reply} ».", 900);
}

internal static class LoopbackAddress
{
    public static bool IsLoopback(this IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
