using System.Text;

namespace MedCrm.Core.Imports.Files;

/// <summary>Finds how a text file is encoded: its byte order mark, else strict UTF-8, else Windows-1252.</summary>
internal static class TextEncodings
{
    // ISO-8859-15 is never tried: the real French files that look like it hold the Windows dash and apostrophe (0x96, 0x92).
    private static readonly Encoding s_windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Reads the whole file once; refuses null bytes outside UTF-16.</summary>
    public static Encoding Detect(Stream file)
    {
        Span<byte> mark = stackalloc byte[3];
        file.Position = 0;
        mark = mark[..file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false)];
        if (mark.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return Encoding.Unicode;
        }

        if (mark.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return Encoding.BigEndianUnicode;
        }

        var isUtf8 = IsStrictUtf8(file);
        if (!isUtf8 && mark.SequenceEqual((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            throw new ImportFileException("Le fichier s'annonce en UTF-8 mais contient des caractères d'un autre codage. Enregistrez-le de nouveau au format « CSV UTF-8 ».");
        }

        return isUtf8 ? Encoding.UTF8 : s_windows1252;
    }

    /// <summary>The name shown to people.</summary>
    public static string NameOf(Encoding encoding) => encoding.CodePage switch
    {
        65001 => "UTF-8",
        1252 => "Windows-1252",
        _ => "UTF-16",
    };

    private static bool IsStrictUtf8(Stream file)
    {
        var decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        var bytes = new byte[64 * 1024];
        var characters = new char[bytes.Length + 1];
        var isUtf8 = true;
        file.Position = 0;
        for (int read; (read = file.Read(bytes)) > 0;)
        {
            if (bytes.AsSpan(0, read).Contains((byte)0))
            {
                throw new ImportFileException("Le fichier contient des octets nuls : il est endommagé ou n'est pas un fichier texte.");
            }

            isUtf8 = isUtf8 && TryDecode(decoder, bytes.AsSpan(0, read), characters, flush: false);
        }

        return isUtf8 && TryDecode(decoder, [], characters, flush: true);
    }

    private static bool TryDecode(Decoder decoder, ReadOnlySpan<byte> bytes, char[] characters, bool flush)
    {
        try
        {
            decoder.GetChars(bytes, characters, flush);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
