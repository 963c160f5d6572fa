using MedCrm.Core.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Calendars;

/// <summary>The secret address under which a person's calendar is read by another program. Of the secret only its hash is kept. Left out of the change history.</summary>
public sealed class CalendarFeed
{
    private CalendarFeed()
    {
    }

    /// <summary>A feed that opens.</summary>
    public CalendarFeed(Guid userId, string tokenHash, DateTime at)
    {
        UserId = userId;
        Renew(tokenHash, at);
    }

    /// <summary>Whose calendar: one feed each.</summary>
    public Guid UserId { get; private set; }

    /// <summary>SHA-256 of the secret, hexadecimal.</summary>
    public string TokenHash { get; private set; } = "";

    /// <summary>When the secret was made, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When it last served, to the hour, UTC.</summary>
    public DateTime? LastReadAt { get; private set; }

    /// <summary>Another secret: the former address no longer answers.</summary>
    public void Renew(string tokenHash, DateTime at) => (TokenHash, CreatedAt, LastReadAt) = (tokenHash, at, null);

    /// <summary>A program read it.</summary>
    public void NoteRead(DateTime at) => LastReadAt = at;
}

internal sealed class CalendarFeedConfiguration : IEntityTypeConfiguration<CalendarFeed>
{
    public void Configure(EntityTypeBuilder<CalendarFeed> feed)
    {
        feed.HasKey(f => f.UserId);
        feed.Property(f => f.UserId).ValueGeneratedNever();
        feed.HasOne<User>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
        feed.HasIndex(f => f.TokenHash).IsUnique();
    }
}
