using System.Security.Cryptography;
using MedCrm.Core.Data;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Printing;

/// <summary>
/// The PDFs of documents that left the house, in the folder of files: « factures/2026/FA-2026-0001-1f3a9c02.pdf », the end being the beginning of the
/// fingerprint. A file takes its place before the row that refers to it is committed: what a crash can leave is a stray, never a row without file.
/// </summary>
public sealed class PrintedFiles(DataFolder folder) : IFileReferences
{
    /// <summary>Keeps the PDF of a document of a year and answers its path in the folder of files.</summary>
    /// <param name="shelf">« devis », « factures », « signatures », « relances ».</param>
    /// <param name="year">The year of the document.</param>
    /// <param name="name">Its number.</param>
    /// <param name="printed">The PDF.</param>
    /// <param name="cancellationToken">Ends the writing before the file takes its place.</param>
    public async Task<string> KeepAsync(string shelf, int year, string name, PrintedDocument printed, CancellationToken cancellationToken = default)
    {
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        var path = $"{shelf}/{year}/{safe}-{printed.Sha256[..8]}.pdf";
        var target = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var received = Path.Combine(folder.Temporary, $"{Guid.NewGuid():N}.pdf");
        try
        {
            await using (var file = new FileStream(received, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(printed.Content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            // The same name is the same content: what an act that failed left there is replaced by itself.
            File.Move(received, target, overwrite: true);
        }
        finally
        {
            File.Delete(received);
        }

        return path;
    }

    /// <summary>Removes a PDF whose row was not written, unless somebody who printed the same bytes at the same time kept it.</summary>
    public async Task GiveUpAsync(MedCrmDbContext db, string path)
    {
        if (!await db.Quotes.IgnoreQueryFilters().AnyAsync(quote => quote.PdfPath == path)
            && !await db.Invoices.IgnoreQueryFilters().AnyAsync(invoice => invoice.PdfPath == path)
            && !await db.SignatureEvidences.AnyAsync(evidence => evidence.PdfPath == path))
        {
            File.Delete(PathOf(path));
        }
    }

    /// <summary>The PDF under a path, when it is there and is the one of this fingerprint; null otherwise.</summary>
    public async Task<byte[]?> ReadAsync(string path, string sha256, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(PathOf(path)))
        {
            return null;
        }

        var content = await File.ReadAllBytesAsync(PathOf(path), cancellationToken);
        return Fingerprint(content) == sha256 ? content : null;
    }

    /// <summary>Whether the PDF under a path is there, as it was printed.</summary>
    public async Task<bool> IsIntactAsync(string path, string sha256, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(PathOf(path)))
        {
            return false;
        }

        await using var file = File.OpenRead(PathOf(path));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) == sha256;
    }

    /// <summary>The fingerprint of a content, lower-case hexadecimal.</summary>
    public static string Fingerprint(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        =>
        [
            .. await db.Quotes.IgnoreQueryFilters().Where(quote => quote.PdfPath != null).Select(quote => quote.PdfPath!).ToListAsync(cancellationToken),
            .. await db.Invoices.IgnoreQueryFilters().Where(invoice => invoice.PdfPath != null).Select(invoice => invoice.PdfPath!).ToListAsync(cancellationToken),
            .. await db.SignatureEvidences.Where(evidence => evidence.PdfPath != null).Select(evidence => evidence.PdfPath!).ToListAsync(cancellationToken),
        ];

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<(Guid RecordId, string Path)>> PathsOfAsync(MedCrmDbContext db, Type type, Guid[] ids, CancellationToken cancellationToken)
    {
        var rows = type == typeof(Quote) ? await db.Quotes.IgnoreQueryFilters().Where(quote => ids.Contains(quote.Id) && quote.PdfPath != null).Select(quote => new { quote.Id, quote.PdfPath }).ToListAsync(cancellationToken)
            : type == typeof(Invoice) ? await db.Invoices.IgnoreQueryFilters().Where(invoice => ids.Contains(invoice.Id) && invoice.PdfPath != null).Select(invoice => new { invoice.Id, invoice.PdfPath }).ToListAsync(cancellationToken)
            : [];
        return [.. rows.Select(row => (row.Id, row.PdfPath!))];
    }

    private string PathOf(string path) => Path.Combine(folder.Files, path);
}

// A PDF that left the house is what the customer holds: one changed byte is told. One that is not there at all is told by StoredFilesCheck.
internal sealed class PrintedFilesCheck(PrintedFiles files, DataFolder folder) : IDataCheck
{
    public string Name => "Documents imprimés";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var kept = (await db.Quotes.IgnoreQueryFilters().Where(quote => quote.PdfPath != null).Select(quote => new { Path = quote.PdfPath!, quote.PdfSha256 }).ToListAsync(cancellationToken))
            .Concat(await db.Invoices.IgnoreQueryFilters().Where(invoice => invoice.PdfPath != null).Select(invoice => new { Path = invoice.PdfPath!, invoice.PdfSha256 }).ToListAsync(cancellationToken))
            .Concat(await db.SignatureEvidences.Where(evidence => evidence.PdfPath != null).Select(evidence => new { Path = evidence.PdfPath!, PdfSha256 = evidence.CertificateSha256 }).ToListAsync(cancellationToken));
        var faults = new List<string>();
        foreach (var file in kept.Where(file => File.Exists(Path.Combine(folder.Files, file.Path))))
        {
            if (!await files.IsIntactAsync(file.Path, file.PdfSha256 ?? "", cancellationToken))
            {
                faults.Add($"fichier altéré : « {file.Path} » n'est plus celui qui est parti");
            }
        }

        return faults;
    }
}
