using System.Text;
using CsvHelper;

namespace MedCrm.Core.Imports.Files;

/// <summary>The records of a delimited text file.</summary>
internal sealed class CsvRecords : IRecordSource
{
    private const int SampleCharacters = 128 * 1024;
    private const int BufferBytes = 64 * 1024;
    private const int BytesPerRecordAndCellCharacter = 64;

    private readonly Stream _file;
    private readonly Encoding _encoding;
    private readonly ImportLimits _limits;
    private readonly char _delimiter;
    private readonly bool _hasSeparatorLine;

    private CsvRecords(Stream file, Encoding encoding, ImportLimits limits)
    {
        _file = file;
        _encoding = encoding;
        _limits = limits;

        using var reader = NewReader();
        var sample = new char[SampleCharacters];
        var start = new string(sample, 0, reader.ReadBlock(sample));
        _hasSeparatorLine = start.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && start.Length > 4 && Delimiters.IsCandidate(start[4]);
        _delimiter = _hasSeparatorLine ? start[4] : Delimiters.Sniff(start);
    }

    /// <inheritdoc/>
    public string Reading => $"{TextEncodings.NameOf(_encoding)}, séparateur {_delimiter switch { '\t' => "tabulation", ',' => "virgule", '|' => "barre verticale", _ => "point-virgule" }}";

    /// <summary>Finds the encoding and the separator.</summary>
    public static CsvRecords Open(Stream file, ImportLimits limits) => new(file, TextEncodings.Detect(file), limits);

    /// <inheritdoc/>
    public IEnumerable<ImportRow> Read()
    {
        using var text = NewReader();
        var skippedLines = 0;
        if (_hasSeparatorLine)
        {
            text.ReadLine();
            skippedLines = 1;
        }

        var hasBrokenQuotes = false;
        using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = _delimiter,
            HasHeader = false,
            DetectSeparatorHint = false,
            TrackLineNumbers = true,
            MaxRecordSize = _limits.MaxCellCharacters * BytesPerRecordAndCellCharacter,
            // A quote inside an unquoted cell is plain text; the two other accidents move the limits of cells.
            OnMalformedRecord = record => hasBrokenQuotes = record.Reason is not CsvMalformedReason.StrayQuote,
        }, leaveOpen: true);

        while (TryRead(csv, skippedLines))
        {
            var cells = new string[csv.FieldCount];
            for (var column = 0; column < cells.Length; column++)
            {
                cells[column] = csv.GetString(column);
            }

            yield return new ImportRow((int)csv.LineNumber + skippedLines, cells, hasBrokenQuotes);
            hasBrokenQuotes = false;
        }
    }

    private StreamReader NewReader()
    {
        _file.Position = 0;
        return new StreamReader(_file, _encoding, detectEncodingFromByteOrderMarks: true, BufferBytes, leaveOpen: true);
    }

    private bool TryRead(CsvReader csv, int skippedLines)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException exception)
        {
            throw new ImportFileException($"Ligne {exception.LineNumber + skippedLines} : une cellule dépasse {_limits.MaxCellCharacters:N0} caractères, ou un guillemet n'est jamais refermé.");
        }
    }
}
