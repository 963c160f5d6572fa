using MedCrm.Core.Billing;

namespace MedCrm.Core.Contracting;

/// <summary>
/// The clause that revises a price: P1 = P0 × (a + b × S1 / S0), a being the fixed part and b the rest. The coefficient is shown with six decimals; the price alone
/// is rounded.
/// </summary>
/// <param name="BaseIndex">S0: the index last published at the signature, or at the last revision.</param>
/// <param name="FixedPercent">a, percent.</param>
/// <param name="CapPercent">The most that a revision adds, percent; null for no cap.</param>
/// <param name="NeverDown">A revision never lowers the price.</param>
public readonly record struct IndexFormula(decimal BaseIndex, decimal FixedPercent, decimal? CapPercent, bool NeverDown)
{
    /// <summary>By what a price is multiplied for an index, unrounded.</summary>
    public decimal Exact(decimal index)
    {
        var fixedPart = FixedPercent / 100;
        var coefficient = fixedPart + ((1 - fixedPart) * index / BaseIndex);
        if (CapPercent is { } cap)
        {
            coefficient = Math.Min(coefficient, 1 + (cap / 100));
        }

        return NeverDown ? Math.Max(1, coefficient) : coefficient;
    }

    /// <summary>The same to six decimals, to be shown and kept.</summary>
    public decimal Coefficient(decimal index) => decimal.Round(Exact(index), 6, MidpointRounding.AwayFromZero);

    /// <summary>A price revised: to the cent, or to as many decimals as it had.</summary>
    public decimal Revised(decimal price, decimal index) => decimal.Round(price * Exact(index), Math.Max(2, Decimals(price)), MidpointRounding.AwayFromZero);

    private static int Decimals(decimal price)
    {
        var decimals = 0;
        while (decimals < 6 && decimal.Round(price, decimals) != price)
        {
            decimals++;
        }

        return decimals;
    }
}
