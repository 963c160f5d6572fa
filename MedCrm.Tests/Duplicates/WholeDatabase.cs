using System.Globalization;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Tests.Duplicates;

/// <summary>Every row of every table as text, the history and what each save renews left out: two of them are compared row by row.</summary>
internal static class WholeDatabase
{
    private static readonly string[] s_history = [nameof(ChangeSet), nameof(RecordChange), "SearchEntry"];
    private static readonly string[] s_renewed = ["Version", "UpdatedAt"];

    /// <summary>The rows, « Table id » to their columns.</summary>
    public static async Task<SortedDictionary<string, string>> ReadAsync(MedCrmDbContext db)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in db.Model.GetEntityTypes().Where(type => !s_history.Contains(type.ClrType.Name)))
        {
            var columns = type.GetProperties().Select(property => property.GetColumnName()).Where(column => !s_renewed.Contains(column)).Order(StringComparer.Ordinal).ToList();
            var keys = type.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName()).ToList();
            await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100
            command.CommandText = $"SELECT {string.Join(", ", columns.Select(column => $"\"{column}\""))} FROM \"{type.GetTableName()}\"";
#pragma warning restore CA2100
            await db.Database.OpenConnectionAsync();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var values = columns.Select((column, index) => (column, Text: Convert.ToString(reader.GetValue(index), CultureInfo.InvariantCulture))).ToList();
                rows.Add($"{type.GetTableName()} {string.Join(' ', keys.Select(key => values.Single(value => value.column == key).Text))}", string.Join(" | ", values.Select(value => $"{value.column}={value.Text}")));
            }
        }

        // Entries are written anew each time a record enters or leaves the bin: their words must be the same, not their numbers.
        foreach (var entry in await db.Database.SqlQuery<string>($"SELECT RecordType || ' ' || RecordId || ' ' || Keys AS Value FROM SearchEntries").ToListAsync())
        {
            rows.Add($"SearchEntries {entry}", "");
        }

        return rows;
    }

    /// <summary>Fails with the rows in which two databases differ.</summary>
    public static void AssertSame(SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        var differences = before.Keys.Union(after.Keys)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
            .Select(key => $"{key}\n  before: {before.GetValueOrDefault(key) ?? "-"}\n  after:  {after.GetValueOrDefault(key) ?? "-"}");
        Assert.True(before.Count > 0 && !differences.Any(), string.Join('\n', differences));
    }

    /// <summary>The foreign keys of the model that lead to a kind of record.</summary>
    public static IReadOnlyList<IForeignKey> KeysTo(MedCrmDbContext db, Type type)
        // What follows from other records and goes with its own is worked out again: scores.
        => [.. db.Model.FindEntityType(type)!.GetReferencingForeignKeys().Where(key => key.DeclaringEntityType.ClrType.IsAssignableTo(typeof(IRecorded)) || key.DeleteBehavior is not DeleteBehavior.Cascade)];
}
