using System.Buffers.Binary;
using System.Text;

namespace MedCrm.Core.Documents;

/// <summary>Tells what an old Office file or a message of Outlook is by the streams at its root. The file is a small file system of its own; damaged or circular ones end with a refusal.</summary>
internal static class CompoundContent
{
    private const int EntryLength = 128;
    private const int MostEntries = 20_000;
    private const uint None = 0xFFFFFFFF;

    /// <summary>The kind that the root says.</summary>
    public static DocumentKind Recognize(Stream file)
    {
        var names = RootNames(file);
        return names switch
        {
            _ when names.Contains("__properties_version1.0") => DocumentKinds.Msg,
            _ when names.Contains("EncryptedPackage") => throw DocumentContent.Refusal("Ce document est protégé par un mot de passe. Retirez le mot de passe, ou envoyez-le en PDF."),
            _ when names.Contains("WordDocument") => names.Contains("Macros") ? throw Macros() : DocumentKinds.Doc,
            _ when names.Contains("Workbook") || names.Contains("Book") => names.Contains("_VBA_PROJECT_CUR") ? throw Macros() : DocumentKinds.Xls,
            _ when names.Contains("PowerPoint Document") => DocumentKinds.Ppt,
            _ => throw DocumentContent.Program(),
        };
    }

    private static Foundation.BusinessRuleException Macros() => DocumentContent.Refusal("Ce document contient des macros. Enregistrez-le sans macros, ou en PDF.");

    private static HashSet<string> RootNames(Stream file)
    {
        var header = new byte[512];
        file.Position = 0;
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30)) is not (9 or 12))
        {
            throw DocumentContent.Damaged();
        }

        var size = 1 << BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
        var table = new SectorTable(file, header, size);
        var entries = new List<byte[]>();
        var seen = new HashSet<uint>();
        for (var sector = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48)); sector < 0xFFFFFFFA && entries.Count < MostEntries; sector = table.Next(sector))
        {
            if (!seen.Add(sector))
            {
                throw DocumentContent.Damaged();
            }

            entries.AddRange(table.Read(sector).Chunk(EntryLength));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<uint>();
        waiting.Push(entries.Count == 0 ? throw DocumentContent.Damaged() : BinaryPrimitives.ReadUInt32LittleEndian(entries[0].AsSpan(76)));
        var visited = new HashSet<uint>();
        while (waiting.TryPop(out var at))
        {
            if (at == None || at >= entries.Count || !visited.Add(at))
            {
                continue;
            }

            var entry = entries[(int)at];
            var length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(64)) - 2, 0, 62);
            names.Add(Encoding.Unicode.GetString(entry, 0, length));
            waiting.Push(BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(68)));
            waiting.Push(BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(72)));
        }

        return names;
    }

    // Which sector follows which: the header names the first 109 sectors of the table, a chain of sectors the others.
    private sealed class SectorTable(Stream file, byte[] header, int size)
    {
        private readonly List<uint> _places = Places(file, header, size);

        public byte[] Read(uint sector) => Read(file, sector, size);

        public uint Next(uint sector)
        {
            var each = (uint)size / 4;
            var place = (int)(sector / each);
            return place < _places.Count
                ? BinaryPrimitives.ReadUInt32LittleEndian(Read(_places[place]).AsSpan((int)(sector % each) * 4))
                : throw DocumentContent.Damaged();
        }

        private static byte[] Read(Stream file, uint sector, int size)
        {
            var octets = new byte[size];
            var at = (sector + 1L) * size;
            if (at >= file.Length)
            {
                throw DocumentContent.Damaged();
            }

            // The last sector may be cut short.
            file.Position = at;
            file.ReadAtLeast(octets, size, throwOnEndOfStream: false);
            return octets;
        }

        private static List<uint> Places(Stream file, byte[] header, int size)
        {
            var places = new List<uint>();
            for (var index = 0; index < 109; index++)
            {
                places.Add(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(76 + (index * 4))));
            }

            var most = (file.Length / size) + 1;
            for (var sector = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68)); sector < 0xFFFFFFFA && places.Count <= most; )
            {
                var octets = Read(file, sector, size);
                for (var index = 0; index < (size / 4) - 1; index++)
                {
                    places.Add(BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(index * 4)));
                }

                sector = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(size - 4));
            }

            return places;
        }
    }
}
