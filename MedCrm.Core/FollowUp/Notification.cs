using MedCrm.Core.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.FollowUp;

/// <summary>A line in somebody's bell. Not a record of the business: it is left out of the change history.</summary>
public sealed class Notification
{
    private Notification()
    {
    }

    /// <summary>A line for somebody. <paramref name="onceKey"/> makes it unique for that person: the same reminder on the same day is written once, whatever happens.</summary>
    public Notification(Guid userId, string onceKey, string title, string? body, string link, string recordType, Guid recordId, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (UserId, OnceKey, Title, Body, Link, RecordType, RecordId, At) = (userId, onceKey, title, body, link, recordType, recordId, at);
    }

    public Guid Id { get; private set; }

    /// <summary>For whom.</summary>
    public Guid UserId { get; private set; }

    /// <summary>Unique with <see cref="UserId"/>.</summary>
    public string OnceKey { get; private set; } = "";

    /// <summary>What the person reads.</summary>
    public string Title { get; private set; } = "";

    /// <summary>A second line.</summary>
    public string? Body { get; private set; }

    /// <summary>Where a click leads, an address inside the product.</summary>
    public string Link { get; private set; } = "";

    /// <summary>The record it is about: lines of the same record are grouped.</summary>
    public string RecordType { get; private set; } = "";

    /// <summary>The record it is about.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>When it was read, UTC.</summary>
    public DateTime? ReadAt { get; private set; }

    /// <summary>Marks it read.</summary>
    public void Read(DateTime at) => ReadAt ??= at;
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> notification)
    {
        notification.Property(n => n.Id).ValueGeneratedNever();
        notification.HasOne<User>().WithMany().HasForeignKey(n => n.UserId).OnDelete(DeleteBehavior.Cascade);
        notification.HasIndex(n => new { n.UserId, n.OnceKey }).IsUnique();
        notification.HasIndex(n => new { n.UserId, n.ReadAt, n.At });
        notification.HasIndex(n => new { n.RecordId, n.ReadAt });
    }
}
