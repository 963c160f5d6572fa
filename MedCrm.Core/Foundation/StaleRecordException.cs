namespace MedCrm.Core.Foundation;

/// <summary>Somebody else changed or removed the record between the moment it was shown and the act.</summary>
public sealed class StaleRecordException(string message = "Cette fiche a été modifiée entre-temps par quelqu'un d'autre. La version à jour est affichée : refaites votre geste.")
    : BusinessRuleException(message)
{
    /// <summary>Does an act that opens its own context, and once more when somebody saved the record between its read and its write.</summary>
    public static async Task<T> RetryOnceAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (StaleRecordException)
        {
            return await act();
        }
    }
}
