namespace MedCrm.Web.Kit.Forms;

/// <summary>A choice of a list, under a heading when the list has several.</summary>
public sealed record SelectOption<TValue>(TValue? Value, string Text, string? Group = null);
