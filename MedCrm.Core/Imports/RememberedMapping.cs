using MedCrm.Core.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Imports;

/// <summary>How somebody matched the columns of a file, remembered for the next file with the same header.</summary>
public sealed class RememberedMapping
{
    private RememberedMapping()
    {
    }

    /// <summary>A mapping for a header.</summary>
    public RememberedMapping(Guid? userId, string headerKey, string columns, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (UserId, HeaderKey) = (userId, headerKey);
        Remember(columns, at);
    }

    public Guid Id { get; private set; }
    public Guid? UserId { get; private set; }

    /// <summary>SHA-256 of the folded header.</summary>
    public string HeaderKey { get; private set; } = "";

    /// <summary>JSON: target field by column name, and values by column.</summary>
    public string Columns { get; private set; } = "";

    /// <summary>UTC.</summary>
    public DateTime UsedAt { get; private set; }

    /// <summary>Keeps a newer mapping.</summary>
    public void Remember(string columns, DateTime at) => (Columns, UsedAt) = (columns, at);
}

internal sealed class RememberedMappingConfiguration : IEntityTypeConfiguration<RememberedMapping>
{
    public void Configure(EntityTypeBuilder<RememberedMapping> mapping)
    {
        mapping.Property(m => m.Id).ValueGeneratedNever();
        mapping.HasOne<User>().WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Cascade);
        mapping.HasIndex(m => new { m.UserId, m.HeaderKey }).IsUnique();
    }
}
