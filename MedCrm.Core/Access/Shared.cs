namespace MedCrm.Core.Access;

/// <summary>Something that one person made and may share: with nobody, with a team, or with all.</summary>
public interface IShared
{
    /// <summary>Who made it, and alone changes it.</summary>
    Guid OwnerId { get; }

    /// <summary>The team it is shared with; null when it is personal, or everybody's.</summary>
    Guid? SharedWithTeamId { get; }

    /// <summary>Shared with everybody.</summary>
    bool IsSharedWithAll { get; }
}

/// <summary>The one rule of who may use what a colleague shares.</summary>
public static class SharedQueries
{
    /// <summary>What is the actor's own, or shared with them.</summary>
    public static IQueryable<T> SharedWith<T>(this IQueryable<T> records, Actor actor)
        where T : class, IShared
    {
        var (id, team) = (actor.Id, actor.TeamId);
        return records.Where(record => record.OwnerId == id || record.IsSharedWithAll || (record.SharedWithTeamId != null && record.SharedWithTeamId == team));
    }

    /// <summary>The team that a choice of sharing stands for, after checking that the actor may share.</summary>
    /// <exception cref="Foundation.BusinessRuleException">The actor may not share, or belongs to no team.</exception>
    internal static Guid? TeamFor(this Actor actor, ViewSharing sharing)
    {
        if (sharing is not ViewSharing.Personal)
        {
            actor.Demand(Right.ShareViews);
        }

        return sharing is ViewSharing.Team ? actor.TeamId ?? throw new Foundation.BusinessRuleException("Vous n'êtes dans aucune équipe.") : null;
    }
}
