using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>The accounts that a file may name as owners, by e-mail or by name.</summary>
internal static class ImportOwners
{
    /// <summary>How a text naming somebody is compared.</summary>
    public static string KeyOf(string text) => text.Contains('@', StringComparison.Ordinal) ? text.Trim().ToLowerInvariant() : SearchKey.Fold(text);

    /// <summary>Enabled accounts by each text that means them; null where two accounts share a name.</summary>
    public static async Task<IReadOnlyDictionary<string, Actor?>> KnownAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var users = await db.Users
            .Where(user => !user.IsDisabled)
            .Select(user => new { user.Id, user.DisplayName, user.Email, user.Role, user.TeamId })
            .ToListAsync(cancellationToken);
        return users
            .Select(user => (user.Email, Actor: new Actor(user.Id, user.DisplayName, user.Role, user.TeamId, Visibility.Own)))
            .SelectMany(user => new[] { (Key: KeyOf(user.Email ?? user.Actor.Name), user.Actor), (Key: KeyOf(user.Actor.Name), user.Actor) }.Distinct())
            .GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.Count() == 1 ? group.First().Actor : null);
    }
}
