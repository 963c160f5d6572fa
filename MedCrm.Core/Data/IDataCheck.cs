namespace MedCrm.Core.Data;

/// <summary>A rule that the stored data must keep, beyond what the database holds by itself: sequences without a gap, sums that agree. Each room adds its own.</summary>
public interface IDataCheck
{
    /// <summary>What is checked, as the command <c>check</c> prints it.</summary>
    string Name { get; }

    /// <summary>One sentence per fault, nothing when all is right.</summary>
    Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken);
}
