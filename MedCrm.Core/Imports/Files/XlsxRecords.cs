using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Imports.Files;

/// <summary>The rows of the first visible sheet of an XLSX workbook (ECMA-376), read forward only; formulas give their last computed value.</summary>
internal sealed partial class XlsxRecords : IRecordSource
{
    // The cost counted for each shared text beside its characters, so that millions of empty ones are refused too.
    private const int SharedTextOverhead = 16;

    private readonly Stream _file;
    private readonly ImportLimits _limits;
    private readonly string _sheetName;
    private readonly string _sheetPart;
    private readonly List<string> _sharedTexts = [];
    private readonly XlsxNumberFormats _formats = new();
    private readonly char[] _chunk = new char[4096];
    private readonly StringBuilder _text = new();

    private XlsxRecords(Stream file, ImportLimits limits)
    {
        _file = file;
        _limits = limits;
        using var archive = NewArchive();
        var budget = new ExpansionBudget(limits);
        if (archive.GetEntry("xl/workbook.xml") is not { } workbook)
        {
            throw new ImportFileException(archive.GetEntry("mimetype") is not null
                ? "Ce classeur est au format LibreOffice. Enregistrez-le au format .xlsx."
                : "Ce fichier est une archive ZIP, pas un classeur XLSX.");
        }

        var targets = Targets(archive, budget);
        (_sheetName, var relation) = FirstVisibleSheet(workbook, budget);
        _sheetPart = targets.FirstOrDefault(target => target.Id == relation).Part ?? "xl/worksheets/sheet1.xml";
        LoadPart(archive, budget, targets.FirstOrDefault(target => target.Type.EndsWith("/styles", StringComparison.Ordinal)).Part, _formats.Load);
        LoadPart(archive, budget, targets.FirstOrDefault(target => target.Type.EndsWith("/sharedStrings", StringComparison.Ordinal)).Part, LoadSharedTexts);
        if (archive.GetEntry(_sheetPart) is null)
        {
            throw Damaged();
        }
    }

    /// <inheritdoc/>
    public string Reading => $"classeur XLSX, feuille « {_sheetName} »";

    /// <summary>Reads the structure of the workbook, its styles and its shared texts.</summary>
    public static XlsxRecords Open(Stream file, ImportLimits limits)
    {
        try
        {
            return new XlsxRecords(file, limits);
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ImportRow> Read()
    {
        using var archive = NewArchive();
        using var part = new ExpansionBudget(_limits).Open(archive.GetEntry(_sheetPart)!);
        using var reader = NewXmlReader(part);
        var lineNumber = 0;
        while (MoveToRow(reader))
        {
            lineNumber = int.TryParse(reader.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var stated) ? stated : lineNumber + 1;
            yield return new ImportRow(lineNumber, ReadCells(reader, lineNumber));
        }
    }

    private ZipArchive NewArchive()
    {
        _file.Position = 0;
        return new ZipArchive(_file, ZipArchiveMode.Read, leaveOpen: true);
    }

    private static XmlReader NewXmlReader(Stream part) => XmlReader.Create(part, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    });

    private static List<(string Id, string Type, string Part)> Targets(ZipArchive archive, ExpansionBudget budget)
    {
        var targets = new List<(string, string, string)>();
        LoadPart(archive, budget, "xl/_rels/workbook.xml.rels", reader =>
        {
            while (reader.Read())
            {
                if (reader.NodeType is XmlNodeType.Element && reader.LocalName is "Relationship")
                {
                    var target = reader.GetAttribute("Target") ?? "";
                    targets.Add((
                        reader.GetAttribute("Id") ?? "",
                        reader.GetAttribute("Type") ?? "",
                        target.StartsWith('/') ? target[1..] : "xl/" + target));
                }
            }
        });
        return targets;
    }

    private (string Name, string Relation) FirstVisibleSheet(ZipArchiveEntry workbook, ExpansionBudget budget)
    {
        using var part = budget.Open(workbook);
        using var reader = NewXmlReader(part);
        var found = (Name: "", Relation: "");
        while (reader.Read())
        {
            if (reader.NodeType is not XmlNodeType.Element)
            {
                continue;
            }

            if (reader.LocalName is "workbookPr")
            {
                _formats.StartsIn1904 = reader.GetAttribute("date1904") is "1" or "true";
            }
            else if (reader.LocalName is "sheet" && found.Relation.Length == 0 && reader.GetAttribute("state") is null or "visible")
            {
                found = (reader.GetAttribute("name") ?? "", RelationOf(reader));
            }
        }

        return found.Relation.Length > 0 ? found : throw new ImportFileException("Le classeur n'a aucune feuille visible.");
    }

    // The relation attribute lives in one of two namespaces (transitional or strict), under any prefix.
    private static string RelationOf(XmlReader reader)
    {
        var relation = "";
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.LocalName is "id" && reader.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal))
            {
                relation = reader.Value;
            }
        }

        reader.MoveToElement();
        return relation;
    }

    private static void LoadPart(ZipArchive archive, ExpansionBudget budget, string? name, Action<XmlReader> load)
    {
        if (name is null || archive.GetEntry(name) is not { } entry)
        {
            return;
        }

        using var part = budget.Open(entry);
        using var reader = NewXmlReader(part);
        load(reader);
    }

    private void LoadSharedTexts(XmlReader reader)
    {
        var characters = 0L;
        while (reader.Read())
        {
            if (reader.NodeType is not XmlNodeType.Element || reader.LocalName is not "si")
            {
                continue;
            }

            var text = RichText(reader, lineNumber: null);
            characters += text.Length + SharedTextOverhead;
            if (characters > _limits.MaxSharedTextCharacters)
            {
                throw new ImportFileException("Le classeur contient trop de texte pour être lu en une fois. Enregistrez-le en CSV ou découpez-le.");
            }

            _sharedTexts.Add(text);
        }
    }

    private static bool MoveToRow(XmlReader reader)
    {
        try
        {
            while (reader.NodeType is not XmlNodeType.Element || reader.LocalName is not "row")
            {
                if (!reader.Read())
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw Damaged();
        }
    }

    private string[] ReadCells(XmlReader reader, int lineNumber)
    {
        try
        {
            var cells = new List<string>();
            if (!reader.IsEmptyElement)
            {
                while (reader.Read() && !(reader.NodeType is XmlNodeType.EndElement && reader.LocalName is "row"))
                {
                    if (reader.NodeType is XmlNodeType.Element && reader.LocalName is "c")
                    {
                        ReadCell(reader, lineNumber, cells);
                    }
                }
            }

            reader.Read();
            return [.. cells];
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw Damaged();
        }
    }

    private void ReadCell(XmlReader reader, int lineNumber, List<string> cells)
    {
        var column = ColumnOf(reader.GetAttribute("r")) ?? cells.Count;
        var type = reader.GetAttribute("t");
        var style = int.TryParse(reader.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        var text = "";
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && !(reader.NodeType is XmlNodeType.EndElement && reader.LocalName is "c"))
            {
                if (reader.NodeType is XmlNodeType.Element)
                {
                    text = reader.LocalName switch
                    {
                        "v" => ValueText(ElementText(reader, lineNumber), type, style),
                        "is" => RichText(reader, lineNumber),
                        _ => text,
                    };
                }
            }
        }

        if (text.Length == 0)
        {
            return;
        }

        if (column >= _limits.MaxColumns)
        {
            throw new ImportFileException($"Ligne {lineNumber} : le fichier dépasse {_limits.MaxColumns} colonnes.");
        }

        while (cells.Count <= column)
        {
            cells.Add("");
        }

        cells[column] = text;
    }

    private string ValueText(string stored, string? type, int style) => type switch
    {
        "s" => int.TryParse(stored, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _sharedTexts.Count ? _sharedTexts[index] : throw Damaged(),
        "b" => stored is "1" ? "Oui" : "Non",
        "str" => Unescaped(stored),
        "d" => stored,
        // An error such as #N/A is no value: who reads the cell tells so.
        "e" => stored,
        _ => _formats.TextOf(stored, style),
    };

    // A text made of several runs is the sum of its "t" elements; phonetic guides ("rPh") are not part of it.
    private string RichText(XmlReader reader, int? lineNumber)
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        var text = "";
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType is not XmlNodeType.Element)
            {
                continue;
            }

            if (reader.LocalName is "rPh" && !reader.IsEmptyElement)
            {
                SkipToEnd(reader);
            }
            else if (reader.LocalName is "t")
            {
                text += ElementText(reader, lineNumber);
                RefuseLongText(text.Length, lineNumber);
            }
        }

        return Unescaped(text);
    }

    private static void SkipToEnd(XmlReader reader)
    {
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
        }
    }

    // Read by chunks so that a monstrous cell is refused before it is held in memory. Leaves the reader on the end of the element.
    private string ElementText(XmlReader reader, int? lineNumber)
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        _text.Clear();
        while (reader.Read() && reader.NodeType is not XmlNodeType.EndElement)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                for (int read; (read = reader.ReadValueChunk(_chunk, 0, _chunk.Length)) > 0;)
                {
                    _text.Append(_chunk, 0, read);
                    RefuseLongText(_text.Length, lineNumber);
                }
            }
        }

        return _text.ToString();
    }

    private void RefuseLongText(int length, int? lineNumber)
    {
        if (length > _limits.MaxCellCharacters)
        {
            Sentence place = lineNumber is null ? "Le classeur est refusé" : (Sentence)$"Ligne {lineNumber}";
            throw new ImportFileException($"{place} : une cellule dépasse {_limits.MaxCellCharacters:N0} caractères.");
        }
    }

    private static int? ColumnOf(string? reference)
    {
        if (string.IsNullOrEmpty(reference))
        {
            return null;
        }

        var column = 0;
        foreach (var character in reference)
        {
            if (character is < 'A' or > 'Z' || column > 16_384)
            {
                break;
            }

            column = (column * 26) + character - 'A' + 1;
        }

        return column == 0 ? null : column - 1;
    }

    private static string Unescaped(string text) => text.Contains("_x", StringComparison.Ordinal)
        ? EscapedCharacter().Replace(text, match => ((char)int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
        : text;

    private static ImportFileException Damaged() => new("Le classeur est endommagé : il ne peut pas être lu. Ouvrez-le dans un tableur et enregistrez-le de nouveau au format .xlsx.");

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
    private static partial Regex EscapedCharacter();
}
