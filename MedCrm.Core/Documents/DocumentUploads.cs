using System.Security.Cryptography;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Documents;

/// <summary>A file that was received whole and recognised, waiting for its row. Disposing of it removes it, unless it was kept.</summary>
public sealed record ReceivedFile(string Path, string FileName, DocumentKind Kind, long Length, string Sha256) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}

/// <summary>Receives files: streamed to the data folder while their fingerprint is taken, never longer than allowed, and nothing left of one that stops half-way or is refused.</summary>
public sealed class DocumentUploads(DocumentFiles files, DocumentSettings settings)
{
    private const int Portion = 80 * 1024;
    private const long LeastFreeSpace = 200L * 1024 * 1024;

    /// <summary>Refuses a file by the length that its sender announces, before any of it is read.</summary>
    /// <exception cref="BusinessRuleException">It is too long, or the disk is nearly full.</exception>
    public void DemandRoom(long? announced)
    {
        if (announced > settings.MaxOctets)
        {
            throw TooLong();
        }

        if (files.FreeSpace - (announced ?? settings.MaxOctets) < LeastFreeSpace)
        {
            throw DocumentContent.Refusal("Le disque est presque plein : ce fichier n'a pas été pris. Prévenez un administrateur.");
        }
    }

    /// <summary>Stores what comes. What is not there by then will never be: the file is flushed to the disk.</summary>
    /// <exception cref="BusinessRuleException">The file is too long, empty, damaged or of a kind that is not accepted.</exception>
    public async Task<ReceivedFile> ReceiveAsync(Stream content, string? name, CancellationToken cancellationToken = default)
    {
        await using var file = files.Receive();
        try
        {
            var sha256 = await CopyAsync(content, file, cancellationToken);
            try
            {
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                throw Unwritten();
            }

            var kind = DocumentContent.Recognize(file, name ?? "");
            return new ReceivedFile(file.Name, FileNames.Clean(name, kind), kind, file.Length, sha256);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }

    private async Task<string> CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var portion = new byte[Portion];
        var total = 0L;
        for (int count; (count = await content.ReadAsync(portion, cancellationToken)) > 0;)
        {
            total += count;
            if (total > settings.MaxOctets)
            {
                throw TooLong();
            }

            hash.AppendData(portion, 0, count);
            try
            {
                await file.WriteAsync(portion.AsMemory(0, count), cancellationToken);
            }
            catch (IOException)
            {
                throw Unwritten();
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static BusinessRuleException Unwritten() => DocumentContent.Refusal("Ce fichier n'a pas pu être écrit : le disque est plein ou ne répond plus. Prévenez un administrateur.");

    private BusinessRuleException TooLong() => DocumentContent.Refusal($"Ce fichier dépasse {settings.MaxMegabytes} Mo.");
}
