using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Segments;

/// <summary>A segment among the others: who made it, and who shares it.</summary>
public sealed record SegmentRow(Guid Id, string Name, string? Description, SegmentSubject Subject, SegmentGroup Conditions, bool IsMine, ViewSharing Sharing, string OwnerName, bool IsSound);

/// <summary>A segment as its page opens it, with the version seen.</summary>
public sealed record SegmentSheet(Guid Id, Guid Version, SegmentDetails Details, bool IsMine, string OwnerName);

/// <summary>What conditions gather for the person who writes them: how many, of how many they see, the first ten, and what is wrong. Those still being written are left aside; without a count, something else is wrong.</summary>
public sealed record SegmentPreview(int? Count, int Total, IReadOnlyList<SegmentRecord> Sample, IReadOnlyList<SegmentDefect> Defects);

/// <summary>A segment that a list is filtered on and that does not do what is asked: out of reach, or to be corrected.</summary>
public sealed record SegmentNotice(Guid Id, string? Name);

/// <summary>The door of segments: each person's own, and those that colleagues chose to share. Only its owner changes one.</summary>
public sealed class SegmentBook(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int SampleSize = 10;

    /// <summary>The segments that the actor sees: own ones first, by name.</summary>
    public async Task<IReadOnlyList<SegmentRow>> ListAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Segments.SharedWith(actor).AsNoTracking()
            .OrderByDescending(segment => segment.OwnerId == actor.Id)
            .ThenBy(segment => SqlFunctions.Fold(segment.Name))
            .Select(segment => new { Segment = segment, Owner = db.Users.Where(user => user.Id == segment.OwnerId).Select(user => user.DisplayName).First() })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row =>
            {
                var conditions = SegmentText.Read(row.Segment.Conditions);
                return new SegmentRow(
                    row.Segment.Id,
                    row.Segment.Name,
                    row.Segment.Description,
                    row.Segment.Subject,
                    conditions,
                    row.Segment.OwnerId == actor.Id,
                    row.Segment.Sharing,
                    row.Owner,
                    SegmentRules.DefectsOf(row.Segment.Subject, conditions).Count == 0);
            }),
        ];
    }

    /// <summary>A segment with its conditions; null when it is gone or not shared with the actor.</summary>
    public async Task<SegmentSheet?> FindAsync(Guid segmentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Segments.SharedWith(actor).AsNoTracking().SingleOrDefaultAsync(segment => segment.Id == segmentId, cancellationToken) is not { } segment)
        {
            return null;
        }

        var owner = await db.Users.Where(user => user.Id == segment.OwnerId).Select(user => user.DisplayName).SingleAsync(cancellationToken);
        return new SegmentSheet(segment.Id, segment.Version, DetailsOf(segment), segment.OwnerId == actor.Id, owner);
    }

    /// <summary>What conditions gather now, among what the actor sees.</summary>
    public async Task<SegmentPreview> PreviewAsync(SegmentSubject subject, SegmentGroup conditions, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scope = new ListScope(db, actor, clock);
        var population = SegmentPopulation.Of(subject);
        var total = await population.Visible(scope).CountAsync(cancellationToken);
        var defects = SegmentRules.DefectsOf(subject, conditions);
        if (defects.Any(defect => !defect.IsUnfinished))
        {
            return new SegmentPreview(null, total, [], defects);
        }

        var members = population.Members(scope, SegmentRules.Finished(conditions));
        return new SegmentPreview(
            await members.CountAsync(cancellationToken),
            total,
            await members.OrderBy(record => record.SortKey).ThenBy(record => record.Id).Take(SampleSize).ToListAsync(cancellationToken),
            defects);
    }

    /// <summary>How many members of a segment the actor sees; null when it is out of reach or to be corrected.</summary>
    public async Task<int?> CountAsync(Guid segmentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var segment = await db.Segments.SharedWith(actor).AsNoTracking().SingleOrDefaultAsync(segment => segment.Id == segmentId, cancellationToken);
        return segment is null || Sound(segment) is not { } conditions
            ? null
            : await SegmentPopulation.Of(segment.Subject).Members(new ListScope(db, actor, clock), conditions).CountAsync(cancellationToken);
    }

    /// <summary>Of the segments that a list is filtered on, those out of the actor's reach (without a name) and those to be corrected.</summary>
    public async Task<IReadOnlyList<SegmentNotice>> NoticesAsync(SegmentSubject subject, IReadOnlyCollection<Guid> segmentIds, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var usable = await SegmentColumn.Usable(db, actor, subject).AsNoTracking().Where(segment => segmentIds.Contains(segment.Id)).ToDictionaryAsync(segment => segment.Id, cancellationToken);
        return
        [
            .. segmentIds
                .Where(id => usable.GetValueOrDefault(id) is not { } segment || Sound(segment) is null)
                .Select(id => new SegmentNotice(id, usable.GetValueOrDefault(id)?.Name)),
        ];
    }

    /// <summary>
    /// The conditions that say what a filtered list shows; a segment among its filters is written out. A search is left out: it looks in several
    /// fields at once.
    /// </summary>
    public async Task<SegmentGroup> FromListAsync(SegmentSubject subject, ListQuery query, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var parts = new List<SegmentPart>();
        foreach (var filter in query.Filters)
        {
            if (filter.Field != SegmentColumn.Key)
            {
                parts.Add(new SegmentCondition(filter));
                continue;
            }

            var ids = filter.Values.Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty).ToList();
            var written = (await SegmentColumn.Usable(db, actor, subject).AsNoTracking().Where(segment => ids.Contains(segment.Id)).OrderBy(segment => segment.Name).ToListAsync(cancellationToken))
                .Select(Sound)
                .OfType<SegmentGroup>()
                .Where(group => group.Parts.Count > 0)
                .ToList();
            if (written.Count > 0)
            {
                var one = written.Count == 1 ? written[0] : SegmentGroup.Any([.. written]);
                parts.Add(filter.Operator is FilterOperator.NoneOf ? one.Negated() : one);
            }
        }

        return SegmentGroup.All(parts);
    }

    /// <summary>Keeps a new segment of the actor's.</summary>
    /// <exception cref="BusinessRuleException">A field or a condition is refused.</exception>
    public async Task<Done> CreateAsync(SegmentDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var segment = new Segment(details, actor);
        await CheckNameAsync(db, segment, cancellationToken);
        var gesture = db.Begin(actor, $"Segment « {segment.Name} » créé");
        db.Segments.Add(segment);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(segment.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Changes an own segment, as it was seen.</summary>
    /// <exception cref="StaleRecordException">It was changed meanwhile.</exception>
    /// <exception cref="BusinessRuleException">A field or a condition is refused, or it is somebody else's.</exception>
    public async Task<Done> EditAsync(Guid segmentId, Guid seenVersion, SegmentDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var segment = await OwnAsync(db, actor, segmentId, cancellationToken);
        db.Expect(segment, seenVersion);
        segment.Edit(details, actor);
        await CheckNameAsync(db, segment, cancellationToken);
        var gesture = db.Begin(actor, $"Segment « {segment.Name} » modifié");
        await db.SaveChangesAsync(cancellationToken);
        return new Done(segment.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Makes a personal copy of a segment that the actor sees.</summary>
    /// <exception cref="BusinessRuleException">It is gone, no longer shared, or to be corrected.</exception>
    public async Task<Done> DuplicateAsync(Guid segmentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var source = await SeenAsync(db, actor, segmentId, cancellationToken);
        var taken = await db.Segments.Where(segment => segment.OwnerId == actor.Id).Select(segment => segment.Name).ToListAsync(cancellationToken);
        var name = Enumerable.Range(1, taken.Count + 1)
            .Select(rank => Clean.Shortened(source.Name, 68) + (rank == 1 ? " (copie)" : $" (copie {rank})"))
            .First(candidate => !taken.Contains(candidate));
        var copy = new Segment(DetailsOf(source) with { Name = name, Sharing = ViewSharing.Personal }, actor);
        var gesture = db.Begin(actor, $"Segment « {source.Name} » dupliqué");
        db.Segments.Add(copy);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(copy.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Removes an own segment, for those it was shared with too.</summary>
    /// <exception cref="BusinessRuleException">It is gone, or somebody else's.</exception>
    public async Task<Done> DeleteAsync(Guid segmentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var segment = await OwnAsync(db, actor, segmentId, cancellationToken);
        var gesture = db.Begin(actor, $"Segment « {segment.Name} » supprimé");
        db.Segments.Remove(segment);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(segmentId, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>The conditions of a segment; null when something in them is to be corrected.</summary>
    internal static SegmentGroup? Sound(Segment segment)
        => SegmentText.Read(segment.Conditions) is var conditions && SegmentRules.DefectsOf(segment.Subject, conditions).Count == 0 ? conditions : null;

    private static SegmentDetails DetailsOf(Segment segment) => new()
    {
        Name = segment.Name,
        Description = segment.Description,
        Subject = segment.Subject,
        Sharing = segment.Sharing,
        Conditions = SegmentText.Read(segment.Conditions),
    };

    private static async Task<Segment> SeenAsync(MedCrmDbContext db, Actor actor, Guid segmentId, CancellationToken cancellationToken)
        => await db.Segments.SharedWith(actor).SingleOrDefaultAsync(segment => segment.Id == segmentId, cancellationToken)
            ?? throw new BusinessRuleException("Ce segment n'existe plus, ou n'est plus partagé.");

    private static async Task<Segment> OwnAsync(MedCrmDbContext db, Actor actor, Guid segmentId, CancellationToken cancellationToken)
        => await SeenAsync(db, actor, segmentId, cancellationToken) is var segment && segment.OwnerId == actor.Id
            ? segment
            : throw new BusinessRuleException("Ce segment appartient à quelqu'un d'autre : dupliquez-le pour le changer.");

    private static async Task CheckNameAsync(MedCrmDbContext db, Segment segment, CancellationToken cancellationToken)
    {
        if (await db.Segments.AnyAsync(other => other.Id != segment.Id && other.OwnerId == segment.OwnerId && other.Name == segment.Name, cancellationToken))
        {
            throw new BusinessRuleException($"Vous avez déjà un segment « {segment.Name} ».", nameof(Segment.Name));
        }
    }
}
