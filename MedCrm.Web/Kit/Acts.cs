using MedCrm.Core.Foundation;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Kit;

/// <summary>The acts of one component: one at a time, however often a button is clicked; what was done is told in a toast, and so is a refusal.</summary>
public sealed class Acts(Toasts toasts, IStringLocalizer<Texts> t)
{
    /// <summary>Whether an act is under way: its buttons are disabled meanwhile.</summary>
    public bool IsActing { get; private set; }

    /// <summary>Acts once and tells what was done. False when it was refused, or when another act is under way.</summary>
    /// <param name="act">What to do.</param>
    /// <param name="refuse">Where a refusal is told, when not in a toast.</param>
    public Task<bool> DoAsync(Func<Task<Done>> act, Action<BusinessRuleException>? refuse = null)
        => RunAsync(async () => toasts.Show(await act()), refuse);

    /// <summary>Acts once; the act tells by itself what it did.</summary>
    /// <param name="act">What to do.</param>
    /// <param name="refuse">Where a refusal is told, when not in a toast.</param>
    public async Task<bool> RunAsync(Func<Task> act, Action<BusinessRuleException>? refuse = null)
    {
        if (IsActing)
        {
            return false;
        }

        IsActing = true;
        try
        {
            await act();
            return true;
        }
        catch (BusinessRuleException refusal)
        {
            if (refuse is null)
            {
                toasts.Refuse(t.Of(refusal));
            }
            else
            {
                refuse(refusal);
            }

            return false;
        }
        finally
        {
            IsActing = false;
        }
    }
}
