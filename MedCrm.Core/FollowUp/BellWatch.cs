using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>Notices the lines that another process wrote in the bells, such as a command run beside the server.</summary>
public sealed class BellWatch(IDbContextFactory<MedCrmDbContext> contexts, NotificationNews news)
{
    private long _newest = -1;

    /// <summary>Looks once; open bells hear when something is new since the last look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var newest = await db.Database.SqlQuery<long>($"SELECT COALESCE(MAX(rowid), 0) AS Value FROM Notifications").SingleAsync(cancellationToken);
        var before = Interlocked.Exchange(ref _newest, newest);
        if (before >= 0 && newest > before)
        {
            news.Announce(null);
        }
    }
}
