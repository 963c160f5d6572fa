using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Mail;

/// <summary>What the mail server last had against us, and until when it is left in peace (UTC).</summary>
public sealed record ServerTrouble(string Reason, DateTime At, DateTime Until);

/// <summary>
/// Sends what waits in the outbox. A message is claimed and marked in short transactions, sent between them. It is tried again by itself only
/// while the server surely has not taken it: the row says when the server is about to be told that the message is complete, and whatever breaks
/// after that leaves the message to somebody who looks.
/// </summary>
public sealed class OutboxSender(IDbContextFactory<MedCrmDbContext> contexts, MailSettings settings, SmtpManners manners, MailSecrets secrets, BusinessClock clock, ILogger<OutboxSender> logger) : IDisposable
{
    private const int MostPerSession = 50;

    // Minutes during which a server that does not let us in is left alone; the last one repeats.
    private static readonly int[] s_pauses = [1, 2, 5];

    private readonly SemaphoreSlim _turn = new(1, 1);

    // How messages ended that could not be marked: the disk was full, or the gate busy.
    private readonly Dictionary<Guid, Action<OutgoingMessage>> _toMark = [];

    private volatile ServerTrouble? _trouble;
    private int _troubles;

    /// <summary>What keeps messages from leaving; null while the server is well.</summary>
    public ServerTrouble? Trouble => _trouble;

    /// <summary>What the program left half done when it stopped: a message of which the server knew nothing goes back in the queue, another waits for somebody to look. For the start of the one server, before anything is sent.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.OutgoingMessages.AnyAsync(message => message.Status == MessageStatus.Sending, cancellationToken))
        {
            return;
        }

        await db.InTransactionAsync(
            async () =>
            {
                foreach (var message in await db.OutgoingMessages.Where(message => message.Status == MessageStatus.Sending).ToListAsync(cancellationToken))
                {
                    if (message.HandedOverAt is null)
                    {
                        message.Release(clock.UtcNow);
                    }
                    else
                    {
                        message.Doubt("Le programme s'est arrêté pendant la remise au serveur : le message a pu arriver.", clock.UtcNow);
                        logger.LogWarning("Message {MessageId} was being handed over when the program stopped", message.Id);
                    }
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Sends what is due; answers how many messages the server took. Stops at the first sign that the server is not well.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken = default)
    {
        if (!settings.IsUsable)
        {
            return 0;
        }

        await _turn.WaitAsync(cancellationToken);
        SmtpSession? session = null;
        try
        {
            await MarkLeftOversAsync();
            var sent = 0;
            while (_trouble is not { } trouble || trouble.Until <= clock.UtcNow)
            {
                if (await ClaimAsync(cancellationToken) is not { } id)
                {
                    break;
                }

                if (session is { IsOpen: false } or { Count: >= MostPerSession })
                {
                    await session.DisposeAsync();
                    session = null;
                }

                (session, var wasTaken) = await SendAsync(id, session, cancellationToken);
                sent += wasTaken ? 1 : 0;
            }

            return sent;
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            _turn.Release();
        }
    }

    /// <summary>The server is tried again at once: somebody asks for it.</summary>
    public void Resume() => _trouble = null;

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<Guid?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var due = db.OutgoingMessages.Where(message => message.Status == MessageStatus.Waiting && message.NextTryAt <= clock.UtcNow);
        if (!await due.AnyAsync(cancellationToken))
        {
            return null;
        }

        Guid? claimed = null;
        await db.InTransactionAsync(
            async () =>
            {
                while (claimed is null && await due.OrderBy(message => message.NextTryAt).ThenBy(message => message.Id).FirstOrDefaultAsync(cancellationToken) is { } next)
                {
                    // The meeting went meanwhile, by an undo for instance: nobody is invited to what is no more.
                    if (next is { RecordType: nameof(Activity), CalendarMethod: "REQUEST", RecordId: { } about } && !await db.Activities.AnyAsync(activity => activity.Id == about, cancellationToken))
                    {
                        next.Cancel(Actor.System, clock.UtcNow);
                    }
                    else
                    {
                        next.Claim(DomainOf(settings.From.Address), clock.UtcNow);
                        claimed = next.Id;
                    }

                    await db.SaveChangesAsync(cancellationToken);
                }
            },
            cancellationToken);
        return claimed;
    }

    private async Task<(SmtpSession? Session, bool WasTaken)> SendAsync(Guid id, SmtpSession? session, CancellationToken cancellationToken)
    {
        var (recipients, content) = await WriteAsync(id);
        if (content is null)
        {
            return (session, false);
        }

        Action<OutgoingMessage> end;
        var wasTaken = false;
        try
        {
            session ??= await SmtpSession.OpenAsync(settings, manners, cancellationToken);
            var answers = await session.SendAsync(recipients, content, () => HandOverAsync(id), cancellationToken);
            (_trouble, _troubles) = (null, 0);
            wasTaken = answers.Values.Any(answer => answer.IsPositive);
            end = message => message.Settle(answers, clock.UtcNow);
            logger.LogInformation("Message {MessageId}: {Codes}", id, string.Join(", ", answers.Values.Select(answer => answer.Code).Distinct()));
        }
        catch (OperationCanceledException)
        {
            await MarkAsync(id, message => message.Release(clock.UtcNow));
            throw;
        }
        catch (MailServerException failure) when (failure.MayHaveTaken)
        {
            logger.LogWarning(failure, "Message {MessageId} was cut off during its delivery", id);
            Pause(failure.Message);
            end = message => message.Doubt(failure.Message, clock.UtcNow);
        }
        catch (Exception failure)
        {
            // Whatever this is, it came before the server was told that the message is complete: the session turns all that follows into a doubt.
            logger.LogWarning(failure, "Message {MessageId} could not be sent", id);
            var reason = failure is MailServerException or BusinessRuleException ? failure.Message : $"Erreur inattendue ({failure.GetType().Name}) : voir le journal du serveur.";
            Pause(reason);
            end = message => message.PutOff(reason, clock.UtcNow);
        }

        await MarkAsync(id, end);
        return (session, wasTaken);
    }

    private async Task<(IReadOnlyCollection<string> Recipients, byte[]? Content)> WriteAsync(Guid id)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync();
            var message = await db.OutgoingMessages.AsNoTracking().AsSplitQuery().Include(m => m.Recipients).Include(m => m.Files).SingleAsync(m => m.Id == id);
            return ([.. message.Recipients.Where(recipient => recipient.IsPending).OrderBy(recipient => recipient.Place).Select(recipient => recipient.Address)], MailFormat.Write(message, settings.From, message.SealedSecret is { } sealedSecret ? secrets.Open(sealedSecret) : null));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // One message that cannot be written must not keep the others from leaving.
            logger.LogError(failure, "Message {MessageId} could not be written", id);
            await MarkAsync(id, message => message.Fail($"Le message n'a pas pu être composé ({failure.GetType().Name}) : voir le journal du serveur.", clock.UtcNow));
            return ([], null);
        }
    }

    private Task HandOverAsync(Guid id) => ChangeAsync(id, message => message.HandOver(clock.UtcNow));

    // The end of a try is written whatever happens; what cannot be written now is kept for the next round.
    private async Task MarkAsync(Guid id, Action<OutgoingMessage> end)
    {
        try
        {
            await ChangeAsync(id, end);
        }
        catch (InvalidOperationException failure)
        {
            logger.LogError(failure, "Message {MessageId} is not where its try left it", id);
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "The end of message {MessageId} could not be written yet", id);
            _toMark[id] = end;
        }
    }

    private async Task MarkLeftOversAsync()
    {
        foreach (var (id, end) in _toMark.ToList())
        {
            _toMark.Remove(id);
            await MarkAsync(id, end);
        }
    }

    private async Task ChangeAsync(Guid id, Action<OutgoingMessage> change)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await db.InTransactionAsync(async () =>
        {
            change(await db.OutgoingMessages.Include(message => message.Recipients).SingleAsync(message => message.Id == id));
            await db.SaveChangesAsync();
        });
    }

    private void Pause(string reason)
    {
        var pause = s_pauses[Math.Min(_troubles++, s_pauses.Length - 1)];
        _trouble = new ServerTrouble(reason, clock.UtcNow, clock.UtcNow.AddMinutes(pause));
    }

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];
}
