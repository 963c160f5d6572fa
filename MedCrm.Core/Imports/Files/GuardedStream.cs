using System.IO.Compression;

namespace MedCrm.Core.Imports.Files;

/// <summary>Bytes a workbook may still expand into; shared by all its parts.</summary>
internal sealed class ExpansionBudget(ImportLimits limits)
{
    private long _expanded;

    /// <summary>The limits the budget came from.</summary>
    public ImportLimits Limits => limits;

    /// <summary>Opens a part so that what is really read is counted; sizes declared in the archive are not believed.</summary>
    public Stream Open(ZipArchiveEntry entry) => new GuardedStream(entry.Open(), entry.CompressedLength, this);

    /// <summary>Counts bytes, and refuses the file when they are too many.</summary>
    public void Spend(int bytes)
    {
        _expanded += bytes;
        if (_expanded > limits.MaxExpandedBytes)
        {
            throw new ImportFileException($"Le classeur dépasse {limits.MaxExpandedBytes / (1024 * 1024)} Mo une fois décompressé. Enregistrez-le en CSV ou découpez-le.");
        }
    }
}

/// <summary>A decompressed part of a workbook that stops when it grows like an archive made to harm.</summary>
internal sealed class GuardedStream(Stream inner, long compressedLength, ExpansionBudget budget) : Stream
{
    private const long FreeBytes = 16 * 1024 * 1024;

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _read += count;
        budget.Spend(count);
        return _read > FreeBytes && _read > Math.Max(1, compressedLength) * budget.Limits.MaxExpansionRatio
            ? throw new ImportFileException("Le classeur grossit anormalement à la décompression : il est refusé. Enregistrez-le en CSV.")
            : count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
