using System.Linq.Expressions;

namespace MedCrm.Core.Access;

/// <summary>A record that belongs to somebody and to a team; without either it is common to all.</summary>
public interface IOwned
{
    /// <summary>The person who follows it.</summary>
    Guid? OwnerId { get; }

    /// <summary>The team that shares it.</summary>
    Guid? TeamId { get; }

    /// <summary>Gives it to somebody and their team.</summary>
    void AssignTo(Guid? ownerId, Guid? teamId, DateTime at);
}

/// <summary>The one visibility filter: lists, search, export, addresses and jobs all start from it.</summary>
public static class OwnedQueries
{
    /// <summary>The records that an actor may see.</summary>
    public static IQueryable<T> VisibleTo<T>(this IQueryable<T> records, Actor actor)
        where T : class, IOwned
        => actor.Visibility is Visibility.All ? records : records.Where(Sees<T>(actor));

    /// <summary>The rule itself, for a query that reaches an owned record through another one.</summary>
    public static Expression<Func<T, bool>> Sees<T>(Actor actor)
        where T : class, IOwned
    {
        var (id, team) = (actor.Id, actor.TeamId);
        return actor.Visibility switch
        {
            Visibility.All => _ => true,
            Visibility.Team when team is not null => record => record.TeamId == team || record.OwnerId == id || (record.OwnerId == null && record.TeamId == null),
            _ => record => record.OwnerId == id || (record.OwnerId == null && record.TeamId == null),
        };
    }

    /// <summary>The same rule for one record in hand.</summary>
    public static bool Sees(this Actor actor, IOwned record)
        => actor.Visibility is Visibility.All
            || record is { OwnerId: null, TeamId: null }
            || record.OwnerId == actor.Id
            || (actor.Visibility is Visibility.Team && actor.TeamId is not null && record.TeamId == actor.TeamId);
}
