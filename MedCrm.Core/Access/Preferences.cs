using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>The door of what each person prefers: theme, density, columns of a list. One text by key, on every computer they use.</summary>
public sealed class Preferences(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>The key of the theme: auto, light or dark.</summary>
    public const string Theme = "theme";

    /// <summary>The key of the density: normal or compact.</summary>
    public const string Density = "density";

    /// <summary>The key of the records opened last.</summary>
    public const string Recents = "recents";

    /// <summary>The choice kept under a key, or null.</summary>
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UserPreferences.Where(preference => preference.UserId == actor.Id && preference.Key == key).Select(preference => preference.Value).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Keeps a choice.</summary>
    public Task KeepAsync(string key, string value, CancellationToken cancellationToken = default) => ChangeAsync(key, _ => value, cancellationToken);

    /// <summary>Keeps a choice that is made from the one before it: two windows of one person never lose each other's.</summary>
    public async Task ChangeAsync(string key, Func<string?, string> change, CancellationToken cancellationToken = default)
    {
        if ((await currentUser.GetAsync(cancellationToken)).Id is not { } userId)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                if (await db.UserPreferences.FindAsync([userId, key], cancellationToken) is { } kept)
                {
                    kept.Value = change(kept.Value);
                }
                else
                {
                    db.UserPreferences.Add(new UserPreference(userId, key, change(null)));
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }
}
