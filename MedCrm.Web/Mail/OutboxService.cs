using MedCrm.Core.History;
using MedCrm.Core.Mail;

namespace MedCrm.Web.Mail;

/// <summary>Sends what waits in the outbox: as soon as something is queued, and every twenty seconds for what is due again or was queued by a command.</summary>
public sealed class OutboxService(OutboxSender sender, ChangeNews news, ILogger<OutboxService> logger) : BackgroundService
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var knock = new SemaphoreSlim(0);
        using var subscription = news.Subscribe(change =>
        {
            if (change.Touches(nameof(OutgoingMessage)) && knock.CurrentCount == 0)
            {
                knock.Release();
            }
        });
        var isRecovered = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isRecovered)
                {
                    await sender.RecoverAsync(stoppingToken);
                    isRecovered = true;
                }

                await sender.SendDueAsync(stoppingToken);
                await knock.WaitAsync(s_round, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The next round comes in twenty seconds; what did not leave still waits.
                logger.LogError(failure, "The outbox could not be looked at");
                await Task.Delay(s_round, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
