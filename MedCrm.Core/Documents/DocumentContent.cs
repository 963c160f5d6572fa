using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Documents;

/// <summary>What a file is, by what stands in it. Its name is believed in one thing only: a text that calls itself a program is refused.</summary>
public static class DocumentContent
{
    /// <summary>The field beside which a refusal of a file is shown.</summary>
    public const string Field = "File";

    private const int HeadLength = 8192;
    private const int LongestSide = 30_000;
    private const long MostPixels = 200_000_000;

    // The five codes to which Windows-1252 gives no letter.
    private static readonly SearchValues<byte> s_unused = SearchValues.Create([0x81, 0x8D, 0x8F, 0x90, 0x9D]);

    /// <summary>Recognises a file that was received whole.</summary>
    /// <exception cref="BusinessRuleException">It is empty, damaged, harmful or of a kind that is not accepted.</exception>
    public static DocumentKind Recognize(Stream file, string name)
    {
        if (file.Length == 0)
        {
            throw Refusal("Ce fichier est vide.");
        }

        var head = new byte[HeadLength];
        file.Position = 0;
        var start = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        if (start.StartsWith("MZ"u8) || Starts(start, 0x7F, 0x45, 0x4C, 0x46) || Starts(start, 0xCA, 0xFE, 0xBA, 0xBE) || Starts(start, 0xCF, 0xFA, 0xED, 0xFE) || Starts(start, 0xFE, 0xED, 0xFA, 0xCF) || Starts(start, 0x4C, 0, 0, 0, 1, 0x14, 2))
        {
            throw Program();
        }

        if (start.StartsWith("%PDF-"u8))
        {
            return EndsWith(file, "%%EOF"u8, 2048) ? DocumentKinds.Pdf : throw Damaged();
        }

        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8))
        {
            return ZipContent.Recognize(file);
        }

        if (Starts(start, 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1))
        {
            return CompoundContent.Recognize(file);
        }

        return Image(file, start) ?? Text(file, start, name) ?? throw Refusal("Ce type de fichier n'est pas accepté. Envoyez un PDF, une image, un document Word, Excel, PowerPoint ou LibreOffice, un texte, un CSV, un e-mail ou une archive ZIP.");
    }

    internal static BusinessRuleException Damaged() => Refusal("Ce fichier est incomplet ou endommagé. Ouvrez-le pour le vérifier, puis envoyez-le de nouveau.");

    internal static BusinessRuleException Program() => Refusal("Les programmes et les scripts ne sont pas acceptés, même dans une archive.");

    internal static BusinessRuleException Refusal(Sentence sentence) => new(sentence, Field);

    private static bool Starts(ReadOnlySpan<byte> start, params ReadOnlySpan<byte> signature) => start.StartsWith(signature);

    private static bool EndsWith(Stream file, ReadOnlySpan<byte> mark, int within)
    {
        var tail = new byte[Math.Min(within, file.Length)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        return tail.AsSpan().LastIndexOf(mark) >= 0;
    }

    private static DocumentKind? Image(Stream file, ReadOnlySpan<byte> start)
    {
        if (Starts(start, 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A))
        {
            if (start.Length < 24 || !EndsWith(file, [.. "IEND"u8, 0xAE, 0x42, 0x60, 0x82], 2048))
            {
                throw Damaged();
            }

            DemandDrawable(BinaryPrimitives.ReadUInt32BigEndian(start[16..]), BinaryPrimitives.ReadUInt32BigEndian(start[20..]));
            return DocumentKinds.Png;
        }

        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
        {
            if (start.Length < 13 || !EndsWith(file, [0x3B], 64))
            {
                throw Damaged();
            }

            DemandDrawable(BinaryPrimitives.ReadUInt16LittleEndian(start[6..]), BinaryPrimitives.ReadUInt16LittleEndian(start[8..]));
            return DocumentKinds.Gif;
        }

        if (Starts(start, 0xFF, 0xD8, 0xFF))
        {
            Jpeg(file);
            return DocumentKinds.Jpeg;
        }

        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..12].SequenceEqual("WEBP"u8))
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) + 8L <= file.Length ? DocumentKinds.Webp : throw Damaged();
        }

        if (Starts(start, 0x49, 0x49, 0x2A, 0) || Starts(start, 0x4D, 0x4D, 0, 0x2A))
        {
            var first = start[0] == 0x49 ? BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) : BinaryPrimitives.ReadUInt32BigEndian(start[4..]);
            return first >= 8 && first < file.Length ? DocumentKinds.Tiff : throw Damaged();
        }

        return null;
    }

    // From marker to marker up to the image, whose end must be there; what telephones write after it is theirs.
    private static void Jpeg(Stream file)
    {
        using var reader = new BufferedStream(new Borrowed(file), 64 * 1024);
        reader.Position = 2;
        Span<byte> frame = stackalloc byte[5];
        while (true)
        {
            int marker;
            while ((marker = reader.ReadByte()) == 0xFF)
            {
            }

            if (marker is -1)
            {
                throw Damaged();
            }

            if (marker is 0xD9)
            {
                return;
            }

            if (marker is 0x00 or (>= 0xD0 and <= 0xD7) or 0x01)
            {
                SkipToMarker(reader);
                continue;
            }

            var length = (reader.ReadByte() << 8) | reader.ReadByte();
            if (length < 2)
            {
                throw Damaged();
            }

            var next = reader.Position + length - 2;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && reader.ReadAtLeast(frame, 5, throwOnEndOfStream: false) == 5)
            {
                DemandDrawable(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]));
            }

            reader.Position = next;
            SkipToMarker(reader);
        }
    }

    private static void SkipToMarker(Stream reader)
    {
        int octet;
        while ((octet = reader.ReadByte()) is not (0xFF or -1))
        {
        }

        if (octet is -1)
        {
            throw Damaged();
        }
    }

    private static void DemandDrawable(long width, long height)
    {
        if (width > LongestSide || height > LongestSide || width * height > MostPixels)
        {
            throw Refusal($"Cette image est trop grande : {width} × {height} points. Réduisez-la, ou envoyez-la dans un PDF.");
        }
    }

    private static DocumentKind? Text(Stream file, ReadOnlySpan<byte> start, string name)
    {
        if (!IsText(file))
        {
            return null;
        }

        var text = Encoding.Latin1.GetString(start).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (IsMail(text))
        {
            return DocumentKinds.Eml;
        }

        if (DocumentKinds.IsProgram(name) || IsActive(text))
        {
            throw Refusal("Les pages web, les images SVG et les scripts ne sont pas acceptés : ils pourraient agir dans le navigateur de vos collègues.");
        }

        if (text.StartsWith(@"{\rtf", StringComparison.Ordinal))
        {
            throw Refusal("Les fichiers RTF ne sont pas acceptés. Enregistrez le document au format Word ou PDF.");
        }

        return Path.GetExtension(name).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? DocumentKinds.Csv : DocumentKinds.Text;
    }

    // UTF-8, else Windows-1252: neither has octets below the tabulation.
    private static bool IsText(Stream file)
    {
        var decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        var octets = new byte[64 * 1024];
        var letters = new char[octets.Length + 2];
        var (isUtf8, isWindows) = (true, true);
        file.Position = 0;
        for (int read; (isUtf8 || isWindows) && (read = file.Read(octets)) > 0;)
        {
            var portion = octets.AsSpan(0, read);
            if (portion.ContainsAnyInRange((byte)0, (byte)8) || portion.ContainsAnyInRange((byte)0x0E, (byte)0x1A) || portion.ContainsAnyInRange((byte)0x1C, (byte)0x1F))
            {
                return false;
            }

            isWindows &= !portion.ContainsAny(s_unused);
            isUtf8 = isUtf8 && IsDecoded(decoder, portion, letters, flush: false);
        }

        return isWindows || (isUtf8 && IsDecoded(decoder, [], letters, flush: true));
    }

    private static bool IsDecoded(Decoder decoder, ReadOnlySpan<byte> octets, char[] letters, bool flush)
    {
        try
        {
            decoder.GetChars(octets, letters, flush);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsMail(string text)
    {
        var (from, another) = (false, false);
        foreach (var line in text.Split('\n'))
        {
            if (line.Trim().Length == 0)
            {
                break;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line[0] is ' ' or '\t')
            {
                continue;
            }

            if (colon <= 0 || line[..colon].Any(letter => letter is <= ' ' or > '~'))
            {
                return false;
            }

            from |= line.StartsWith("From:", StringComparison.OrdinalIgnoreCase);
            another |= new[] { "Date", "Subject", "Received", "Message-ID", "MIME-Version" }.Contains(line[..colon], StringComparer.OrdinalIgnoreCase);
        }

        return from && another;
    }

    private static bool IsActive(string text)
    {
        if (text.StartsWith("#!", StringComparison.Ordinal) || text.StartsWith("@echo", StringComparison.OrdinalIgnoreCase) || text.StartsWith("%!PS", StringComparison.Ordinal))
        {
            return true;
        }

        string[] marks = ["<!doctype", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<?php", "<?xml"];
        return Array.Exists(marks, mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));
    }

    // A buffer of one's own over a stream that stays open.
    private sealed class Borrowed(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
