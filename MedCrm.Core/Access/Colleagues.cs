using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>Somebody of the house, as pickers and avatars show them.</summary>
public sealed record Colleague(Guid Id, string Name, Role Role, Guid? TeamId, bool IsDisabled);

/// <summary>A team, as pickers show it.</summary>
public sealed record TeamName(Guid Id, string Name);

/// <summary>Who works here and in which teams: names that everybody may read. Remembered until an account or a team changes.</summary>
public sealed class Colleagues : IDisposable
{
    private readonly IDbContextFactory<MedCrmDbContext> _contexts;
    private readonly IDisposable _subscription;
    private volatile Names? _known;
    private int _changes;

    /// <summary>Starts empty and listens to the changes that matter.</summary>
    public Colleagues(IDbContextFactory<MedCrmDbContext> contexts, ChangeNews news)
    {
        _contexts = contexts;
        _subscription = news.Subscribe(change =>
        {
            if (change.Touches(nameof(User)) || change.Touches(nameof(Team)))
            {
                Interlocked.Increment(ref _changes);
                _known = null;
            }
        });
    }

    /// <summary>Everybody by name, closed accounts included.</summary>
    public async ValueTask<IReadOnlyList<Colleague>> AllAsync(CancellationToken cancellationToken = default)
        => (_known ?? await LoadAsync(cancellationToken)).People;

    /// <summary>One of them.</summary>
    public async ValueTask<Colleague?> FindAsync(Guid id, CancellationToken cancellationToken = default)
        => (_known ?? await LoadAsync(cancellationToken)).ById.GetValueOrDefault(id);

    /// <summary>The teams by name.</summary>
    public async ValueTask<IReadOnlyList<TeamName>> TeamsAsync(CancellationToken cancellationToken = default)
        => (_known ?? await LoadAsync(cancellationToken)).Teams;

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private async Task<Names> LoadAsync(CancellationToken cancellationToken)
    {
        var changes = _changes;
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var people = await db.Users.OrderBy(user => user.DisplayName)
            .Select(user => new Colleague(user.Id, user.DisplayName, user.Role, user.TeamId, user.IsDisabled))
            .ToListAsync(cancellationToken);
        var teams = await db.Teams.OrderBy(team => team.Name).Select(team => new TeamName(team.Id, team.Name)).ToListAsync(cancellationToken);
        var names = new Names(people, people.ToDictionary(person => person.Id), teams);
        // What was read while somebody changed an account is shown once and not remembered.
        if (changes == _changes)
        {
            _known = names;
        }

        return names;
    }

    private sealed record Names(IReadOnlyList<Colleague> People, IReadOnlyDictionary<Guid, Colleague> ById, IReadOnlyList<TeamName> Teams);
}
