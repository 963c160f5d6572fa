using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MedCrm.Core.Billing;

// What needs more decimals than cents is an integer of its own unit, as amounts are (see Cents).
internal sealed class TenThousandths() : ValueConverter<decimal, long>(
    value => (long)decimal.Round(value * 10_000, 0, MidpointRounding.AwayFromZero),
    stored => stored / 10_000m);

internal sealed class Millionths() : ValueConverter<decimal, long>(
    value => (long)decimal.Round(value * 1_000_000, 0, MidpointRounding.AwayFromZero),
    stored => stored / 1_000_000m);
