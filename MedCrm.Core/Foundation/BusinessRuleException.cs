namespace MedCrm.Core.Foundation;

/// <summary>A refusal that a person can act on: its message is a French sentence, shown beside the field it names; a screen says it in the language of the person.</summary>
public class BusinessRuleException : Exception
{
    /// <summary>A refusal whose sentence has no holes, or was already said in the language of the person.</summary>
    public BusinessRuleException(string message, string? field = null)
        : this((Sentence)message, field)
    {
    }

    /// <summary>A refusal whose sentence keeps its parts; an interpolated string comes here.</summary>
    public BusinessRuleException(Sentence sentence, string? field = null)
        : base(sentence.ToString())
        => (Sentence, Field) = (sentence, field);

    /// <summary>Why, as a screen can say it.</summary>
    public Sentence Sentence { get; }

    /// <summary>The sentence as a composite format, the key of its translation.</summary>
    public string Format => Sentence.Format;

    /// <summary>What fills the holes of <see cref="Format"/>.</summary>
    public IReadOnlyList<object?> Arguments => Sentence.Arguments;

    /// <summary>The property the refusal is about, or null when it concerns the whole act.</summary>
    public string? Field { get; }

    /// <summary>The other refusals of the same act, so that a form tells them all at once.</summary>
    public IReadOnlyList<BusinessRuleException> Others { get; init; } = [];
}
