using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>With whom a view is shared.</summary>
public enum ViewSharing
{
    Personal,
    Team,
    All,
}

/// <summary>A saved view as somebody sees it among the tabs of a list.</summary>
public sealed record SavedViewTab(Guid Id, string Name, string Query, bool IsMine, ViewSharing Sharing, string OwnerName);

/// <summary>A saved view of some list, for somebody who looks among all of them.</summary>
public sealed record NamedView(Guid Id, string List, string Name, string Query, bool IsMine, string OwnerName);

/// <summary>The door of saved views: each person's own, and those that colleagues chose to share. Only its owner changes a view.</summary>
public sealed class SavedViews(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>The views of a list that the actor sees: own ones first, then shared ones, by name.</summary>
    public async Task<IReadOnlyList<SavedViewTab>> ListAsync(string list, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.SavedViews.SharedWith(actor)
            .Where(view => view.List == list)
            .OrderByDescending(view => view.OwnerId == actor.Id)
            .ThenBy(view => view.Name)
            .Select(view => new SavedViewTab(
                view.Id,
                view.Name,
                view.Query,
                view.OwnerId == actor.Id,
                view.IsSharedWithAll ? ViewSharing.All : view.SharedWithTeamId != null ? ViewSharing.Team : ViewSharing.Personal,
                db.Users.Where(user => user.Id == view.OwnerId).Select(user => user.DisplayName).First()))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The views that the actor sees, of every list: own ones first, then shared ones, by name.</summary>
    public async Task<IReadOnlyList<NamedView>> AllAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.SavedViews.SharedWith(actor)
            .OrderByDescending(view => view.OwnerId == actor.Id)
            .ThenBy(view => view.Name)
            .Select(view => new NamedView(view.Id, view.List, view.Name, view.Query, view.OwnerId == actor.Id, db.Users.Where(user => user.Id == view.OwnerId).Select(user => user.DisplayName).First()))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Keeps a personal view of a list.</summary>
    /// <exception cref="BusinessRuleException">The name is refused, or that of another own view of the list.</exception>
    public async Task<Done> CreateAsync(string list, string name, string query, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var ownerId = actor.Id ?? throw new BusinessRuleException("Une vue appartient à une personne.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var view = new SavedView(list, name, query, ownerId);
        await CheckNameAsync(db, view, cancellationToken);
        var gesture = db.Begin(actor, $"Vue « {view.Name} » créée");
        db.SavedViews.Add(view);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(view.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Keeps other filters, sort and columns in an own view.</summary>
    public Task<Done> KeepAsync(Guid viewId, string query, CancellationToken cancellationToken = default)
        => ChangeAsync(viewId, name => $"Vue « {name} » enregistrée", (_, view) => view.Keep(query), cancellationToken);

    /// <summary>Renames an own view.</summary>
    /// <exception cref="BusinessRuleException">The name is refused.</exception>
    public Task<Done> RenameAsync(Guid viewId, string newName, CancellationToken cancellationToken = default)
        => ChangeAsync(viewId, name => $"Vue renommée « {name} »", (_, view) => view.Rename(newName), cancellationToken);

    /// <summary>Shares an own view with one's team or with everybody, or takes it back.</summary>
    /// <exception cref="BusinessRuleException">The actor may not share, or belongs to no team.</exception>
    public Task<Done> ShareAsync(Guid viewId, ViewSharing sharing, CancellationToken cancellationToken = default)
        => ChangeAsync(
            viewId,
            name => sharing switch
            {
                ViewSharing.Team => $"Vue « {name} » partagée avec l'équipe",
                ViewSharing.All => $"Vue « {name} » partagée avec tous",
                _ => $"Vue « {name} » redevenue personnelle",
            },
            (actor, view) => view.Share(actor.TeamFor(sharing), sharing is ViewSharing.All),
            cancellationToken);

    /// <summary>Removes an own view, for those it was shared with too.</summary>
    public Task<Done> DeleteAsync(Guid viewId, CancellationToken cancellationToken = default)
        => ChangeAsync(viewId, name => $"Vue « {name} » supprimée", null, cancellationToken);

    private static async Task CheckNameAsync(MedCrmDbContext db, SavedView view, CancellationToken cancellationToken)
    {
        var entry = db.Entry(view);
        var isTaken = (entry.State is EntityState.Detached || entry.Property(v => v.Name).IsModified)
            && await db.SavedViews.AnyAsync(other => other.Id != view.Id && other.List == view.List && other.OwnerId == view.OwnerId && other.Name == view.Name, cancellationToken);
        if (isTaken)
        {
            throw new BusinessRuleException($"Vous avez déjà une vue « {view.Name} ».");
        }
    }

    private async Task<Done> ChangeAsync(Guid viewId, Func<string, string> sentence, Action<Actor, SavedView>? change, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var view = await db.SavedViews.SharedWith(actor).SingleOrDefaultAsync(candidate => candidate.Id == viewId, cancellationToken)
            ?? throw new BusinessRuleException("Cette vue n'existe plus, ou n'est plus partagée.");
        if (view.OwnerId != actor.Id)
        {
            throw new BusinessRuleException("Cette vue appartient à quelqu'un d'autre : enregistrez la vôtre à partir d'elle.");
        }

        change?.Invoke(actor, view);
        await CheckNameAsync(db, view, cancellationToken);
        var gesture = db.Begin(actor, sentence(view.Name));
        if (change is null)
        {
            db.SavedViews.Remove(view);
        }

        await db.SaveChangesAsync(cancellationToken);
        return new Done(viewId, gesture.Sentence, gesture.Undoable);
    }
}
