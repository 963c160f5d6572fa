using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Mail;

namespace MedCrm.Core.Dunning;

/// <summary>The parts of the tray.</summary>
public enum TrayView
{
    [Display(Name = "À valider")] ToApprove,
    [Display(Name = "Reportées")] Snoozed,
    [Display(Name = "Envoyées")] Sent,
    [Display(Name = "Écartées")] Closed,
}

/// <summary>A reminder in the tray. Euros including VAT.</summary>
public sealed record TrayLine(Guid Id, Guid Version, Guid InstitutionId, string InstitutionName, DunningLevel Level, LetterState State, DateOnly PreparedOn, DateOnly? SnoozedUntil, string? Email, decimal Total, DateTime? SentAt, string? SentByName, string? Reason, string? PostalNumber)
{
    /// <summary>How many invoices it is about.</summary>
    public int Invoices { get; init; }

    /// <summary>The oldest due day among them.</summary>
    public DateOnly? OldestDue { get; init; }

    /// <summary>How its e-mail fares.</summary>
    public MessageStatus? Mail { get; init; }
}

/// <summary>A page of the tray: its lines, how many there are in all, and how many in each part.</summary>
public sealed record TrayPage(IReadOnlyList<TrayLine> Lines, int Total, IReadOnlyDictionary<TrayView, int> Counts, int WithoutAddress);

/// <summary>An invoice of a reminder. Euros including VAT.</summary>
public sealed record LetterInvoice(Guid InvoiceId, string Number, DunningLevel Level, DateOnly IssuedOn, DateOnly DueOn, decimal Gross, decimal Balance);

/// <summary>A reminder as its panel shows it.</summary>
public sealed record LetterSheet(TrayLine Line, string Subject, string Body, decimal Interest, decimal FixedCosts, DateOnly? FinalOn, bool IsEdited, bool CanPrint, IReadOnlyList<LetterInvoice> Invoices);

/// <summary>A level that an invoice reached, and what became of it.</summary>
public sealed record NoticeLine(Guid LetterId, DunningLevel Level, LetterState State, DateOnly PreparedOn, DateTime? SentAt, string? SentByName, string? Email, MessageStatus? Mail, decimal Balance, string? Reason, string? PostalNumber);

/// <summary>A disputed invoice: since when, why, and what remains due. Euros including VAT.</summary>
public sealed record DisputedLine(Guid Id, string Number, Guid InstitutionId, string InstitutionName, DateOnly On, string Reason, decimal Balance);

/// <summary>What « Ma journée » tells those who invoice. Euros including VAT.</summary>
public sealed record DunningDay(int ToApprove, int WithoutAddress, int Overdue, decimal OverdueBalance, int OldestDays);
