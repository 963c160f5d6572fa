namespace MedCrm.Web.Kit;

/// <summary>A tab of a page: what stands in the address, what people read, how many rows it holds when that is known.</summary>
public sealed record Tab(string Key, string Text, int? Count = null);
