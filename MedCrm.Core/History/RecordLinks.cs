using MedCrm.Core.Data;

namespace MedCrm.Core.History;

/// <summary>Who refers to a record, as the foreign keys of the model say. A record's own parts do not count; a part of another record counts as that record.</summary>
internal static class RecordLinks
{
    /// <summary>The records that refer to some records of a type: which one, and by which record.</summary>
    public static async Task<List<(Guid To, string Type, Guid Id)>> ToAsync(MedCrmDbContext db, Type type, Guid[] ids, bool withBin, CancellationToken cancellationToken)
    {
        var links = new List<(Guid To, string Type, Guid Id)>();
        foreach (var key in db.Model.FindEntityType(type)!.GetReferencingForeignKeys().Where(key => typeof(IRecorded).IsAssignableFrom(key.DeclaringEntityType.ClrType)))
        {
            var property = key.Properties[0];
            var referring = await RecordSet.Of(key.DeclaringEntityType.ClrType).ReferringAsync(db, property.Name, property.IsNullable, ids, withBin, tracked: false, cancellationToken);
            foreach (var record in referring)
            {
                var to = (Guid)property.PropertyInfo!.GetValue(record)!;
                var (wholeType, wholeId) = record is IRecordedPart part ? (part.WholeType, part.WholeId) : (record.GetType().Name, record.Id);
                if (wholeId != to)
                {
                    links.Add((to, wholeType, wholeId));
                }
            }
        }

        return withBin ? links : await WithoutBinnedWholesAsync(db, links, cancellationToken);
    }

    private static async Task<List<(Guid To, string Type, Guid Id)>> WithoutBinnedWholesAsync(MedCrmDbContext db, List<(Guid To, string Type, Guid Id)> links, CancellationToken cancellationToken)
    {
        var living = new HashSet<Guid>();
        foreach (var group in links.GroupBy(link => link.Type))
        {
            foreach (var portion in group.Select(link => link.Id).Distinct().Chunk(500))
            {
                living.UnionWith(await RecordSet.Of(RecordTypes.ClrTypeOf(group.Key)!).LivingAsync(db, portion, cancellationToken));
            }
        }

        return [.. links.Where(link => living.Contains(link.Id))];
    }
}
