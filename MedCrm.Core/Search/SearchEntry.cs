using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Search;

/// <summary>The words under which a record is found. Triggers keep one row per living record, whatever the way in: see <see cref="SearchIndex"/>.</summary>
internal sealed class SearchEntry
{
    public long Id { get; private set; }
    public string RecordType { get; private set; } = "";
    public Guid RecordId { get; private set; }
    public string Keys { get; private set; } = "";
}

internal sealed class SearchEntryConfiguration : IEntityTypeConfiguration<SearchEntry>
{
    public void Configure(EntityTypeBuilder<SearchEntry> entry)
    {
        entry.ToTable("SearchEntries");
        entry.HasIndex(e => e.RecordId).IsUnique();
    }
}
