using MedCrm.Core.Foundation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data;

/// <summary>Functions of ours that queries call inside the database.</summary>
public static class SqlFunctions
{
    private const string FoldName = "medcrm_fold";

    /// <summary>A text as searches compare it: see <see cref="SearchKey.Fold"/>.</summary>
    public static string? Fold(string? text) => text is null ? null : SearchKey.Fold(text);

    internal static void Register(SqliteConnection connection) => connection.CreateFunction<string?, string?>(FoldName, Fold, isDeterministic: true);

    internal static void Describe(ModelBuilder model) => model.HasDbFunction(() => Fold(default)).HasName(FoldName);
}
