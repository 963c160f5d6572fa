using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Dunning;

/// <summary>What a reminder says, worked out from what is due on a day. Euros.</summary>
public sealed record LetterContents(DunningLevel Level, string? Email, string Subject, string Body, decimal Total, decimal Interest, decimal FixedCosts, DateOnly? FinalOn);

/// <summary>A reminder to one payer, about all of its invoices that reached a level: prepared by the product, let go by somebody or by itself. Once it left it stays.</summary>
public sealed class DunningLetter : IVersioned, ISealed
{
    /// <summary>Where one is looked at.</summary>
    public const string Address = "/invoices/reminders?letter={0}";

    private const int LongestSubject = 250;
    private const int LongestBody = 8000;

    private DunningLetter()
    {
    }

    /// <summary>A reminder that waits.</summary>
    public DunningLetter(Guid institutionId, string institutionName, PayerProfile profile, DateOnly preparedOn)
    {
        Id = Guid.CreateVersion7();
        (InstitutionId, InstitutionName, Profile, PreparedOn) = (institutionId, institutionName, profile, preparedOn);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>Who pays.</summary>
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    /// <summary>Its name when the reminder was prepared.</summary>
    [NotRecorded] public string InstitutionName { get; private set; } = "";

    [Display(Name = "Profil")] public PayerProfile Profile { get; private set; }

    /// <summary>The highest level among its invoices.</summary>
    [Display(Name = "Niveau")] public DunningLevel Level { get; private set; }
    [Display(Name = "État")] public LetterState State { get; private set; }
    [Display(Name = "Préparée le")] public DateOnly PreparedOn { get; private set; }

    /// <summary>It comes back into the tray on that day.</summary>
    [Display(Name = "Reportée au")] public DateOnly? SnoozedUntil { get; private set; }

    /// <summary>Where it goes; null when no address is known.</summary>
    [Display(Name = "Adresse e-mail")] public string? Email { get; private set; }
    [Display(Name = "Objet")] public string Subject { get; private set; } = "";
    [Display(Name = "Texte")] public string Body { get; private set; } = "";

    /// <summary>Somebody changed its words.</summary>
    [NotRecorded] public bool IsEdited { get; private set; }

    /// <summary>What remains due of the invoices of its level, euros including VAT.</summary>
    [Display(Name = "Reste dû")] public decimal Total { get; private set; }

    /// <summary>Interest to the day it was prepared, euros; 0 when it is not claimed.</summary>
    [Display(Name = "Pénalités")] public decimal Interest { get; private set; }

    /// <summary>40 € an invoice, euros; 0 when it is not claimed.</summary>
    [Display(Name = "Indemnité forfaitaire")] public decimal FixedCosts { get; private set; }

    /// <summary>The last day that a formal notice leaves.</summary>
    [Display(Name = "Date limite")] public DateOnly? FinalOn { get; private set; }

    /// <summary>Why somebody put it aside, or why the product gave it up.</summary>
    [Display(Name = "Motif")] public string? Reason { get; private set; }

    /// <summary>The e-mail that carries it.</summary>
    [NotRecorded] public Guid? MessageId { get; private set; }

    /// <summary>How often it was handed to the outbox.</summary>
    [NotRecorded] public int Sendings { get; private set; }

    /// <summary>When it was let go, UTC.</summary>
    [Display(Name = "Envoyée le")] public DateTime? SentAt { get; private set; }

    /// <summary>Who let it go.</summary>
    [Display(Name = "Envoyée par")] public string? SentByName { get; private set; }

    /// <summary>The number of the registered letter that doubles a formal notice.</summary>
    [Display(Name = "N° de recommandé")] public string? PostalNumber { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => $"{Labels.Of(Level)} à {InstitutionName}";

    /// <inheritdoc/>
    public Sentence? WhySealed => State is LetterState.Sent ? "Cette relance est partie : elle ne revient pas." : null;

    /// <summary>What refuses to let one go that has no address.</summary>
    public static BusinessRuleException NoAddress() => new("Indiquez l'adresse e-mail à laquelle cette relance part.", nameof(Email));

    /// <summary>Takes what is due now; the words of somebody give way, for they spoke of other amounts.</summary>
    internal void Write(LetterContents contents)
    {
        (Level, Email, Subject, Body) = (contents.Level, contents.Email, Clean.Shortened(contents.Subject, LongestSubject), Clean.Shortened(contents.Body, LongestBody));
        (Total, Interest, FixedCosts, FinalOn, IsEdited) = (contents.Total, contents.Interest, contents.FixedCosts, contents.FinalOn, false);
    }

    /// <summary>The last day that it leaves moves, in somebody's words too where they tell it.</summary>
    internal void Postpone(DateOnly finalOn)
    {
        if (FinalOn is { } before)
        {
            var (old, day) = (FrenchText.FormatDay(before), FrenchText.FormatDay(finalOn));
            (Subject, Body) = (Subject.Replace(old, day, StringComparison.Ordinal), Body.Replace(old, day, StringComparison.Ordinal));
        }

        FinalOn = finalOn;
    }

    /// <summary>Somebody's words, and where it goes.</summary>
    /// <exception cref="BusinessRuleException">It left or was given up, a text is empty or too long, the address is none, or a formal notice does not say that it is one.</exception>
    public void Edit(string? email, string? subject, string? body)
    {
        DemandWaiting();
        var (address, words, text) = (Clean.Email(email, nameof(Email)), Clean.Required(subject, LongestSubject, nameof(Subject), "Indiquez l'objet."), Clean.Required(body?.ReplaceLineEndings("\n"), LongestBody, nameof(Body), "Écrivez le message."));
        if (Level is DunningLevel.Formal)
        {
            DemandFormal(words, nameof(Subject));
            DemandFormal(text, nameof(Body));
        }

        IsEdited |= words != Subject || text != Body;
        (Email, Subject, Body) = (address, words, text);
    }

    /// <summary>It is handed to the outbox.</summary>
    /// <exception cref="BusinessRuleException">It left or was given up.</exception>
    internal void Send(Guid messageId, string by, DateTime at)
    {
        DemandWaiting();
        (State, MessageId, SentAt, SentByName, SnoozedUntil, Reason) = (LetterState.Sent, messageId, at, by, null, null);
    }

    /// <summary>The key under which it is handed to the outbox: another each time it came back before it left.</summary>
    internal string NextKey() => $"dunning:{Id:N}:{++Sendings}";

    /// <summary>A payment came before the e-mail left: it waits again, or is given up.</summary>
    internal void TakeBack() => (State, MessageId, SentAt, SentByName) = (LetterState.Waiting, null, null, null);

    /// <summary>Somebody puts it aside for good.</summary>
    /// <exception cref="BusinessRuleException">It left or was given up, or the reason is missing.</exception>
    public void Skip(string? reason)
    {
        DemandWaiting();
        Reason = Clean.Required(reason, 300, nameof(Reason), "Indiquez pourquoi cette relance ne part pas.");
        (State, SnoozedUntil) = (LetterState.Skipped, null);
    }

    /// <summary>It waits again.</summary>
    /// <exception cref="BusinessRuleException">It was not put aside.</exception>
    public void Restore()
    {
        if (State is not LetterState.Skipped)
        {
            throw new BusinessRuleException($"Cette relance a changé d'état entre-temps : {(Sentence)Labels.Of(State)}.");
        }

        (State, Reason) = (LetterState.Waiting, null);
    }

    /// <summary>It comes back later.</summary>
    /// <exception cref="BusinessRuleException">It left or was given up, or the day is not to come.</exception>
    public void Snooze(DateOnly? until, DateOnly today)
    {
        DemandWaiting();
        SnoozedUntil = until is { } day && day > today && day <= today.AddDays(90) ? day : throw new BusinessRuleException("Choisissez un jour d'ici 90 jours.", nameof(SnoozedUntil));
    }

    /// <summary>Nothing is due any more.</summary>
    internal void Cancel(string reason) => (State, Reason, SnoozedUntil, MessageId) = (LetterState.Cancelled, reason, null, null);

    /// <summary>The number under which the post carries it.</summary>
    /// <exception cref="BusinessRuleException">It is no formal notice, or the text is too long.</exception>
    public void Register(string? postalNumber)
    {
        if (Level is not DunningLevel.Formal)
        {
            throw new BusinessRuleException("Seule une mise en demeure part en recommandé.", nameof(PostalNumber));
        }

        PostalNumber = Clean.Text(postalNumber, 40, nameof(PostalNumber));
    }

    private static void DemandFormal(string text, string field)
    {
        if (!SearchKey.Fold(text).Contains("mise en demeure", StringComparison.Ordinal))
        {
            throw new BusinessRuleException("Les mots « mise en demeure » doivent y figurer.", field);
        }
    }

    private void DemandWaiting()
    {
        if (State is not LetterState.Waiting)
        {
            throw new BusinessRuleException($"Cette relance a changé d'état entre-temps : {(Sentence)Labels.Of(State)}.");
        }
    }
}

/// <summary>That an invoice reached a level: once, for ever. What was given up before it left may be asked for again, by the same row.</summary>
public sealed class DunningNotice : IRecordedPart
{
    private DunningNotice()
    {
    }

    internal DunningNotice(Guid invoiceId, string invoiceNumber, DunningLevel level)
    {
        Id = Guid.CreateVersion7();
        (InvoiceId, InvoiceNumber, Level) = (invoiceId, invoiceNumber, level);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The reminder it went into.</summary>
    public Guid LetterId { get; private set; }

    /// <summary>The invoice.</summary>
    [Display(Name = "Facture")] public Guid InvoiceId { get; private set; }

    /// <summary>Its number.</summary>
    [NotRecorded] public string InvoiceNumber { get; private set; } = "";

    [Display(Name = "Niveau")] public DunningLevel Level { get; private set; }
    [Display(Name = "État")] public LetterState State { get; private set; }

    /// <summary>What remained due when it was last written, euros including VAT.</summary>
    [Display(Name = "Reste dû")] public decimal Balance { get; private set; }

    /// <summary>Why it was given up.</summary>
    [Display(Name = "Motif")] public string? Reason { get; private set; }

    /// <inheritdoc/>
    public string RecordName => $"{Labels.Of(Level)} de {InvoiceNumber}";

    /// <inheritdoc/>
    public string WholeType => nameof(DunningLetter);

    /// <inheritdoc/>
    public Guid WholeId => LetterId;

    /// <summary>It waits in a reminder.</summary>
    internal void Enter(Guid letterId, decimal balance) => (LetterId, Balance, State, Reason) = (letterId, balance, LetterState.Waiting, null);

    /// <summary>It follows its reminder.</summary>
    internal void Follow(LetterState state, string? reason = null) => (State, Reason) = (state, reason);
}

internal sealed class DunningLetterConfiguration : IEntityTypeConfiguration<DunningLetter>, IEntityTypeConfiguration<DunningNotice>
{
    public void Configure(EntityTypeBuilder<DunningLetter> letter)
    {
        letter.Ignore(l => l.WhySealed);
        letter.HasOne<Institution>().WithMany().HasForeignKey(l => l.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        letter.HasIndex(l => new { l.State, l.Level, l.PreparedOn });
        letter.HasIndex(l => new { l.InstitutionId, l.State });
        letter.HasIndex(l => l.MessageId).HasFilter("\"MessageId\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<DunningNotice> notice)
    {
        notice.HasOne<DunningLetter>().WithMany().HasForeignKey(n => n.LetterId).OnDelete(DeleteBehavior.Restrict);
        notice.HasOne<Invoice>().WithMany().HasForeignKey(n => n.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        notice.HasIndex(n => new { n.InvoiceId, n.Level }).IsUnique();
        notice.HasIndex(n => new { n.LetterId, n.State });
        notice.HasIndex(n => n.State).HasFilter("\"State\" = 0").HasDatabaseName("IX_DunningNotices_Waiting");
    }
}
