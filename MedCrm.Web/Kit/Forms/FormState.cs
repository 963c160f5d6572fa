using MedCrm.Core.Foundation;

namespace MedCrm.Web.Kit.Forms;

/// <summary>What a form is going through: which field is refused and why, and whether it is being saved. One per form, cascaded by EntryForm.</summary>
public sealed class FormState
{
    private readonly HashSet<string> _fields = [];
    private readonly Dictionary<string, Sentence> _refused = [];
    private readonly Dictionary<string, Sentence> _unread = [];

    /// <summary>Raised when anything below changed.</summary>
    public event Action? Changed;

    /// <summary>A save is under way.</summary>
    public bool IsSaving { get; private set; }

    /// <summary>The person gave up what was typed: no draft of it is kept.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>A field took a value from the person.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>What is wrong with the whole act, or with a field this form does not show.</summary>
    public Sentence? Problem { get; private set; }

    /// <summary>The last refusal, for a screen that answers some of them in its own way (edit conflicts, stage gates).</summary>
    public BusinessRuleException? Refusal { get; private set; }

    /// <summary>How many fields are to be corrected.</summary>
    public int ErrorCount => _refused.Keys.Union(_unread.Keys).Count();

    /// <summary>The sentence to show beside a field.</summary>
    public Sentence? ErrorOf(string field) => _unread.GetValueOrDefault(field) ?? _refused.GetValueOrDefault(field);

    /// <summary>Saves once: a second click while it runs does nothing, a refusal goes beside its field. True when it was saved.</summary>
    public async Task<bool> SaveAsync(Func<Task> save)
    {
        if (IsSaving)
        {
            return false;
        }

        _refused.Clear();
        Problem = null;
        Refusal = null;
        if (_unread.Count > 0)
        {
            Changed?.Invoke();
            return false;
        }

        IsSaving = true;
        Changed?.Invoke();
        try
        {
            await save();
            return true;
        }
        catch (BusinessRuleException refusal)
        {
            Refuse(refusal);
            return false;
        }
        finally
        {
            IsSaving = false;
            Changed?.Invoke();
        }
    }

    /// <summary>Puts a refusal beside the field it names, or on the form.</summary>
    public void Refuse(BusinessRuleException refusal)
    {
        if (refusal.Field is { } field && _fields.Contains(field))
        {
            _refused[field] = refusal.Sentence;
        }
        else
        {
            Problem = refusal.Sentence;
        }

        foreach (var other in refusal.Others)
        {
            Refuse(other);
        }

        Refusal = refusal;
        Changed?.Invoke();
    }

    /// <summary>The person gives up what was typed, on a page that asked first.</summary>
    public void Abandon() => IsAbandoned = true;

    /// <summary>Forgets every sentence: the form starts again.</summary>
    public void Clear()
    {
        _refused.Clear();
        _unread.Clear();
        Problem = null;
        Refusal = null;
        IsTouched = false;
        Changed?.Invoke();
    }

    /// <summary>A field is on the form.</summary>
    internal void Add(string field) => _fields.Add(field);

    /// <summary>A field left the form.</summary>
    internal void Remove(string field)
    {
        _fields.Remove(field);
        _unread.Remove(field);
    }

    /// <summary>A field took a new value: what was said of the former one no longer holds.</summary>
    internal void Took(string field)
    {
        IsTouched = true;
        if (_refused.Remove(field) | _unread.Remove(field))
        {
            Changed?.Invoke();
        }
    }

    /// <summary>What could not be read in a field was given up.</summary>
    internal void CanRead(string field)
    {
        if (_unread.Remove(field))
        {
            Changed?.Invoke();
        }
    }

    /// <summary>What was typed in a field means nothing: the form is not saved as long as it stands.</summary>
    internal void CannotRead(string field, string sentence)
    {
        IsTouched = true;
        _unread[field] = sentence;
        Changed?.Invoke();
    }
}
