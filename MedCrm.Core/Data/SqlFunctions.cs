using System.Globalization;
using MedCrm.Core.Foundation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data;

/// <summary>Functions of ours that queries call inside the database.</summary>
public static class SqlFunctions
{
    private const string FoldName = "medcrm_fold";
    private const string DayName = "medcrm_day";

    /// <summary>A text as searches compare it: see <see cref="SearchKey.Fold"/>.</summary>
    public static string? Fold(string? text) => text is null ? null : SearchKey.Fold(text);

    /// <summary>The day in a time zone on which a UTC moment falls.</summary>
    public static DateOnly DayOf(DateTime utc, string zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    internal static void Register(SqliteConnection connection)
    {
        connection.CreateFunction<string?, string?>(FoldName, Fold, isDeterministic: true);
        connection.CreateFunction<string, string, string>(DayName, (utc, zone) => DayOf(DateTime.Parse(utc, CultureInfo.InvariantCulture), zone).ToString("O", CultureInfo.InvariantCulture), isDeterministic: true);
    }

    internal static void Describe(ModelBuilder model)
    {
        model.HasDbFunction(() => Fold(default)).HasName(FoldName);
        model.HasDbFunction(() => DayOf(default, "")).HasName(DayName);
    }
}
