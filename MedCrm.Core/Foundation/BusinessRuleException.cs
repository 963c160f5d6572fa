namespace MedCrm.Core.Foundation;

/// <summary>A refusal that a person can act on: its message is a French sentence, shown as it is beside the field it names.</summary>
public class BusinessRuleException(string message, string? field = null) : Exception(message)
{
    /// <summary>The property the refusal is about, or null when it concerns the whole act.</summary>
    public string? Field { get; } = field;
}
