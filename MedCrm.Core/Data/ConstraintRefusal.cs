using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data;

/// <summary>The last guard of the database, in French: two people took the same number at once, or removed what the other was linking to. Rows that are no records keep their own exception.</summary>
internal static class ConstraintRefusal
{
    /// <summary>The refusal to show, or null when the failure is of another kind.</summary>
    public static BusinessRuleException? Of(Exception failure)
    {
        if (failure is not DbUpdateException { InnerException: SqliteException sqlite, Entries: [{ Entity: IRecorded record } entry, ..] })
        {
            return null;
        }

        // « SQLite Error 19: 'UNIQUE constraint failed: Institutions.FinessEt'. » A refused removal carries the code of a trigger, so the words decide.
        if (sqlite.Message.Contains("UNIQUE constraint failed", StringComparison.Ordinal))
        {
            var column = sqlite.Message.TrimEnd('.', '\'').Split('.')[^1];
            return entry.Metadata.FindProperty(column) is { } property
                ? new BusinessRuleException($"« {record.RecordName} » : {(Sentence)Labels.Of(record.GetType(), column)} {DisplayText.Of(entry.Property(property.Name).CurrentValue)} est déjà pris par une autre fiche.", column)
                : new BusinessRuleException($"« {record.RecordName} » existe déjà.");
        }

        if (sqlite.Message.Contains("FOREIGN KEY constraint failed", StringComparison.Ordinal))
        {
            return new BusinessRuleException(entry.State is EntityState.Deleted
                ? (Sentence)$"« {record.RecordName} » est encore lié à d'autres fiches : rien n'a été supprimé."
                : $"« {record.RecordName} » est lié à une fiche qui n'existe plus : rien n'a été enregistré.");
        }

        return null;
    }
}
