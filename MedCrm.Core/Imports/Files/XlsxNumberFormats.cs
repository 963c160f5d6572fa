using System.Buffers;
using System.Globalization;
using System.Xml;

namespace MedCrm.Core.Imports.Files;

/// <summary>Turns the number a workbook stores into the text its reader saw, where the difference matters: dates and leading zeros.</summary>
internal sealed class XlsxNumberFormats
{
    private const double LastWholeDouble = 999_999_999_999_999;
    private const int DaysBetweenCalendars = 1462;

    private static readonly SearchValues<char> s_elapsedTime = SearchValues.Create("hHmMsS");

    private readonly List<Rendering> _styles = [];

    private enum RenderingKind
    {
        Number,
        Date,
        Zeros,
    }

    /// <summary>Whether dates count from 1904, as old workbooks made on a Mac do.</summary>
    public bool StartsIn1904 { get; set; }

    /// <summary>Reads the styles part.</summary>
    public void Load(XmlReader reader)
    {
        var customFormats = new Dictionary<int, string>();
        var isInCellFormats = false;
        while (reader.Read())
        {
            if (reader.NodeType is XmlNodeType.EndElement && reader.LocalName is "cellXfs")
            {
                isInCellFormats = false;
            }
            else if (reader.NodeType is XmlNodeType.Element)
            {
                switch (reader.LocalName)
                {
                    case "numFmt" when NumberAttribute(reader, "numFmtId") is { } id:
                        customFormats[id] = reader.GetAttribute("formatCode") ?? "";
                        break;
                    case "cellXfs":
                        isInCellFormats = !reader.IsEmptyElement;
                        break;
                    case "xf" when isInCellFormats:
                        _styles.Add(RenderingOf(NumberAttribute(reader, "numFmtId") ?? 0, customFormats));
                        break;
                    default:
                        break;
                }
            }
        }
    }

    /// <summary>The text of a stored number: digits in full for whole numbers, ISO 8601 for dates, a point before decimals.</summary>
    public string TextOf(string stored, int style)
    {
        if (!double.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return stored;
        }

        var rendering = (uint)style < (uint)_styles.Count ? _styles[style] : default;
        return rendering.Kind switch
        {
            RenderingKind.Date when DateText(number) is { } date => date,
            RenderingKind.Zeros when number >= 0 && IsWhole(number) => WholeText(number).PadLeft(rendering.Digits, '0'),
            _ => IsWhole(number) ? WholeText(number) : number.ToString("G15", CultureInfo.InvariantCulture),
        };
    }

    private static int? NumberAttribute(XmlReader reader, string name) =>
        int.TryParse(reader.GetAttribute(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Rendering RenderingOf(int formatId, Dictionary<int, string> customFormats)
    {
        if (formatId is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58))
        {
            return new Rendering(RenderingKind.Date, 0);
        }

        var code = customFormats.GetValueOrDefault(formatId, "");
        return code.Length > 1 && code.All(character => character == '0')
            ? new Rendering(RenderingKind.Zeros, code.Length)
            : new Rendering(IsDateCode(code) ? RenderingKind.Date : RenderingKind.Number, 0);
    }

    // A date format is one that keeps a day, month, year, hour or second letter once quoted text, escapes and [colour] or [locale] blocks are set aside.
    private static bool IsDateCode(string code)
    {
        for (var index = 0; index < code.Length; index++)
        {
            switch (code[index])
            {
                case '"':
                    index = EndOf(code, '"', index);
                    break;
                case '[':
                    var end = EndOf(code, ']', index);
                    if (code.AsSpan(index + 1, end - index - 1).IndexOfAnyExcept(s_elapsedTime) < 0)
                    {
                        return true;
                    }

                    index = end;
                    break;
                case '\\' or '_' or '*':
                    index++;
                    break;
                case 'd' or 'D' or 'm' or 'M' or 'y' or 'Y' or 'h' or 'H' or 's' or 'S' or 'j' or 'J':
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static int EndOf(string code, char mark, int start) =>
        code.IndexOf(mark, start + 1) is var end and >= 0 ? end : code.Length;

    private static bool IsWhole(double number) => Math.Abs(number) <= LastWholeDouble && Math.Floor(number) == number;

    private static string WholeText(double number) => ((long)number).ToString(CultureInfo.InvariantCulture);

    private string? DateText(double serial)
    {
        if (StartsIn1904)
        {
            serial += DaysBetweenCalendars;
        }
        else if (serial is >= 1 and < 60)
        {
            // Excel believes in a 29 February 1900, so its serials before it are one day behind.
            serial++;
        }

        if (serial is < 0 or >= 2_958_466)
        {
            return null;
        }

        var moment = DateTime.FromOADate(serial);
        var format = serial < 1 ? "HH:mm:ss" : moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss";
        return moment.ToString(format, CultureInfo.InvariantCulture);
    }

    private readonly record struct Rendering(RenderingKind Kind, int Digits);
}
