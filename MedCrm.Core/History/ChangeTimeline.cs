using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>What people changed on the record itself, folded into one line a day and a person, so that a busy import never drowns a feed.</summary>
public sealed class ChangeTimeline(BusinessClock clock) : TimelineSource
{
    private const string Code = "change";

    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new(Code, "Modifications", "edit_note");

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var (type, id, zone) = (subject.RecordType, subject.Id, clock.Zone.Id);
        return db.RecordChanges
            .Where(change => change.WholeId == id && change.WholeType == type)
            .Join(db.ChangeSets, change => change.ChangeSetId, set => set.Id, (change, set) => new { set.ActorId, set.ActorName, Day = SqlFunctions.DayOf(set.At, zone), set.At })
            .GroupBy(change => new { change.ActorId, change.ActorName, change.Day })
            .Select(day => new TimelineEntry
            {
                Kind = Code,
                At = day.Max(change => change.At),
                Title = day.Key.ActorName,
                ById = day.Key.ActorId,
                ByName = day.Key.ActorName,
                Day = day.Key.Day,
                Count = day.Count(),
            });
    }

    /// <summary>Counts the fields that each day changed, for « 4 champs ».</summary>
    public override async Task<IReadOnlyList<TimelineEntry>> CompleteAsync(MedCrmDbContext db, TimelineSubject subject, IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken)
    {
        var (type, id) = (subject.RecordType, subject.Id);
        var changes = new List<(Guid? ActorId, string ActorName, DateOnly Day, string RecordType, Guid RecordId, ChangeKind Kind, string Fields)>();
        foreach (var day in entries.Select(entry => entry.Day!.Value).Distinct())
        {
            var (from, to) = (clock.ToUtc(day, TimeOnly.MinValue), clock.ToUtc(day.AddDays(1), TimeOnly.MinValue));
            changes.AddRange((await db.RecordChanges.AsNoTracking()
                    .Where(change => change.WholeId == id && change.WholeType == type && change.ChangeSet.At >= from && change.ChangeSet.At < to)
                    .Select(change => new { change.ChangeSet.ActorId, change.ChangeSet.ActorName, change.RecordType, change.RecordId, change.Kind, change.Fields })
                    .ToListAsync(cancellationToken))
                .Select(change => (change.ActorId, change.ActorName, day, change.RecordType, change.RecordId, change.Kind, change.Fields)));
        }

        var byDay = changes.ToLookup(change => (change.ActorId, change.ActorName, change.Day));
        return [.. entries.Select(entry =>
        {
            var day = byDay[(entry.ById, entry.ByName!, entry.Day!.Value)].ToList();
            return entry with
            {
                State = (int)(day.Exists(change => change.Kind is ChangeKind.Created && change.RecordId == id) ? ChangeKind.Created : ChangeKind.Updated),
                Count = day.SelectMany(change => FieldChanges.Read(change.Fields).Where(field => RecordTypes.ClrTypeOf(change.RecordType) is { } clr && Labels.Has(clr, field.Field)).Select(field => (change.RecordId, field.Field))).Distinct().Count(),
            };
        })];
    }
}
