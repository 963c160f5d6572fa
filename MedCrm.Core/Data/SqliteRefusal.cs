using MedCrm.Core.Foundation;
using Microsoft.Data.Sqlite;

namespace MedCrm.Core.Data;

// What a person is told when the file itself refuses a write. Nothing of the save remains in either case.
internal static class SqliteRefusal
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Full = 13;

    public static BusinessRuleException? Of(Exception failure) => ((failure as SqliteException) ?? (failure.InnerException as SqliteException))?.SqliteErrorCode switch
    {
        Full => new BusinessRuleException("Le disque est plein : rien n'a été enregistré. Prévenez un administrateur, puis réessayez."),
        Busy or Locked => new BusinessRuleException("L'enregistrement n'a pas pu se faire : la base est occupée. Rien n'a été enregistré, réessayez dans un instant."),
        _ => null,
    };
}
