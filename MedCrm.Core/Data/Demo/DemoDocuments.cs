using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using MedCrm.Core.Documents;

namespace MedCrm.Core.Data.Demo;

internal sealed record DemoDocument(string Finess, string FileName, DocumentCategory Category, int DaysAgo, Func<byte[]> Content)
{
    public string? Deal { get; init; }
    public string? Description { get; init; }
    public int? KeptInDays { get; init; }
}

// Small files made here, so that a preview always has something to show.
internal static class DemoDocuments
{
    public static IReadOnlyList<DemoDocument> All { get; } =
    [
        new("440000271", "Convention de partenariat.pdf", DocumentCategory.Contract, 90, () => Pdf("Convention de partenariat", "Entre le CHU de Nantes et notre société.", "Durée : trois ans, tacitement reconductible.", "Document de démonstration, sans valeur."))
        {
            Description = "Signée par la direction des achats.",
            KeptInDays = 1_700,
        },
        new("440000271", "Compte rendu de la visite du bloc.txt", DocumentCategory.Report, 12, () => Text("Compte rendu de la visite du bloc\r\n\r\nPrésents : Mme Renaud, Dr Le Goff, C. Martin.\r\nDeux respirateurs ont plus de dix ans. Essai demandé pour janvier.\r\nProchaine étape : envoyer l'avenant de garantie.\r\n")),
        new("440000271", "Plan de la réanimation.png", DocumentCategory.Other, 10, Plan) { Deal = "Renouvellement de six respirateurs de réanimation" },
        new("440000271", "Proposition technique.pdf", DocumentCategory.Presentation, 5, () => Pdf("Proposition technique", "Six respirateurs de réanimation, livrés et installés.", "Formation des équipes comprise.", "Document de démonstration, sans valeur.")) { Deal = "Renouvellement de six respirateurs de réanimation" },
        new("440000016", "Ancien marché de maintenance.pdf", DocumentCategory.Administrative, 100, () => Pdf("Marché de maintenance", "Période terminée.", "Document de démonstration, sans valeur.")) { KeptInDays = -20 },
    ];

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)];

    // One page in a font that every reader has.
    private static byte[] Pdf(string title, params string[] lines)
    {
        var page = $"BT /F1 22 Tf 72 740 Td ({title}) Tj /F1 12 Tf 0 -14 Td {string.Concat(lines.Select(line => $"0 -22 Td ({line}) Tj "))}ET";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {page.Length} >>\nstream\n{page}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ];
        var text = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        foreach (var (index, content) in objects.Index())
        {
            places.Add(text.Length);
            text.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{content}\nendobj\n");
        }

        var table = text.Length;
        text.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        places.ForEach(place => text.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n"));
        text.Append(CultureInfo.InvariantCulture, $"trailer << /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    // Eight beds along two walls, in shades of grey.
    private static byte[] Plan()
    {
        const int Width = 480;
        const int Height = 300;
        var rows = new byte[(Width + 1) * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var isWall = x is < 6 or >= Width - 6 || (y is < 6 or >= Height - 6 && x is < 210 or > 270);
                var isBed = x % 118 is > 40 and < 96 && y is (> 24 and < 110) or (> 190 and < 276);
                rows[(y * (Width + 1)) + 1 + x] = (byte)(isWall ? 40 : isBed ? y is < 48 or > 252 ? 150 : 205 : 246);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8;
        using var squeezed = new MemoryStream();
        using (var zlib = new ZLibStream(squeezed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, squeezed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        name.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Sum(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        var sum = uint.MaxValue;
        foreach (var octet in octets)
        {
            sum ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ (0xEDB88320 & (0u - (sum & 1)));
            }
        }

        return ~sum;
    }
}
