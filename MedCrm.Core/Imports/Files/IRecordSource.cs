namespace MedCrm.Core.Imports.Files;

/// <summary>Where an <see cref="ImportTable"/> takes its records from, header included.</summary>
internal interface IRecordSource
{
    /// <summary>How the file was understood, in French.</summary>
    string Reading { get; }

    /// <summary>Reads the records again from the start of the file.</summary>
    IEnumerable<ImportRow> Read();
}
