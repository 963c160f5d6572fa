namespace MedCrm.Web.Kit.Forms;

/// <summary>A record that a lookup found: its name, and what tells it from its namesakes.</summary>
public sealed record LookupItem(Guid Id, string Text, string? Note = null);
