namespace MedCrm.Core.Imports.Files;

/// <summary>What the first bytes of a file say it is; its name is never believed.</summary>
internal static class FileSignature
{
    public const string Text = "text";
    public const string Json = "json";
    public const string Workbook = "workbook";

    /// <summary>Recognises the file, or refuses the kinds that look like a table without being one.</summary>
    public static string Of(Stream file, ImportLimits limits)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!file.CanSeek)
        {
            throw new ArgumentException("The file must be seekable: save the upload before reading it.", nameof(file));
        }

        if (file.Length == 0)
        {
            throw new ImportFileException("Le fichier est vide.");
        }

        if (file.Length > limits.MaxFileBytes)
        {
            throw new ImportFileException($"Le fichier dépasse {limits.MaxFileBytes / (1024 * 1024)} Mo.");
        }

        Span<byte> start = stackalloc byte[64];
        file.Position = 0;
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;

        if (start.StartsWith("PK\u0003\u0004"u8))
        {
            return Workbook;
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            throw new ImportFileException("Ce classeur est à l'ancien format .xls ou protégé par un mot de passe. Ouvrez-le et enregistrez-le au format .xlsx, sans mot de passe.");
        }

        if (start.StartsWith("%PDF"u8))
        {
            throw new ImportFileException("Ce fichier est un PDF. Importez un fichier CSV ou XLSX.");
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            start = start[3..];
        }

        start = start.TrimStart(" \t\r\n"u8);
        if (start.StartsWith("<"u8))
        {
            throw new ImportFileException("Ce fichier est une page web ou un XML, malgré son nom. Ouvrez-le dans un tableur et enregistrez-le au format .xlsx.");
        }

        return start.StartsWith("{"u8) ? Json : Text;
    }
}
