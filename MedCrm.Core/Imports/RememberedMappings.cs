using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>Finds again how somebody matched a file with the same columns, whatever their order.</summary>
internal static class RememberedMappings
{
    /// <summary>The mapping of last time, or null.</summary>
    public static async Task<ImportMapping?> FindAsync(MedCrmDbContext db, Actor actor, ImportSubject subject, IReadOnlyList<string> headers, CancellationToken cancellationToken)
    {
        var key = KeyOf(subject, headers);
        var stored = await db.RememberedMappings.Where(mapping => mapping.UserId == actor.Id && mapping.HeaderKey == key).Select(mapping => mapping.Columns).SingleOrDefaultAsync(cancellationToken);
        if (stored is null)
        {
            return null;
        }

        var kept = JsonSerializer.Deserialize<Kept>(stored, ImportJson.Options)!;
        var columns = new Dictionary<int, ImportField>();
        for (var column = 0; column < headers.Count; column++)
        {
            // A field that a later version no longer offers is left out.
            if (kept.Columns.TryGetValue(SearchKey.Fold(headers[column]), out var name) && Enum.TryParse<ImportField>(name, out var field))
            {
                columns[column] = field;
            }
        }

        var values = kept.Values
            .Where(value => Enum.TryParse<ImportField>(value.Field, out _))
            .ToDictionary(value => (Enum.Parse<ImportField>(value.Field), value.Text), value => value.Meaning);
        return new ImportMapping { Columns = columns, Values = values };
    }

    /// <summary>Keeps the mapping of an order for the next file with the same columns.</summary>
    public static async Task RememberAsync(MedCrmDbContext db, Actor actor, ImportOrder order, DateTime at, CancellationToken cancellationToken)
    {
        if (order.Mapping is not { } mapping)
        {
            return;
        }

        var headers = order.Headers();
        var kept = JsonSerializer.Serialize(
            new Kept(
                mapping.Columns.DistinctBy(pair => SearchKey.Fold(headers[pair.Key])).ToDictionary(pair => SearchKey.Fold(headers[pair.Key]), pair => pair.Value.ToString()),
                [.. mapping.Values.Select(pair => new KeptValue(pair.Key.Field.ToString(), pair.Key.Text, pair.Value))]),
            ImportJson.Options);
        var key = KeyOf(order.Subject, headers);
        if (await db.RememberedMappings.SingleOrDefaultAsync(candidate => candidate.UserId == actor.Id && candidate.HeaderKey == key, cancellationToken) is { } known)
        {
            known.Remember(kept, at);
        }
        else
        {
            db.RememberedMappings.Add(new RememberedMapping(actor.Id, key, kept, at));
        }
    }

    // The same columns mean other things of people than of institutions.
    private static string KeyOf(ImportSubject subject, IEnumerable<string> headers)
    {
        var names = headers.Select(SearchKey.Fold).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', subject is ImportSubject.Institutions ? names : names.Prepend($"{subject}:")))));
    }

    private sealed record Kept(Dictionary<string, string> Columns, List<KeptValue> Values);

    private sealed record KeptValue(string Field, string Text, string Meaning);
}
