using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Accounting;

/// <summary>The files that accounting programs take.</summary>
public enum AccountingFormat
{
    [Display(Name = "FEC")] Fec,
    [Display(Name = "CSV pour Sage")] Sage,
    [Display(Name = "CSV pour QuickBooks")] QuickBooks,
    [Display(Name = "Classeur Excel")] Xlsx,
}

/// <summary>A column of a file: which value it holds, under what header, and whether it is written.</summary>
public sealed record CsvColumn(string Key, string Header, bool IsWritten);

/// <summary>The columns of a CSV file in their order, and its characters.</summary>
/// <param name="Columns">Every column known, those left out included.</param>
/// <param name="IsAnsi">Windows-1252, which older programs ask for; UTF-8 with its mark otherwise.</param>
public sealed record CsvLayout(IReadOnlyList<CsvColumn> Columns, bool IsAnsi)
{
    private const int LongestHeader = 60;

    /// <summary>The usual columns of a file; none for a format without columns to choose.</summary>
    public static CsvLayout Default(AccountingFormat format) => format switch
    {
        AccountingFormat.Sage => new(
            [
                new("journal", "journal", true), new("day", "date", true), new("account", "compte", true), new("auxiliary", "compte auxiliaire", true), new("piece", "pièce", true),
                new("label", "libellé", true), new("debit", "débit", true), new("credit", "crédit", true), new("lettering", "lettrage", true),
                new("entry", "n° d'écriture", false), new("journal-label", "libellé du journal", false), new("account-label", "libellé du compte", false),
                new("auxiliary-label", "libellé auxiliaire", false), new("piece-day", "date de pièce", false),
            ],
            IsAnsi: true),
        AccountingFormat.QuickBooks => new(
            [
                new("number", "InvoiceNo", true), new("customer", "Customer", true), new("issued", "InvoiceDate", true), new("due", "DueDate", true), new("kind", "Type", true),
                new("item", "Item(Product/Service)", true), new("description", "ItemDescription", true), new("quantity", "ItemQuantity", true), new("rate", "ItemRate", true),
                new("amount", "ItemAmount", true), new("tax-code", "ItemTaxCode", true), new("tax", "ItemTaxAmount", true), new("currency", "Currency", true),
                new("order", "PurchaseOrder", false), new("customer-account", "CustomerAccount", false),
            ],
            IsAnsi: false),
        _ => new([], false),
    };

    /// <summary>What a column holds, in French.</summary>
    public static string MeaningOf(string key) => key switch
    {
        "journal" => "Code du journal",
        "journal-label" => "Nom du journal",
        "entry" => "Numéro d'écriture",
        "day" => "Date d'écriture",
        "account" => "Compte",
        "customer-account" => "Compte auxiliaire du client",
        "account-label" => "Nom du compte",
        "auxiliary" => "Compte auxiliaire du client",
        "auxiliary-label" => "Nom du client",
        "piece" => "Numéro de pièce",
        "piece-day" => "Date de pièce",
        "label" => "Libellé",
        "debit" => "Débit",
        "credit" => "Crédit",
        "lettering" => "Lettrage",
        "number" => "Numéro de facture",
        "customer" => "Client",
        "issued" => "Date d'émission",
        "due" => "Échéance",
        "kind" => "Nature (facture, acompte, avoir)",
        "item" => "Référence de l'article",
        "description" => "Désignation",
        "quantity" => "Quantité",
        "rate" => "Prix unitaire HT",
        "amount" => "Montant HT",
        "tax-code" => "Taux de TVA",
        "tax" => "Montant de TVA",
        "currency" => "Devise",
        "order" => "Bon de commande du client",
        _ => key,
    };

    /// <summary>Those written.</summary>
    public IReadOnlyList<CsvColumn> Written => [.. Columns.Where(column => column.IsWritten)];

    /// <summary>What was kept of a layout, made whole with the columns that came since.</summary>
    public static CsvLayout Read(AccountingFormat format, string? kept)
    {
        var usual = Default(format);
        if (kept is null || JsonSerializer.Deserialize<CsvLayout>(kept) is not { } layout)
        {
            return usual;
        }

        var known = layout.Columns.Where(column => usual.Columns.Any(other => other.Key == column.Key)).ToList();
        return layout with { Columns = [.. known, .. usual.Columns.Where(column => known.TrueForAll(other => other.Key != column.Key)).Select(column => column with { IsWritten = false })] };
    }

    /// <summary>The layout, once checked.</summary>
    /// <exception cref="BusinessRuleException">No column is written, two bear one header, a header is empty or too long, or a column is unknown.</exception>
    public CsvLayout Checked(AccountingFormat format)
    {
        var usual = Default(format);
        var columns = Columns.Select(column => column with { Header = column.Header.Trim() }).ToList();
        if (columns.Count != usual.Columns.Count || columns.Select(column => column.Key).Order().SequenceEqual(usual.Columns.Select(column => column.Key).Order()) is false)
        {
            throw new BusinessRuleException("Ces colonnes ne sont pas celles de ce fichier.");
        }

        var written = columns.Where(column => column.IsWritten).ToList();
        if (written.Count == 0)
        {
            throw new BusinessRuleException("Gardez au moins une colonne.");
        }

        if (written.Find(column => column.Header.Length is 0 or > LongestHeader) is { } wrong)
        {
            throw new BusinessRuleException($"Donnez à chaque colonne un titre de {LongestHeader} caractères au plus.", $"Header-{wrong.Key}");
        }

        if (written.GroupBy(column => SearchKey.Fold(column.Header)).FirstOrDefault(group => group.Count() > 1)?.Last() is { } twin)
        {
            throw new BusinessRuleException($"Deux colonnes portent le titre « {twin.Header} ».", $"Header-{twin.Key}");
        }

        return this with { Columns = columns };
    }

    /// <summary>The layout as text, to be kept.</summary>
    public string Write() => JsonSerializer.Serialize(this);
}
