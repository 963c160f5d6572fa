using System.IO.Compression;
using System.Text;
using MedCrm.Core.Documents;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Documents;

/// <summary>Small files of each kind, made here.</summary>
internal static class FileSample
{
    public static byte[] Pdf(string text = "Contrat") => Encoding.Latin1.GetBytes($"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% {text}\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF");

    public static byte[] Png(int width = 1, int height = 1)
        => [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, (byte)(width >> 24), (byte)(width >> 16), (byte)(width >> 8), (byte)width, (byte)(height >> 24), (byte)(height >> 16), (byte)(height >> 8), (byte)height, 8, 0, 0, 0, 0, .. new byte[60], 0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    public static byte[] Jpeg() => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 40, 0, 60, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, .. Enumerable.Repeat((byte)7, 400), 0xFF, 0, 3, 0xFF, 0xD9];

    public static byte[] Gif() => [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];

    public static byte[] Webp() => [.. "RIFF"u8, 20, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[12]];

    public static byte[] Tiff() => [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, .. new byte[20]];

    public static byte[] Zip(params string[] names)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in names)
            {
                using var part = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                part.Write(Encoding.UTF8.GetBytes($"Contenu de {name}"));
            }
        }

        return memory.ToArray();
    }

    // The type comes first and uncompressed, with its length before it, as writers of the format must do.
    public static byte[] OpenDocument(string type)
    {
        var mime = Encoding.ASCII.GetBytes($"application/vnd.oasis.opendocument.{type}");
        byte[] local = [.. "PK\u0003\u0004"u8, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, (byte)mime.Length, 0, 0, 0, (byte)mime.Length, 0, 0, 0, 8, 0, 0, 0, .. "mimetype"u8, .. mime];
        byte[] central = [.. "PK\u0001\u0002"u8, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, (byte)mime.Length, 0, 0, 0, (byte)mime.Length, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. "mimetype"u8];
        return [.. local, .. central, .. "PK\u0005\u0006"u8, 0, 0, 0, 0, 1, 0, 1, 0, (byte)central.Length, 0, 0, 0, (byte)local.Length, 0, 0, 0, 0, 0];
    }

    // A header, the table of sectors, one sector of directory: the root and two children.
    public static byte[] Compound(string stream, string other = "SummaryInformation")
    {
        var file = new byte[512 * 3];
        ((byte[])[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(file, 0);
        file[30] = 9;
        file[48] = 1;
        file.AsSpan(68, 4).Fill(0xFF);
        file[68] = 0xFE;
        file.AsSpan(76, 436).Fill(0xFF);
        file.AsSpan(76, 4).Clear();
        file.AsSpan(512, 512).Fill(0xFF);
        file[512 + 4] = 0xFE;
        Entry(0, "Root Entry", child: 1, right: uint.MaxValue);
        Entry(1, stream, child: uint.MaxValue, right: 2);
        Entry(2, other, child: uint.MaxValue, right: uint.MaxValue);
        return file;

        void Entry(int index, string name, uint child, uint right)
        {
            var entry = file.AsSpan(1024 + (index * 128), 128);
            Encoding.Unicode.GetBytes(name).CopyTo(entry);
            entry[64] = (byte)((name.Length + 1) * 2);
            BitConverter.TryWriteBytes(entry[68..], uint.MaxValue);
            BitConverter.TryWriteBytes(entry[72..], right);
            BitConverter.TryWriteBytes(entry[76..], child);
        }
    }

    /// <summary>Receives a file as an upload does.</summary>
    public static async Task<ReceivedFile> ReceiveAsync(this TestWorld world, byte[] content, string name)
    {
        using var stream = new MemoryStream(content);
        return await world.Get<DocumentUploads>().ReceiveAsync(stream, name);
    }

    /// <summary>Puts a file on a record, as whoever acts.</summary>
    public static async Task<AddedDocument> AddDocumentAsync(this TestWorld world, DocumentPlace place, byte[]? content = null, string name = "Contrat.pdf")
    {
        using var file = await world.ReceiveAsync(content ?? Pdf(), name);
        return await world.Get<DocumentShelf>().AddAsync(file, place);
    }

    /// <summary>Adds a version to a document, as whoever acts.</summary>
    public static async Task<AddedDocument> AddVersionAsync(this TestWorld world, Guid documentId, byte[] content, string name = "Contrat.pdf")
    {
        using var file = await world.ReceiveAsync(content, name);
        return await world.Get<DocumentShelf>().AddVersionAsync(file, documentId);
    }

    /// <summary>Every file in the folder of files, and every one that is still being received.</summary>
    public static (int Stored, int Receiving) FileCounts(this TestWorld world) => (Count(world.Folder.Files), Count(Path.Combine(world.Folder.Temporary, "documents")));

    private static int Count(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length : 0;
}
