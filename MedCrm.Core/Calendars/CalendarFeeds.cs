using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Calendars;

/// <summary>One's own feed: since when it is open, and when a program last read it. Moments are UTC.</summary>
public sealed record FeedState(DateTime CreatedAt, DateTime? LastReadAt);

/// <summary>The door of calendar feeds: opened and closed by their owners, read by whoever holds the secret.</summary>
public sealed class CalendarFeeds(
    IDbContextFactory<MedCrmDbContext> contexts,
    ICurrentUser currentUser,
    Actors actors,
    IEnumerable<ICalendarSource> sources,
    BusinessClock clock,
    ILogger<CalendarFeeds> logger)
{
    /// <summary>How far back a feed goes, in days.</summary>
    public const int DaysBefore = 60;

    /// <summary>How far ahead a feed goes, in days.</summary>
    public const int DaysAhead = 400;

    private const int SecretBytes = 32;
    private static readonly TimeSpan s_refresh = TimeSpan.FromHours(1);

    /// <summary>How one's own feed stands; null when there is none.</summary>
    public async Task<FeedState?> MineAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.CalendarFeeds.Where(feed => feed.UserId == actor.Id).Select(feed => new FeedState(feed.CreatedAt, feed.LastReadAt)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Opens one's own feed and answers its secret, which is not kept and cannot be shown again. A former secret no longer answers.</summary>
    public async Task<string> OpenAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var userId = actor.Id ?? throw new BusinessRuleException("Le programme lui-même n'a pas d'agenda.");
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                if (await db.CalendarFeeds.SingleOrDefaultAsync(feed => feed.UserId == userId, cancellationToken) is { } feed)
                {
                    feed.Renew(HashOf(token), clock.UtcNow);
                }
                else
                {
                    db.CalendarFeeds.Add(new CalendarFeed(userId, HashOf(token), clock.UtcNow));
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        logger.LogInformation("Calendar feed of {UserId} opened", userId);
        return token;
    }

    /// <summary>Closes one's own feed: its address no longer answers.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.CalendarFeeds.SingleOrDefaultAsync(feed => feed.UserId == actor.Id, cancellationToken) is { } feed)
        {
            db.CalendarFeeds.Remove(feed);
            await db.SaveChangesAsync(cancellationToken);
            logger.LogInformation("Calendar feed of {UserId} closed", actor.Id);
        }
    }

    /// <summary>The calendar behind a secret; null when it opens nothing. Looked up by its hash: how long that takes says nothing of a secret close by.</summary>
    /// <param name="token">The secret.</param>
    /// <param name="site">The address of the product, for the links of the events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<byte[]?> ReadAsync(string token, Uri site, CancellationToken cancellationToken = default)
    {
        var hash = HashOf(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.CalendarFeeds.SingleOrDefaultAsync(feed => feed.TokenHash == hash, cancellationToken) is not { } feed
            || await actors.FindAsync(feed.UserId, cancellationToken) is not { } owner)
        {
            return null;
        }

        var (from, to) = (clock.Today.AddDays(-DaysBefore), clock.Today.AddDays(DaysAhead));
        var events = new List<CalendarEvent>();
        foreach (var source in sources)
        {
            events.AddRange((await source.EventsOfAsync(db, feed.UserId, from, to, cancellationToken)).Select(entry => entry with { Url = entry.Url is null ? null : new Uri(site, entry.Url).AbsoluteUri }));
        }

        await NoteReadAsync(db, feed, cancellationToken);
        return new CalendarFile(events) { Name = $"MedCRM – {owner.Name}", RefreshEvery = s_refresh }.WriteBytes(clock.Zone, clock.UtcNow);
    }

    // Programs read every few minutes: an hour is all the precision that is worth a write.
    private async Task NoteReadAsync(MedCrmDbContext db, CalendarFeed feed, CancellationToken cancellationToken)
    {
        if (feed.LastReadAt is { } last && clock.UtcNow - last < s_refresh)
        {
            return;
        }

        var (hash, now) = (feed.TokenHash, clock.UtcNow);
        await db.InTransactionAsync(
            () => db.CalendarFeeds.Where(known => known.TokenHash == hash).ExecuteUpdateAsync(set => set.SetProperty(known => known.LastReadAt, now), cancellationToken),
            cancellationToken);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
