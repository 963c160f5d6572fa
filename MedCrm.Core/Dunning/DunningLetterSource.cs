using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Dunning;

/// <summary>Reminders as letters on paper: the words of the message, its list of invoices as a table.</summary>
public sealed class DunningLetterSource(DataFolder folder) : ILetterSource
{
    /// <inheritdoc/>
    public async Task<LetterPrint?> FindAsync(MedCrmDbContext db, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (!actor.May(Right.EditInvoices) || await Dunnings.Visible(db, actor).AsNoTracking().SingleOrDefaultAsync(letter => letter.Id == id, cancellationToken) is not { } letter)
        {
            return null;
        }

        var company = await Company.ReadAsync(db, cancellationToken);
        var billing = await BillingProfiles.EffectiveAsync(db, letter.InstitutionId, cancellationToken);
        var invoices = (await LetterWriting.InvoicesAsync(db, letter, cancellationToken)).Where(invoice => invoice.Level == letter.Level).ToList();
        var on = letter.SentAt is { } sent ? db.Clock.DayOf(sent) : db.Clock.Today;
        var (before, after) = Around(letter.Body);
        var claimed = letter.Interest + letter.FixedCosts;
        return new LetterPrint
        {
            Title = letter.RecordName,
            Reference = $"{letter.PreparedOn:yyyyMMdd}-{letter.Id.ToString("N")[^6..].ToUpperInvariant()}",
            FileName = $"{(letter.Level is DunningLevel.Formal ? "Mise-en-demeure" : "Relance")}-{letter.PreparedOn:yyyyMMdd}.pdf",
            Seller = Sellers.Of(company, folder),
            To = new Addressee
            {
                Name = billing.Name,
                Address = Addresses.Lines(billing.Street, billing.AddressLine2, billing.Postcode, billing.City),
                Siren = billing.Siren,
                Siret = billing.Siret,
            },
            On = on,
            Subject = letter.Subject,
            Delivery = letter.Level is not DunningLevel.Formal ? null : letter.PostalNumber is { } number ? $"Lettre recommandée avec avis de réception n° {number}" : "Lettre recommandée avec avis de réception",
            Before = before,
            Rows = [.. invoices.Select(invoice => new LetterRow(invoice.Number, invoice.IssuedOn, invoice.DueOn, invoice.Gross, invoice.Balance))],
            Totals = claimed == 0
                ? [new LetterTotal("Reste dû", letter.Total, IsWhole: true)]
                : [new LetterTotal("Reste dû", letter.Total), new LetterTotal("Pénalités de retard", letter.Interest), new LetterTotal("Indemnité forfaitaire", letter.FixedCosts), new LetterTotal("Total", letter.Total + claimed, IsWhole: true)],
            After = after,
        };
    }

    // The first list of the message gives way to the table; without one the table follows the words.
    private static (IReadOnlyList<string> Before, IReadOnlyList<string> After) Around(string body)
    {
        var parts = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var list = Array.FindIndex(parts, part => part.Split('\n').All(line => line.StartsWith("- ", StringComparison.Ordinal)));
        return list < 0 ? (parts, []) : (parts[..list], parts[(list + 1)..]);
    }
}
