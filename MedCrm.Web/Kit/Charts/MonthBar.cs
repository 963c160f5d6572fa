namespace MedCrm.Web.Kit.Charts;

/// <summary>One month of <see cref="MonthBars"/>: two amounts in euros, and the address of the rows behind each.</summary>
/// <param name="First">The first day of the month.</param>
public sealed record MonthBar(DateOnly First, decimal One, decimal Other, string? OneAddress = null, string? OtherAddress = null);
