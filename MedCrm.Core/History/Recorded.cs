namespace MedCrm.Core.History;

/// <summary>A row that lists show and people speak of.</summary>
public interface INamedRecord
{
    /// <summary>The id of the record.</summary>
    Guid Id { get; }

    /// <summary>The name under which people and the history speak of it.</summary>
    string RecordName { get; }
}

/// <summary>A record whose every change enters the change history.</summary>
public interface IRecorded : INamedRecord;

/// <summary>A row that the history leaves out, and whose saves open screens hear of all the same.</summary>
public interface IAnnounced : INamedRecord
{
    /// <summary>The records it is tied to, whose screens may show it.</summary>
    IReadOnlyCollection<Guid> Links { get; }
}

/// <summary>A row that is part of a record (a contact's role, a stage change): its changes show in the history of the whole.</summary>
public interface IRecordedPart : IRecorded
{
    /// <summary>The type name of the whole.</summary>
    string WholeType { get; }

    /// <summary>The id of the whole.</summary>
    Guid WholeId { get; }
}

/// <summary>A record that several people edit: its version is renewed at each save and checked against the one they saw.</summary>
public interface IVersioned
{
    /// <summary>Renewed by the context at each save.</summary>
    Guid Version { get; set; }
}

/// <summary>A record that goes to the bin for thirty days before it disappears.</summary>
public interface IBinnable : IRecorded
{
    /// <summary>When it was put in the bin, UTC; null while it lives.</summary>
    DateTime? DeletedAt { get; set; }
}

/// <summary>A record with rules, or values that follow from others, that must hold after an undo put old values back.</summary>
public interface IRestorable
{
    /// <summary>Works out again what follows from other values, and refuses when the restored state breaks a rule of the record. Its parts and the records it refers to are loaded.</summary>
    /// <exception cref="Foundation.BusinessRuleException">The restored state breaks a rule.</exception>
    void CheckRestored();
}

/// <summary>A record that binds others once it left the house (an issued invoice, a quote sent): no gesture that touched it is taken back, but for a change of hands and a merge.</summary>
public interface ISealed : IRecorded
{
    /// <summary>Why nothing of it returns to what it was; null while it may.</summary>
    Foundation.Sentence? WhySealed { get; }
}

/// <summary>A value that the history leaves out because it follows from others or is secret.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotRecordedAttribute : Attribute;

/// <summary>A value that comes back only with the whole gesture that changed it; the sentence says what to do instead.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReturnsWithGestureAttribute(string sentence) : Attribute
{
    /// <summary>What the person is told.</summary>
    public string Sentence { get; } = sentence;
}
