using MedCrm.Core.Foundation;

namespace MedCrm.Core.Imports.Files;

/// <summary>A file that cannot be imported, with the French sentence that tells why and what to do about it.</summary>
public sealed class ImportFileException : BusinessRuleException
{
    /// <summary>A sentence without holes.</summary>
    public ImportFileException(string frenchSentence)
        : base(frenchSentence)
    {
    }

    /// <summary>A sentence that keeps its parts.</summary>
    public ImportFileException(Sentence frenchSentence)
        : base(frenchSentence)
    {
    }
}
