using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace MedCrm.Core.Foundation;

/// <summary>A short text of a kind attached to a record.</summary>
public interface ILabel<out TKind>
{
    /// <summary>What it speaks of.</summary>
    TKind Kind { get; }

    /// <summary>The text.</summary>
    string Text { get; }
}

/// <summary>The French names of enum values and properties, as their <see cref="DisplayAttribute"/> gives them.</summary>
public static class Labels
{
    private static readonly ConcurrentDictionary<MemberInfo, string> s_names = new();

    /// <summary>The French name of an enum value.</summary>
    public static string Of(Enum value)
        => value.GetType().GetField(value.ToString()) is { } field ? Of(field) : value.ToString();

    /// <summary>The French name of a property, or its own name when it has none.</summary>
    public static string Of(Type type, string property)
        => type.GetProperty(property) is { } member ? Of(member) : property;

    /// <summary>Whether a property has a French name, and so concerns people.</summary>
    public static bool Has(Type type, string property)
        => type.GetProperty(property)?.GetCustomAttribute<DisplayAttribute>() is not null;

    private static string Of(MemberInfo member)
        => s_names.GetOrAdd(member, static m => m.GetCustomAttribute<DisplayAttribute>()?.GetName() ?? m.Name);
}
