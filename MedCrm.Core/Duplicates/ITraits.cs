namespace MedCrm.Core.Duplicates;

/// <summary>What a record is compared by, and by what its likely twins are found without comparing it with all others.</summary>
internal interface ITraits
{
    /// <summary>The record; empty while it is being typed.</summary>
    Guid Id { get; }

    /// <summary>Twins share one of these at least: a number, a telephone, the first letters of a name with the place.</summary>
    IEnumerable<string> Keys();

    /// <summary>The same for the full-text index: what is looked for there, any of them.</summary>
    IEnumerable<string> Expressions();
}
