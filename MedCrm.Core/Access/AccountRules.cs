using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MedCrm.Core.Access;

/// <summary>
/// What holds of accounts and teams whatever the way in, screen, undo or command: an administrator always remains, an account is never
/// deleted, secrets are not undone, a team that is used stays. Runs behind the write gate, so two administrators cannot demote each other.
/// </summary>
internal sealed class AccountRules : SaveChangesInterceptor
{
    private static readonly string[] s_secrets = [nameof(User.PasswordChangedAt), nameof(User.MustChangePassword), nameof(User.SecondFactorSince), nameof(User.SessionsEndedAt)];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is MedCrmDbContext db)
        {
            var users = db.ChangeTracker.Entries<User>().Where(entry => entry.State is EntityState.Modified or EntityState.Deleted).ToList();
            foreach (var entry in users)
            {
                Check(entry, db.Gesture?.Origin);
            }

            if (users.Exists(LosesAnAdministrator))
            {
                await CheckOneRemainsAsync(db, cancellationToken);
            }

            foreach (var entry in db.ChangeTracker.Entries<Team>().Where(entry => entry.State is EntityState.Deleted).ToList())
            {
                await CheckUnusedAsync(db, entry.Entity, cancellationToken);
            }
        }

        return result;
    }

    private static void Check(EntityEntry<User> entry, ChangeOrigin? origin)
    {
        if (entry.State is EntityState.Deleted)
        {
            throw new BusinessRuleException($"Le compte de {entry.Entity.DisplayName} ne se supprime pas : son nom reste dans l'historique. Désactivez-le.");
        }

        if (origin is ChangeOrigin.Undo && s_secrets.Any(secret => entry.Property(secret).IsModified))
        {
            throw new BusinessRuleException("Un mot de passe, une double authentification ou une déconnexion ne s'annule pas.");
        }
    }

    private static bool LosesAnAdministrator(EntityEntry<User> entry)
        => entry.Property(user => user.Role).OriginalValue is Role.Administrator
            && !entry.Property(user => user.IsDisabled).OriginalValue
            && entry.Entity is not { Role: Role.Administrator, IsDisabled: false };

    private static async Task CheckOneRemainsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var changed = db.ChangeTracker.Entries<User>().ToDictionary(entry => entry.Entity.Id, entry => entry.Entity);
        var stored = await db.Users.AsNoTracking().Where(user => user.Role == Role.Administrator && !user.IsDisabled).Select(user => user.Id).ToListAsync(cancellationToken);
        if (!stored.Exists(id => !changed.ContainsKey(id)) && !changed.Values.Any(user => user is { Role: Role.Administrator, IsDisabled: false }))
        {
            throw new BusinessRuleException("Il doit rester au moins un administrateur actif : donnez d'abord ce rôle à quelqu'un d'autre.", nameof(User.Role));
        }
    }

    private static async Task CheckUnusedAsync(MedCrmDbContext db, Team team, CancellationToken cancellationToken)
    {
        var people = await db.Users.CountAsync(user => user.TeamId == team.Id, cancellationToken);
        if (people > 0)
        {
            throw new BusinessRuleException($"L'équipe {team.Name} compte encore {people} {(Sentence)(people == 1 ? "personne" : "personnes")} : changez-les d'équipe d'abord.");
        }

        if (await db.Institutions.IgnoreQueryFilters().AnyAsync(i => i.TeamId == team.Id, cancellationToken)
            || await db.Contacts.IgnoreQueryFilters().AnyAsync(c => c.TeamId == team.Id, cancellationToken)
            || await db.Opportunities.IgnoreQueryFilters().AnyAsync(o => o.TeamId == team.Id, cancellationToken)
            || await db.FollowUpTasks.IgnoreQueryFilters().AnyAsync(t => t.TeamId == team.Id, cancellationToken)
            || await db.TaskSeries.IgnoreQueryFilters().AnyAsync(s => s.TeamId == team.Id, cancellationToken)
            || await db.Activities.IgnoreQueryFilters().AnyAsync(a => a.TeamId == team.Id, cancellationToken)
            || await db.Documents.IgnoreQueryFilters().AnyAsync(d => d.TeamId == team.Id, cancellationToken)
            || await db.Quotes.IgnoreQueryFilters().AnyAsync(q => q.TeamId == team.Id, cancellationToken)
            || await db.Invoices.IgnoreQueryFilters().AnyAsync(i => i.TeamId == team.Id, cancellationToken)
            || await db.Contracts.IgnoreQueryFilters().AnyAsync(c => c.TeamId == team.Id, cancellationToken)
            || await db.SavedViews.AnyAsync(v => v.SharedWithTeamId == team.Id, cancellationToken)
            || await db.Segments.AnyAsync(s => s.SharedWithTeamId == team.Id, cancellationToken))
        {
            throw new BusinessRuleException($"L'équipe {team.Name} porte encore des fiches, des vues ou des segments : réattribuez-les d'abord.");
        }
    }
}
