using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Billing;

/// <summary>What is numbered, each in a series of its own. Deposits are invoices and take their numbers among them.</summary>
public enum DocumentSeries
{
    [Display(Name = "Devis")] Quote,
    [Display(Name = "Factures")] Invoice,
    [Display(Name = "Avoirs")] CreditNote,
    [Display(Name = "Contrats")] Contract,
}

/// <summary>
/// The numbers of one kind of document in one year: unique, in order of time, without a gap (CGI ann. II art. 242 nonies A I-7°). A number is taken in the
/// transaction that saves the document, so that one given up leaves with it.
/// </summary>
public sealed class NumberSeries : INamedRecord
{
    private NumberSeries()
    {
    }

    internal NumberSeries(DocumentSeries series, int year, string prefix)
    {
        Id = Guid.CreateVersion7();
        (Series, Year, Prefix) = (series, year, prefix);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>What is numbered.</summary>
    public DocumentSeries Series { get; private set; }

    /// <summary>The year of the numbers.</summary>
    public int Year { get; private set; }

    /// <summary>The prefix, chosen before the first number of the year and kept.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>The last number given, 0 before the first.</summary>
    public int Last { get; private set; }

    /// <summary>The day of the document that took it.</summary>
    public DateOnly? LastOn { get; private set; }

    /// <inheritdoc/>
    public string RecordName => $"{Prefix}-{Year}";

    /// <summary>Takes the next number of the series of a day's year, inside the caller's transaction, « FA-2026-0001 ».</summary>
    /// <exception cref="BusinessRuleException">A document of the series already carries a later day.</exception>
    public static async Task<string> TakeAsync(MedCrmDbContext db, DocumentSeries series, DateOnly day, string prefix, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("A number is taken in the transaction that saves its document.");
        }

        var row = db.NumberSeries.Local.FirstOrDefault(s => s.Series == series && s.Year == day.Year)
            ?? await db.NumberSeries.SingleOrDefaultAsync(s => s.Series == series && s.Year == day.Year, cancellationToken);
        if (row is null)
        {
            row = new NumberSeries(series, day.Year, prefix);
            db.NumberSeries.Add(row);
        }

        return row.Next(day);
    }

    /// <summary>A number of the series, « FA-2026-0001 ».</summary>
    public string Format(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Year}-{number:0000}");

    private string Next(DateOnly day)
    {
        // The legal series follow time; a quote or a contract binds nobody by its number.
        if (Series is DocumentSeries.Invoice or DocumentSeries.CreditNote && LastOn is { } last && day < last)
        {
            throw new BusinessRuleException($"La date ne peut pas précéder celle de {Format(Last)}, émis le {FrenchText.FormatDay(last)} : les numéros suivent l'ordre du temps.", "IssuedOn");
        }

        Last++;
        LastOn = LastOn is { } on && on > day ? on : day;
        return Format(Last);
    }
}

internal sealed class NumberSeriesConfiguration : IEntityTypeConfiguration<NumberSeries>
{
    public void Configure(EntityTypeBuilder<NumberSeries> series)
    {
        series.Property(s => s.Id).ValueGeneratedNever();
        series.Ignore(s => s.RecordName);
        series.HasIndex(s => new { s.Series, s.Year }).IsUnique();
    }
}
