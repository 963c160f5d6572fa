using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Segments;

/// <summary>How many entered a segment and left it since Monday, of those that somebody sees.</summary>
/// <param name="Since">The first night that was followed; null before it, or since the conditions changed.</param>
public sealed record SegmentWeek(int Entered, int Left, DateOnly? Since);

/// <summary>Somebody who entered a segment or left it, and when.</summary>
public sealed record SegmentMove(SegmentRecord Record, DateOnly On);

/// <summary>The comings and goings of segments: every night says who is in them, over all records; each person sees of it what they may see.</summary>
public sealed class SegmentMoves(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>The most that a list of comings or goings shows.</summary>
    public const int Most = 500;

    // Written a part at a time, so that people who save never wait for long.
    private const int Portion = 500;
    private const int DaysKept = 400;

    /// <summary>The numbers of the week; null when the segment is out of reach.</summary>
    public async Task<SegmentWeek?> WeekAsync(Guid segmentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Segments.SharedWith(actor).AsNoTracking().SingleOrDefaultAsync(segment => segment.Id == segmentId, cancellationToken) is not { } segment)
        {
            return null;
        }

        var snapshot = await db.SegmentSnapshots.AsNoTracking().SingleOrDefaultAsync(s => s.SegmentId == segmentId, cancellationToken);
        return snapshot is null || snapshot.Conditions != segment.Conditions
            ? new SegmentWeek(0, 0, null)
            : new SegmentWeek(
                await Moves(db, actor, segment, isEntry: true).CountAsync(cancellationToken),
                await Moves(db, actor, segment, isEntry: false).CountAsync(cancellationToken),
                snapshot.Since);
    }

    /// <summary>Who entered a segment since Monday, or left it, the last first.</summary>
    public async Task<IReadOnlyList<SegmentMove>> ListAsync(Guid segmentId, bool isEntry, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Segments.SharedWith(actor).AsNoTracking().SingleOrDefaultAsync(segment => segment.Id == segmentId, cancellationToken) is not { } segment)
        {
            return [];
        }

        var rows = await Moves(db, actor, segment, isEntry).OrderByDescending(move => move.On).ThenBy(move => move.Record.SortKey).Take(Most).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SegmentMove(row.Record, row.On!.Value))];
    }

    /// <summary>Notes who is in each segment that day: for the nightly job, and as often as one likes for the same day. Answers what it did, in French.</summary>
    /// <exception cref="BusinessRuleException">The actor is neither the product nor an administrator.</exception>
    public async Task<string> FollowAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        List<Segment> segments;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            segments = await db.Segments.AsNoTracking().OrderBy(segment => segment.Id).ToListAsync(cancellationToken);
        }

        var (followed, entered, left) = (0, 0, 0);
        foreach (var segment in segments)
        {
            // One to be corrected waits, with its members, for the night after.
            if (SegmentBook.Sound(segment) is { } conditions)
            {
                var (came, went) = await FollowAsync(segment, conditions, day, cancellationToken);
                (followed, entered, left) = (followed + 1, entered + came, left + went);
            }
        }

        await SweepAsync(day, cancellationToken);
        return followed == 0 ? "Aucun segment à suivre." : $"Segments suivis : {followed}. Entrées : {entered}, sorties : {left}.";
    }

    private IQueryable<DatedRecord> Moves(MedCrmDbContext db, Actor actor, Segment segment, bool isEntry)
    {
        var monday = clock.Today.AddDays(-(((int)clock.Today.DayOfWeek + 6) % 7));
        var visible = SegmentPopulation.Of(segment.Subject).Visible(new ListScope(db, actor, clock));
        var members = db.SegmentMembers.Where(member => member.SegmentId == segment.Id);
        var moves = isEntry
            ? members.Where(member => member.EnteredOn >= monday).Select(member => new { member.RecordId, On = member.EnteredOn })
            : members.Where(member => member.LeftOn >= monday).Select(member => new { member.RecordId, On = member.LeftOn });
        return moves.Join(visible, move => move.RecordId, record => record.Id, (move, record) => new DatedRecord { Record = record, On = move.On });
    }

    private async Task<(int Entered, int Left)> FollowAsync(Segment segment, SegmentGroup conditions, DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var snapshot = await db.SegmentSnapshots.AsNoTracking().SingleOrDefaultAsync(s => s.SegmentId == segment.Id, cancellationToken);
        var isFirst = snapshot is null || snapshot.Conditions != segment.Conditions;
        if (isFirst)
        {
            await StartAgainAsync(db, segment.Id, cancellationToken);
        }

        // « Moi » is the owner: whoever looks at the segment finds the same members.
        var scope = new ListScope(db, Actor.System, clock);
        var members = SegmentPopulation.Of(segment.Subject).Members(scope, SegmentPopulation.With(conditions, segment.OwnerId)).Select(record => record.Id);
        var known = db.SegmentMembers.Where(member => member.SegmentId == segment.Id && member.LeftOn == null);
        var entering = await members.Where(id => !known.Any(member => member.RecordId == id)).ToListAsync(cancellationToken);
        var leaving = await known.Where(member => !members.Contains(member.RecordId)).Select(member => member.Id).ToListAsync(cancellationToken);

        foreach (var portion in entering.Chunk(Portion))
        {
            await db.InTransactionAsync(() => EnterAsync(db, segment.Id, portion, isFirst ? null : day, cancellationToken), cancellationToken);
        }

        foreach (var portion in leaving.Chunk(Portion))
        {
            await db.InTransactionAsync(() => LeaveAsync(db, portion, day, cancellationToken), cancellationToken);
        }

        // Last: a first night that was cut short starts again.
        await db.InTransactionAsync(
            async () =>
            {
                if (isFirst)
                {
                    db.SegmentSnapshots.Add(new SegmentSnapshot(segment.Id, segment.Conditions, day));
                    await db.SaveChangesAsync(cancellationToken);
                }
                else
                {
                    await db.SegmentSnapshots.Where(s => s.SegmentId == segment.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.TakenOn, day), cancellationToken);
                }
            },
            cancellationToken);
        return isFirst ? (0, 0) : (entering.Count, leaving.Count);
    }

    // Whoever left earlier the same day has not left.
    private static async Task EnterAsync(MedCrmDbContext db, Guid segmentId, Guid[] portion, DateOnly? day, CancellationToken cancellationToken)
    {
        var back = db.SegmentMembers.Where(member => member.SegmentId == segmentId && member.LeftOn == day && day != null && portion.Contains(member.RecordId));
        var returned = await back.Select(member => member.RecordId).ToListAsync(cancellationToken);
        if (returned.Count > 0)
        {
            await back.ExecuteUpdateAsync(set => set.SetProperty(member => member.LeftOn, (DateOnly?)null), cancellationToken);
        }

        BulkInsert.Insert(db, portion.Except(returned).Select(id => new SegmentMember(segmentId, id, day)));
    }

    // Whoever entered earlier the same day was never there.
    private static async Task LeaveAsync(MedCrmDbContext db, Guid[] portion, DateOnly day, CancellationToken cancellationToken)
    {
        await db.SegmentMembers.Where(member => portion.Contains(member.Id) && member.EnteredOn == day).ExecuteDeleteAsync(cancellationToken);
        await db.SegmentMembers.Where(member => portion.Contains(member.Id)).ExecuteUpdateAsync(set => set.SetProperty(member => member.LeftOn, day), cancellationToken);
    }

    private static async Task StartAgainAsync(MedCrmDbContext db, Guid segmentId, CancellationToken cancellationToken)
    {
        await db.InTransactionAsync(() => db.SegmentSnapshots.Where(s => s.SegmentId == segmentId).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        await RemoveAsync(db, db.SegmentMembers.Where(member => member.SegmentId == segmentId), cancellationToken);
    }

    // What left long ago, and the members of segments that are gone.
    private async Task SweepAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var before = day.AddDays(-DaysKept);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RemoveAsync(db, db.SegmentMembers.Where(member => member.LeftOn < before || !db.Segments.Any(segment => segment.Id == member.SegmentId)), cancellationToken);
        await db.InTransactionAsync(() => db.SegmentSnapshots.Where(s => !db.Segments.Any(segment => segment.Id == s.SegmentId)).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }

    private static async Task RemoveAsync(MedCrmDbContext db, IQueryable<SegmentMember> members, CancellationToken cancellationToken)
    {
        while (await members.Select(member => member.Id).Take(Portion).ToListAsync(cancellationToken) is { Count: > 0 } portion)
        {
            await db.InTransactionAsync(() => db.SegmentMembers.Where(member => portion.Contains(member.Id)).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }
    }

    private sealed record DatedRecord
    {
        public required SegmentRecord Record { get; init; }

        public required DateOnly? On { get; init; }
    }
}
