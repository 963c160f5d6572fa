namespace MedCrm.Core.Documents;

/// <summary>What an administrator settles for documents, under MedCrm:Documents.</summary>
public sealed record DocumentSettings
{
    /// <summary>How large a file may be, in megabytes of 1 048 576 octets.</summary>
    public int MaxMegabytes { get; init; } = 50;

    /// <summary>For how many years a new document is marked as to be kept; none marks nothing.</summary>
    public int? RetentionYears { get; init; }

    /// <summary>How large a file may be, in octets.</summary>
    public long MaxOctets => MaxMegabytes * 1024L * 1024;
}
