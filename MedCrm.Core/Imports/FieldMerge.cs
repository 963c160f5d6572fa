using System.Globalization;
using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>A field before and after.</summary>
internal readonly record struct FieldDifference(PropertyInfo Field, object? Before, object? After);

/// <summary>Lays what a row says over what is known: only the fields that the file carries change, and an empty cell empties a field when the person asked for it.</summary>
internal sealed class FieldMerge(ImportSource source, bool clearsEmpty)
{
    private static readonly char[] s_tagSeparators = [',', ';', '|', '\n'];

    /// <summary>Whether the cell is empty and that means something.</summary>
    public bool IsEmptied(ImportField field) => clearsEmpty && source.Emptied.Contains(field);

    /// <summary>A text.</summary>
    public string? Text(ImportField field, string? value, string? known) => value ?? (IsEmptied(field) ? null : known);

    /// <summary>A whole number.</summary>
    public int? Count(ImportField field, string? value, int? known)
        => value is not null ? int.Parse(value, CultureInfo.InvariantCulture) : IsEmptied(field) ? null : known;

    /// <summary>The tags of the row join those already there.</summary>
    public IReadOnlyList<string> Tags(IReadOnlyList<string> known)
        => source.Tags is { } tags ? LabelList.Clean(known.Concat(tags.Split(s_tagSeparators)), nameof(ImportField.Tags))
            : IsEmptied(ImportField.Tags) ? [] : known;

    /// <summary>Who follows the record, and their team.</summary>
    public (Guid? OwnerId, Guid? TeamId) Owner(Actor? owner, Guid? knownOwnerId, Guid? knownTeamId)
        => owner is not null ? (owner.Id, owner.TeamId)
            : IsEmptied(ImportField.Owner) ? (null, null) : (knownOwnerId, knownTeamId);

    /// <summary>The fields in which two details differ.</summary>
    public static List<FieldDifference> Differences<TDetails>(TDetails before, TDetails after)
        where TDetails : class
    {
        var differences = new List<FieldDifference>();
        foreach (var field in Fields<TDetails>.All)
        {
            var (was, becomes) = (field.GetValue(before), field.GetValue(after));
            var isSame = was is IReadOnlyList<string> texts ? texts.SequenceEqual((IReadOnlyList<string>)becomes!) : Equals(was, becomes);
            if (!isSame)
            {
                differences.Add(new(field, was, becomes));
            }
        }

        return differences;
    }

    private static class Fields<TDetails>
    {
        public static readonly PropertyInfo[] All = [.. typeof(TDetails).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite)];
    }
}
