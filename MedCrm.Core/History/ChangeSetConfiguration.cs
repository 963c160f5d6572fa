using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.History;

internal sealed class ChangeSetConfiguration : IEntityTypeConfiguration<ChangeSet>, IEntityTypeConfiguration<RecordChange>
{
    public void Configure(EntityTypeBuilder<ChangeSet> set)
    {
        set.Property(s => s.Id).ValueGeneratedNever();
        set.Ignore(s => s.RecordName);
        set.Navigation(s => s.Changes).HasField("_changes").UsePropertyAccessMode(PropertyAccessMode.Field);
        set.HasIndex(s => s.At);
        set.HasIndex(s => new { s.ActorId, s.At });
        set.HasIndex(s => new { s.Origin, s.At });
        set.HasIndex(s => s.RevertedById);
        set.HasIndex(s => s.RevertsId).HasFilter("\"RevertsId\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<RecordChange> change)
    {
        change.HasOne(c => c.ChangeSet).WithMany(s => s.Changes).HasForeignKey(c => c.ChangeSetId).OnDelete(DeleteBehavior.Restrict);
        change.HasIndex(c => c.ChangeSetId);
        change.HasIndex(c => new { c.WholeId, c.Id });
        change.HasIndex(c => new { c.RecordId, c.Id });
    }
}
