using System.Globalization;
using System.Text.RegularExpressions;
using MedCrm.Core.Access;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Search;

/// <summary>
/// The numbers that call one record by themselves, before any word is looked at. A room that issues numbers (quotes, invoices, contracts) adds
/// its line to the table below: the palette and every lookup then know them.
/// </summary>
internal static partial class WholeNumbers
{
    private const int Most = 6;

    // Each says nothing when what was typed has not the shape of its numbers.
    private static readonly (string RecordType, Func<MedCrmDbContext, Actor, string, IQueryable<SearchHit>?> Find)[] s_numbers =
    [
        (nameof(Institution), OfInstitutions),
        (nameof(Contact), OfHealthProfessionals),
        (nameof(Quote), OfQuotes),
        (nameof(Invoice), OfInvoices),
        (nameof(Contract), OfContracts),
    ];

    /// <summary>The records that a text calls by a whole number, of one kind alone when <paramref name="recordType"/> says so.</summary>
    public static async Task<IReadOnlyList<SearchHit>> FindAsync(MedCrmDbContext db, Actor actor, string text, string? recordType, CancellationToken cancellationToken)
    {
        var number = string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        if (!number.Any(char.IsAsciiDigit))
        {
            return [];
        }

        var hits = new List<SearchHit>();
        foreach (var (_, find) in s_numbers.Where(one => recordType is null || one.RecordType == recordType))
        {
            if (find(db, actor, number) is { } called)
            {
                hits.AddRange(await called.ToListAsync(cancellationToken));
            }
        }

        return hits;
    }

    // FINESS, SIREN, SIRET. One index per number: an OR of them would be answered by reading all institutions by name.
    private static IQueryable<SearchHit>? OfInstitutions(MedCrmDbContext db, Actor actor, string number)
    {
        if (number.Length is not (9 or 14))
        {
            return null;
        }

        var visible = db.Institutions.VisibleTo(actor);
        var called = visible.Where(i => i.FinessEt == number).Select(i => i.Id)
            .Union(visible.Where(i => i.FinessEj == number).Select(i => i.Id))
            .Union(visible.Where(i => i.Siren == number).Select(i => i.Id))
            .Union(visible.Where(i => i.Siret == number).Select(i => i.Id));
        return visible.Where(i => called.Contains(i.Id))
            .OrderBy(i => i.Name).Take(Most)
            .Select(i => new SearchHit(nameof(Institution), i.Id, i.Name, i.City == null ? number : i.City + " · " + number, true));
    }

    private static IQueryable<SearchHit>? OfHealthProfessionals(MedCrmDbContext db, Actor actor, string number)
        => number.Length is 11 or 12 && Rpps.Normalize(number) is { } rpps
            ? VisibleContacts.Of(db, actor).Where(c => c.Rpps == rpps).Take(Most).Select(c => new SearchHit(nameof(Contact), c.Id, c.FullName, $"RPPS {rpps}", true))
            : null;

    // « D-2026-0041 », « d 2026 41 »: every version, the last one first. A prefix with other signs than letters and digits is found by its words.
    private static IQueryable<SearchHit>? OfQuotes(MedCrmDbContext db, Actor actor, string number)
        => NumberOf(number) is { } whole
            ? db.Quotes.VisibleTo(actor).Where(q => q.Number == whole)
                .OrderByDescending(q => q.VersionNumber).Take(Most)
                .Select(q => new SearchHit(nameof(Quote), q.Id, q.VersionNumber == 1 ? q.Number + " · " + q.Title : q.Number + " v" + q.VersionNumber + " · " + q.Title, q.Institution.Name, true))
            : null;

    private static string? NumberOf(string typed)
        => Documents().Match(typed) is { Success: true } match
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}-{match.Groups[2].Value}-{int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture):0000}")
            : null;

    // « FA-2026-0012 » typed « fa 2026 12 » or « FA20260012 ».
    private static IQueryable<SearchHit>? OfInvoices(MedCrmDbContext db, Actor actor, string number)
        => NumberOf(number) is { } whole
            ? InvoiceList.Of(db, actor).Where(i => i.Number == whole).Select(i => new SearchHit(nameof(Invoice), i.Id, i.Number!, i.Institution.Name, true))
            : null;

    private static IQueryable<SearchHit>? OfContracts(MedCrmDbContext db, Actor actor, string number)
        => NumberOf(number) is { } whole
            ? db.Contracts.VisibleTo(actor).Where(c => c.Number == whole).Select(c => new SearchHit(nameof(Contract), c.Id, c.Number, c.Institution.Name, true))
            : null;

    // A prefix, a year, a number.
    [GeneratedRegex("^([A-Z]+)(20[0-9]{2})([0-9]{1,6})$")]
    private static partial Regex Documents();
}
