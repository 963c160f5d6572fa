using MedCrm.Core.Foundation;

namespace MedCrm.Core.Imports.Files;

/// <summary>A file that cannot be imported, with the French sentence that tells why and what to do about it.</summary>
public sealed class ImportFileException(string frenchSentence) : BusinessRuleException(frenchSentence);
