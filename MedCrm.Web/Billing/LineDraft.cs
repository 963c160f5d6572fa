using System.Globalization;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Billing;

/// <summary>A line while it is written: its values, what was typed that could not be read, and what was refused.</summary>
public sealed class LineDraft(int key, LineDetails line)
{
    /// <summary>What a select of VAT says when no reason was chosen yet.</summary>
    public const string NoReason = "?";

    private readonly Dictionary<string, string> _typed = [];
    private readonly Dictionary<string, Sentence> _errors = [];

    /// <summary>Tells it from the others on the screen, through reordering and saving.</summary>
    public int Key { get; } = key;

    /// <summary>Its values.</summary>
    public LineDetails Line { get; private set; } = line;

    /// <summary>Grows when something of it is to be drawn again.</summary>
    public int Stamp { get; private set; }

    /// <summary>Its further values are shown under it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Nothing was written in it: it is not saved.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Line.Description) && Line is { UnitPrice: 0, CatalogItemId: null } && _typed.Count == 0;

    /// <summary>Whether something typed in it could not be read.</summary>
    public bool IsUnread => _typed.Count > 0;

    /// <summary>What a cell shows.</summary>
    public string Shown(string field) => _typed.GetValueOrDefault(field) ?? field switch
    {
        nameof(LineDetails.Description) => Line.Description,
        nameof(LineDetails.Quantity) => Figure(Line.Quantity, "#,0.####"),
        nameof(LineDetails.Unit) => Line.Unit ?? "",
        nameof(LineDetails.UnitPrice) => Figure(Line.UnitPrice, "#,0.00####"),
        nameof(LineDetails.DiscountPercent) => Line.DiscountPercent == 0 ? "" : Figure(Line.DiscountPercent, "0.##"),
        nameof(LineDetails.UnitCost) => Line.UnitCost is { } cost ? Figure(cost, "#,0.00####") : "",
        nameof(LineDetails.Code) => Line.Code ?? "",
        nameof(LineDetails.Vat) => VatKey(Line.Vat),
        nameof(LineDetails.Nature) => Line.Nature.ToString(),
        nameof(LineDetails.Period) => Line.Period.ToString(),
        nameof(LineDetails.IsOption) => Line.IsOption ? bool.TrueString : "",
        _ => throw new InvalidOperationException($"No cell {field}"),
    };

    /// <summary>What is wrong with a cell.</summary>
    public Sentence? ErrorOf(string field) => _errors.GetValueOrDefault(field);

    /// <summary>A cell was left with this text.</summary>
    public void Take(string field, string? text)
    {
        _typed.Remove(field);
        _errors.Remove(field);
        Stamp++;
        switch (field)
        {
            case nameof(LineDetails.Description):
                Line = Line with { Description = text ?? "" };
                break;
            case nameof(LineDetails.Unit):
                Line = Line with { Unit = string.IsNullOrWhiteSpace(text) ? null : text.Trim() };
                break;
            case nameof(LineDetails.Code):
                Line = Line with { Code = string.IsNullOrWhiteSpace(text) ? null : text.Trim() };
                break;
            case nameof(LineDetails.Quantity):
                Read(field, text, 1, number => Line with { Quantity = number });
                break;
            case nameof(LineDetails.UnitPrice):
                Read(field, text, 0, number => Line with { UnitPrice = number });
                break;
            case nameof(LineDetails.DiscountPercent):
                Read(field, text, 0, number => Line with { DiscountPercent = number });
                break;
            case nameof(LineDetails.UnitCost) when string.IsNullOrWhiteSpace(text):
                Line = Line with { UnitCost = null };
                break;
            case nameof(LineDetails.UnitCost):
                Read(field, text, 0, number => Line with { UnitCost = number });
                break;
            case nameof(LineDetails.Vat):
                var vat = VatOf(text ?? "");
                Line = Line with { VatCategory = vat.Category, VatRate = vat.Rate, VatReason = vat.Reason };
                break;
            case nameof(LineDetails.Nature):
                Line = Line with { Nature = Enum.Parse<SupplyNature>(text!) };
                break;
            case nameof(LineDetails.Period):
                Line = Line with { Period = Enum.Parse<BillingPeriod>(text!) };
                break;
            case nameof(LineDetails.IsOption):
                Line = Line with { IsOption = text == bool.TrueString };
                break;
            default:
                throw new InvalidOperationException($"No cell {field}");
        }
    }

    /// <summary>It becomes another line, under its stored id.</summary>
    public void Become(LineDetails line)
    {
        Line = line with { LineId = Line.LineId };
        _typed.Clear();
        _errors.Clear();
        Stamp++;
    }

    /// <summary>It was stored under an id.</summary>
    public void Stored(Guid lineId)
    {
        if (Line.LineId != lineId)
        {
            Line = Line with { LineId = lineId };
            Stamp++;
        }
    }

    /// <summary>A cell was refused. The VAT stands in one cell, whatever of it is wrong.</summary>
    public void Refuse(string field, Sentence sentence)
    {
        _errors[field is nameof(LineDetails.VatRate) or nameof(LineDetails.VatReason) or nameof(LineDetails.VatCategory) ? nameof(LineDetails.Vat) : field] = sentence;
        IsOpen |= IsFurther(field);
        Stamp++;
    }

    /// <summary>What was refused before is tried again.</summary>
    public void Forgive()
    {
        foreach (var field in _errors.Keys.Where(field => !_typed.ContainsKey(field)).ToList())
        {
            _errors.Remove(field);
            Stamp++;
        }
    }

    /// <summary>Shows or hides its further values.</summary>
    public void Toggle()
    {
        IsOpen = !IsOpen || _errors.Keys.Any(IsFurther);
        Stamp++;
    }

    /// <summary>The VAT as the value of a choice.</summary>
    public static string VatKey(Vat vat)
        => vat.Category is VatCategory.Standard ? vat.Rate.ToString("0.##", CultureInfo.InvariantCulture) : $"{vat.Category}:{vat.Reason ?? NoReason}";

    // What is wrong there stays in sight.
    private static bool IsFurther(string field) => field is nameof(LineDetails.Code) or nameof(LineDetails.UnitCost);

    private static Vat VatOf(string key)
    {
        if (decimal.TryParse(key, CultureInfo.InvariantCulture, out var rate))
        {
            return new Vat(VatCategory.Standard, rate, null);
        }

        var parts = key.Split(':', 2);
        return new Vat(Enum.Parse<VatCategory>(parts[0]), 0, parts[1] == NoReason ? null : parts[1]);
    }

    private static string Figure(decimal number, string format) => number.ToString(format, FrenchText.Culture);

    private void Read(string field, string? text, decimal otherwise, Func<decimal, LineDetails> take)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Line = take(otherwise);
        }
        else if (PastedLines.TryReadNumber(text, out var number))
        {
            Line = take(number);
        }
        else
        {
            (_typed[field], _errors[field]) = (text, "Indiquez un nombre, par exemple 1 234,56.");
        }
    }
}
