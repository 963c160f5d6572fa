namespace MedCrm.Core.Foundation;

/// <summary>Checks the fields of one act one after the other and refuses once, with all that is wrong.</summary>
public sealed class Refusals
{
    private readonly List<BusinessRuleException> _refusals = [];

    /// <summary>Nothing was refused so far.</summary>
    public bool AreNone => _refusals.Count == 0;

    /// <summary>Adds a refusal unless a condition holds.</summary>
    public void Unless(bool holds, Sentence sentence, string field)
    {
        if (!holds)
        {
            _refusals.Add(new BusinessRuleException(sentence, field));
        }
    }

    /// <summary>What a check gives, or its default when the check refuses.</summary>
    public T? Of<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (BusinessRuleException refusal)
        {
            _refusals.Add(refusal);
            return default;
        }
    }

    /// <summary>Refuses when anything was refused.</summary>
    /// <exception cref="BusinessRuleException">The first refusal, which carries the others.</exception>
    public void Throw()
    {
        if (_refusals is [var first, .. var others])
        {
            throw new BusinessRuleException(first.Sentence, first.Field) { Others = [.. others] };
        }
    }
}
