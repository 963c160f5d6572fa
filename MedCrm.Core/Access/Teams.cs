using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>A team as the administration shows it.</summary>
public sealed record TeamRow(Guid Id, string Name, int People, int Institutions, int OpenOpportunities);

/// <summary>The door of the teams.</summary>
public sealed class Teams(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>Every team by name, with what it holds.</summary>
    public async Task<IReadOnlyList<TeamRow>> ListAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Teams
            .OrderBy(team => team.Name)
            .Select(team => new TeamRow(
                team.Id,
                team.Name,
                db.Users.Count(user => user.TeamId == team.Id && !user.IsDisabled),
                db.Institutions.Count(institution => institution.TeamId == team.Id),
                db.Opportunities.Count(opportunity => opportunity.TeamId == team.Id && opportunity.ClosedOn == null)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Creates a team.</summary>
    /// <exception cref="BusinessRuleException">The name is missing or taken.</exception>
    public async Task<Done> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var team = new Team(name);
        await CheckNameAsync(db, team, cancellationToken);
        var gesture = db.Begin(actor, $"Équipe « {team.Name} » créée");
        db.Teams.Add(team);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(team.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Changes the name of a team.</summary>
    /// <exception cref="BusinessRuleException">The name is missing or taken.</exception>
    public async Task<Done> RenameAsync(Guid teamId, string name, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var team = await GetAsync(db, teamId, cancellationToken);
        team.Rename(name);
        await CheckNameAsync(db, team, cancellationToken);
        var gesture = db.Begin(actor, $"Équipe renommée en {team.Name}");
        await db.SaveChangesAsync(cancellationToken);
        return new Done(team.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Removes a team that nobody and nothing uses.</summary>
    /// <exception cref="BusinessRuleException">People or records still belong to it.</exception>
    public async Task<Done> RemoveAsync(Guid teamId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var team = await GetAsync(db, teamId, cancellationToken);
        var gesture = db.Begin(actor, $"Équipe « {team.Name} » supprimée");
        db.Teams.Remove(team);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(team.Id, gesture.Sentence, gesture.Undoable);
    }

    private static async Task<Team> GetAsync(MedCrmDbContext db, Guid teamId, CancellationToken cancellationToken)
        => await db.Teams.SingleOrDefaultAsync(team => team.Id == teamId, cancellationToken)
            ?? throw new BusinessRuleException("Cette équipe n'existe plus.");

    private static async Task CheckNameAsync(MedCrmDbContext db, Team team, CancellationToken cancellationToken)
    {
        var names = await db.Teams.Where(other => other.Id != team.Id).Select(other => other.Name).ToListAsync(cancellationToken);
        if (names.Contains(team.Name, StringComparer.CurrentCultureIgnoreCase))
        {
            throw new BusinessRuleException("Une équipe porte déjà ce nom.", nameof(Team.Name));
        }
    }
}
