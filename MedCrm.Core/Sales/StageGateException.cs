using MedCrm.Core.Foundation;

namespace MedCrm.Core.Sales;

/// <summary>A deal lacks what the stage asks for: the screen asks for the missing items in place.</summary>
public sealed class StageGateException(string stageName, IReadOnlyList<Requirement> missing)
    : BusinessRuleException($"Pour entrer en {stageName}, il manque : {missing.Cast<Enum>()}.")
{
    /// <summary>What is missing.</summary>
    public IReadOnlyList<Requirement> Missing { get; } = missing;
}
