using System.Buffers.Binary;
using System.Text;

namespace MedCrm.Core.Documents;

/// <summary>Looks into an archive by its table of contents alone: nothing is ever expanded, so that an archive made to swell harms nothing.</summary>
internal static class ZipContent
{
    private const int EndLength = 22;
    private const int EntryLength = 46;

    /// <summary>An office document, or an archive without programs.</summary>
    public static DocumentKind Recognize(Stream file)
    {
        var (isOffice, isJava) = (false, false);
        DocumentKind? office = null;
        foreach (var name in Names(file))
        {
            if (name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase))
            {
                throw DocumentContent.Refusal("Ce document contient des macros. Enregistrez-le sans macros, ou en PDF.");
            }

            if (DocumentKinds.IsProgram(name) && !IsPart(name))
            {
                throw DocumentContent.Program();
            }

            isOffice |= name == "[Content_Types].xml";
            isJava |= name is "META-INF/MANIFEST.MF" or "AndroidManifest.xml";
            office ??= name switch
            {
                "word/document.xml" => DocumentKinds.Docx,
                "xl/workbook.xml" => DocumentKinds.Xlsx,
                "ppt/presentation.xml" => DocumentKinds.Pptx,
                _ => null,
            };
        }

        return isJava ? throw DocumentContent.Program() : isOffice && office is not null ? office : OpenDocument(file) ?? DocumentKinds.Zip;
    }

    // Office documents are made of XML, and carry a picture of theirs in SVG at times; an archive of such files is harmless as long as nobody opens them here.
    private static bool IsPart(string name) => Path.GetExtension(name).ToLowerInvariant() is ".xml" or ".svg" or ".html" or ".htm" or ".xsl";

    // The first entry of an OpenDocument says what it is, uncompressed.
    private static DocumentKind? OpenDocument(Stream file)
    {
        var head = new byte[160];
        file.Position = 0;
        var start = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        if (start.Length < 46 || BinaryPrimitives.ReadUInt16LittleEndian(start[26..]) != 8 || !start[30..38].SequenceEqual("mimetype"u8) || BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) != 0)
        {
            return null;
        }

        var from = 38 + BinaryPrimitives.ReadUInt16LittleEndian(start[28..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(start[18..]);
        var type = from + length <= start.Length ? Encoding.ASCII.GetString(start.Slice(from, (int)length)) : "";
        return new[] { DocumentKinds.Odt, DocumentKinds.Ods, DocumentKinds.Odp }.FirstOrDefault(kind => kind.MediaType == type);
    }

    private static IEnumerable<string> Names(Stream file)
    {
        var (count, at, end) = Directory(file);
        var entry = new byte[EntryLength];
        for (var read = 0; read < count; read++)
        {
            file.Position = at;
            if (at + EntryLength > end || file.ReadAtLeast(entry, EntryLength, throwOnEndOfStream: false) < EntryLength || !entry.AsSpan().StartsWith("PK\u0001\u0002"u8))
            {
                throw DocumentContent.Damaged();
            }

            var name = new byte[BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(28))];
            if (file.ReadAtLeast(name, name.Length, throwOnEndOfStream: false) < name.Length)
            {
                throw DocumentContent.Damaged();
            }

            at += EntryLength + name.Length + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(30)) + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(32));
            yield return Encoding.UTF8.GetString(name);
        }
    }

    private static (int Count, long At, long End) Directory(Stream file)
    {
        var tail = new byte[Math.Min(file.Length, EndLength + ushort.MaxValue)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var place = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (place < 0 || place + EndLength > tail.Length)
        {
            throw DocumentContent.Damaged();
        }

        var end = tail.AsSpan(place);
        var (count, length, offset) = (BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        var finish = file.Length - tail.Length + place;
        if (count == ushort.MaxValue || offset == uint.MaxValue)
        {
            throw DocumentContent.Refusal("Cette archive contient trop de fichiers. Envoyez-en plusieurs plus petites.");
        }

        return offset + length <= finish ? (count, offset, finish) : throw DocumentContent.Damaged();
    }
}
