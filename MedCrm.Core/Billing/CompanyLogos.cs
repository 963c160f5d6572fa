using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>A stored logo: where it is, and its media type.</summary>
public sealed record LogoFile(string Path, string MediaType);

/// <summary>
/// The logo of the company in the folder of files, a PNG or a JPEG by what stands in it. Like a document, it takes its place before its row is committed and leaves after.
/// </summary>
public sealed class CompanyLogos(DataFolder folder) : IFileReferences
{
    /// <summary>1 MB, in octets.</summary>
    public const int MostOctets = 1 << 20;

    /// <summary>The field beside which a refusal is shown.</summary>
    public const string Field = "Logo";

    /// <summary>The file of a path of <see cref="Company.LogoPath"/>; null without one, or when it is missing.</summary>
    public LogoFile? Find(string? logoPath)
    {
        if (logoPath is null)
        {
            return null;
        }

        var path = Path.Combine(folder.Files, logoPath);
        return File.Exists(path) ? new LogoFile(path, logoPath.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "image/jpeg") : null;
    }

    /// <summary>Stores an image under a path of its own, flushed to the disk.</summary>
    /// <exception cref="BusinessRuleException">It is too large, empty, damaged, or neither a PNG nor a JPEG.</exception>
    internal async Task<string> KeepAsync(Stream content, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        var portion = new byte[16 * 1024];
        for (int count; (count = await content.ReadAsync(portion, cancellationToken)) > 0;)
        {
            received.Write(portion, 0, count);
            if (received.Length > MostOctets)
            {
                throw new BusinessRuleException("Ce logo dépasse 1 Mo : réduisez l'image.", Field);
            }
        }

        var key = $"company/{Guid.NewGuid():N}{ExtensionOf(received)}";
        var path = Path.Combine(folder.Files, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        received.Position = 0;
        await received.CopyToAsync(file, cancellationToken);
        file.Flush(flushToDisk: true);
        return key;
    }

    /// <summary>Removes a logo that nothing refers to any more.</summary>
    internal void Remove(string? key)
    {
        if (key is not null)
        {
            File.Delete(Path.Combine(folder.Files, key));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.Companies.Where(company => company.LogoPath != null).Select(company => company.LogoPath!).ToListAsync(cancellationToken);

    private static string ExtensionOf(MemoryStream image)
    {
        try
        {
            return DocumentContent.Recognize(image, "logo").MediaType switch
            {
                "image/png" => ".png",
                "image/jpeg" => ".jpg",
                _ => throw new BusinessRuleException("Le logo est une image PNG ou JPEG.", Field),
            };
        }
        catch (BusinessRuleException refusal) when (refusal.Field != Field)
        {
            throw new BusinessRuleException(refusal.Sentence, Field);
        }
    }
}
