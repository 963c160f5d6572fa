using MedCrm.Core.Foundation;

namespace MedCrm.Web.Kit;

/// <summary>What a toast offers to do next, in a few words; refused by closing it.</summary>
public sealed record ToastOffer(string Question, string Yes, string No, Func<Task<Done>> Act);

/// <summary>What a toast says, and which change set its button takes back: « Annuler » a gesture, « Rétablir » one that was taken back.</summary>
public sealed record Toast(string Text, Guid? ChangeSetId, bool IsRefusal, bool IsUndone = false)
{
    /// <summary>Tells two toasts of the same text apart.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>What could follow from it.</summary>
    public ToastOffer? Offer { get; init; }
}

/// <summary>The toasts of one person's window, one at a time, and the gestures that Ctrl+Z takes back one after the other.</summary>
public sealed class Toasts
{
    private const int MostGestures = 10;

    private readonly List<Guid> _gestures = [];

    /// <summary>Raised when a toast replaces another.</summary>
    public event Action? Changed;

    /// <summary>The toast on show.</summary>
    public Toast? Current { get; private set; }

    /// <summary>The last gesture of this window that was not taken back, for Ctrl+Z; the ten last are kept.</summary>
    public Guid? LastGesture => _gestures.Count == 0 ? null : _gestures[^1];

    /// <summary>Says what was done, with « Annuler » when it can be taken back, and what could follow.</summary>
    public void Show(Done done, ToastOffer? offer = null)
    {
        if (done.ChangeSetId is { } changeSetId)
        {
            _gestures.Add(changeSetId);
            if (_gestures.Count > MostGestures)
            {
                _gestures.RemoveAt(0);
            }
        }

        Put(new Toast(done.Sentence, done.ChangeSetId, IsRefusal: false) { Offer = offer });
    }

    /// <summary>Says that a gesture was taken back, with « Rétablir »; Ctrl+Z goes on with the one before.</summary>
    public void ShowUndone(Done done) => Put(new Toast(done.Sentence, done.ChangeSetId, IsRefusal: false, IsUndone: true));

    /// <summary>Says something that cannot be undone.</summary>
    public void Say(string text) => Put(new Toast(text, null, IsRefusal: false));

    /// <summary>Says why something was refused.</summary>
    public void Refuse(string reason) => Put(new Toast(reason, null, IsRefusal: true));

    /// <summary>Ctrl+Z has nothing more to do with a gesture: it was taken back, or cannot be.</summary>
    public void Forget(Guid changeSetId) => _gestures.Remove(changeSetId);

    /// <summary>Takes the toast away.</summary>
    public void Close() => Put(null);

    private void Put(Toast? toast)
    {
        Current = toast;
        Changed?.Invoke();
    }
}
