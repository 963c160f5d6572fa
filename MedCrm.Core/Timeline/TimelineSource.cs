using MedCrm.Core.Access;
using MedCrm.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Timeline;

/// <summary>Where one kind of events comes from. A room that brings a kind writes one of these and registers it: feeds, counts and filters follow.</summary>
public abstract class TimelineSource
{
    /// <summary>The kind.</summary>
    public abstract TimelineKind Kind { get; }

    /// <summary>The events of a record that the actor may see, in no order. Built by a member-init projection, so that period and page are added to the same SQL.</summary>
    public abstract IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject);

    /// <summary>Adds to the entries of one page what costs too much to read for all.</summary>
    public virtual Task<IReadOnlyList<TimelineEntry>> CompleteAsync(MedCrmDbContext db, TimelineSubject subject, IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken)
        => Task.FromResult(entries);
}

/// <summary>Registers the kinds of events.</summary>
public static class TimelineSources
{
    /// <summary>Adds a kind; feeds show kinds in the order in which they were added.</summary>
    public static IServiceCollection AddTimeline<TSource>(this IServiceCollection services)
        where TSource : TimelineSource
        => services.AddSingleton<TimelineSource, TSource>();
}
