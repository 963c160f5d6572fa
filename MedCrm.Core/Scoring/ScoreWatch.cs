using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Scoring;

/// <summary>Works out the scores again of the institutions around which something was just saved, so that the list and the page never wait for the night. A large import is left to the night.</summary>
public sealed partial class ScoreWatch(ChangeNews news, IServiceScopeFactory scopes, TimeProvider time, ILogger<ScoreWatch> logger) : BackgroundService
{
    private const int Most = 500;
    private static readonly string[] s_heard = [nameof(Activity), nameof(Opportunity), nameof(Institution), nameof(Quote), nameof(Invoice)];
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _heard = new(0);
    private HashSet<Guid> _waiting = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = news.Subscribe(Hear);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _heard.WaitAsync(stoppingToken);
                await Task.Delay(s_calm, time, stoppingToken);
                var ids = Take();
                if (ids.Count is > 0 and <= Most)
                {
                    await using var scope = scopes.CreateAsyncScope();
                    await ActivatorUtilities.CreateInstance<Scores>(scope.ServiceProvider, new SystemUser()).ComputeAsync(ids, stoppingToken);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                // The night makes up for it.
                LogFailure(failure);
            }
        }
    }

    private void Hear(CommittedChange change)
    {
        if (!s_heard.Any(change.Touches))
        {
            return;
        }

        lock (_lock)
        {
            var wasEmpty = _waiting.Count == 0;
            _waiting.UnionWith(change.Links);
            _waiting.UnionWith(change.Records.Where(record => record.Type == nameof(Institution)).Select(record => record.Id));
            if (wasEmpty && _waiting.Count > 0)
            {
                _heard.Release();
            }
        }
    }

    private HashSet<Guid> Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Scores were not worked out after a change.")]
    private partial void LogFailure(Exception failure);
}
