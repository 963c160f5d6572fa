using System.Reflection;
using MedCrm.Core.Printing;

namespace MedCrm.Web.Printing;

/// <summary>The style sheet of printed documents: one for the paper, the preview and the page of the customer.</summary>
public static class PrintStyle
{
    /// <summary>What a printed page may load: nothing that is not inside it.</summary>
    public const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:";

    private static readonly Lazy<string> s_fonts = new(() => Face(400, "Inter-Regular.woff2") + Face(600, "Inter-SemiBold.woff2"));

    /// <summary>The fonts, inside the page: a server without them prints the same.</summary>
    public static string Fonts => s_fonts.Value;

    /// <summary>The sheet of paper: its size, and the foot of each page with the legal mentions, the number of the document and the place of the page.</summary>
    public static string Page(DocumentPrint print) => $$"""
        @page {
          size: A4;
          margin: 15mm 16mm 25mm;
          @bottom-left { content: {{string.Join(" \"\\a\" ", print.Seller.Mentions.Select(PrintText.Css).DefaultIfEmpty("\"\""))}}; white-space: pre-line; width: 78%; {{Foot}} text-align: left; }
          @bottom-right { content: {{PrintText.Css(print.Reference)}} "\a" "page " counter(page) " / " counter(pages); white-space: pre-line; width: 22%; {{Foot}} text-align: right; }
        }
        """;

    /// <summary>Everything on the sheet. The colour of the company is the only one; <see cref="Seller.Accent"/> was checked to be one.</summary>
    public static string Paper(DocumentPrint print) => $".paper {{ --accent: {print.Seller.Accent}; }}\n{Rules}";

    private const string Foot = "vertical-align: top; margin-top: 6mm; padding-top: 2.2mm; border-top: 0.4pt solid #d3d9df; font: 400 6.8pt/1.45 \"Inter MedCRM\", \"Liberation Sans\", Arial, sans-serif; color: #5a6673;";

    private const string Rules = """
        .paper { font: 400 9.4pt/1.48 "Inter MedCRM", Inter, "Liberation Sans", "Helvetica Neue", Arial, sans-serif; color: #16202b; -webkit-print-color-adjust: exact; print-color-adjust: exact; overflow-wrap: break-word; }
        .paper * { box-sizing: border-box; }
        .paper h1, .paper h2, .paper h3, .paper p, .paper dl, .paper dd, .paper address { margin: 0; font-style: normal; }
        .paper .muted { color: #5a6673; }
        .paper .small { font-size: 8.2pt; }
        .paper .keep { white-space: pre-line; }
        .paper .head { display: flex; justify-content: space-between; align-items: flex-start; gap: 10mm; min-height: 24mm; }
        .paper .brand { font-weight: 600; font-size: 14.5pt; line-height: 1.25; color: var(--accent); }
        .paper .logo { display: block; max-width: 58mm; max-height: 18mm; margin-bottom: 2mm; }
        .paper .what { text-align: right; flex: none; max-width: 85mm; }
        .paper .what h1 { font-weight: 600; font-size: 19pt; line-height: 1.15; letter-spacing: -0.01em; color: var(--accent); }
        .paper .what p { font-weight: 600; font-size: 11pt; margin-top: 0.8mm; }
        .paper .parties { display: grid; grid-template-columns: minmax(0, 1fr) 82mm; gap: 10mm; margin-top: 8mm; align-items: start; }
        .paper .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.9mm 5mm; }
        .paper .facts dt { color: #5a6673; }
        .paper .facts dd { font-weight: 600; }
        .paper .to { min-height: 30mm; }
        .paper .to strong, .paper .name { font-weight: 600; font-size: 10.4pt; }
        .paper .to .ids { margin-top: 1.2mm; font-size: 8.2pt; color: #5a6673; }
        .paper .to .for { margin-top: 2mm; font-size: 8.2pt; color: #5a6673; }
        .paper .subject { margin-top: 7mm; font-weight: 600; font-size: 11.4pt; line-height: 1.35; }
        .paper .intro { margin-top: 2mm; white-space: pre-line; }
        .paper table { width: 100%; border-collapse: collapse; margin-top: 5mm; }
        .paper thead { display: table-header-group; }
        .paper th { font-weight: 600; font-size: 8pt; color: #5a6673; text-align: left; padding: 0 0 1.6mm 2.5mm; border-bottom: 0.9pt solid var(--accent); vertical-align: bottom; white-space: nowrap; }
        .paper td { padding: 1.9mm 0 1.9mm 2.5mm; border-bottom: 0.4pt solid #e4e7eb; vertical-align: top; }
        .paper th:first-child, .paper td:first-child { padding-left: 0; }
        .paper .num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .paper .lines { table-layout: fixed; }
        .paper .lines th { white-space: normal; }
        .paper .c-quantity { width: 23mm; }
        .paper .c-price { width: 29mm; }
        .paper .c-discount { width: 18mm; }
        .paper .c-vat { width: 15mm; }
        .paper .c-total { width: 28mm; }
        .paper tr { break-inside: avoid; }
        .paper td.text { white-space: pre-line; }
        .paper td .small { display: block; white-space: normal; }
        .paper tr.section td { padding-top: 4mm; font-weight: 600; border-bottom-color: #c3cad2; break-after: avoid; }
        .paper tr.note td { color: #3f4b57; white-space: pre-line; }
        .paper .sum { display: grid; grid-template-columns: minmax(0, 1fr) 82mm; gap: 10mm; margin-top: 5mm; align-items: start; }
        .paper .sum > * { break-inside: avoid; }
        .paper .totals { display: grid; grid-template-columns: minmax(0, 1fr) max-content; gap: 1.1mm 5mm; break-inside: avoid; }
        .paper .totals dd { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .paper .totals .small { display: block; }
        .paper .totals .rule { grid-column: 1 / -1; border-top: 0.4pt solid #c3cad2; margin: 0.6mm 0; }
        .paper .totals .whole { font-weight: 600; font-size: 11.6pt; padding-top: 1.4mm; }
        .paper .totals .whole-rule { grid-column: 1 / -1; border-top: 1.2pt solid var(--accent); margin-top: 0.8mm; }
        .paper h3 { font-weight: 600; font-size: 9.4pt; margin-bottom: 1.2mm; break-after: avoid; }
        .paper .terms p + p { margin-top: 1mm; }
        .paper .terms p + h3 { margin-top: 4mm; }
        .paper .draft-word { color: #5a6673; letter-spacing: 0.08em; font-size: 9pt; }
        .paper .block { margin-top: 6mm; break-inside: avoid; }
        .paper .free { margin-top: 6mm; }
        .paper .free p { white-space: pre-line; orphans: 3; widows: 3; }
        .paper .mentions { margin-top: 6mm; font-size: 7.9pt; line-height: 1.5; color: #3f4b57; break-inside: avoid; }
        .paper .mentions p + p { margin-top: 0.6mm; }
        .paper .agree { display: grid; grid-template-columns: minmax(0, 1fr) 98mm; gap: 8mm; margin-top: 8mm; break-inside: avoid; }
        .paper .agree-box { border: 0.6pt solid #aab3bd; border-radius: 1.6mm; padding: 3mm 4mm; min-height: 42mm; display: grid; grid-template-columns: 1fr 1fr; gap: 1.5mm 5mm; align-content: start; }
        .paper .agree-box strong { grid-column: 1 / -1; font-weight: 600; }
        .paper .agree-box span { color: #5a6673; font-size: 8.2pt; border-bottom: 0.4pt dotted #aab3bd; padding-bottom: 4.6mm; }
        .paper .agree-box span.wide { grid-column: 1 / -1; border: 0; padding: 0; }
        .paper .option-box { display: inline-block; width: 2.9mm; height: 2.9mm; border: 0.6pt solid #7b8794; border-radius: 0.5mm; margin-right: 2mm; vertical-align: -0.3mm; }
        .paper .letter-date { margin-top: 8mm; text-align: right; }
        .paper .letter-body { margin-top: 5mm; }
        .paper .letter-body p { margin-top: 3mm; white-space: pre-line; text-align: left; orphans: 3; widows: 3; }
        .paper .delivery { font-weight: 600; }
        .paper .sign { margin: 10mm 0 0 auto; width: 82mm; white-space: pre-line; break-inside: avoid; min-height: 26mm; }
        .paper .hash { font-family: "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; font-size: 7.4pt; overflow-wrap: anywhere; }
        .paper .drawn { display: block; max-width: 80mm; max-height: 30mm; margin-top: 1mm; }
        .paper .evidence { margin-top: 4mm; grid-template-columns: 34mm minmax(0, 1fr); }
        .paper .evidence dd { font-weight: 400; }
        .paper .steps { font-size: 8.2pt; }
        .paper .steps strong { font-weight: 600; }
        .paper .steps .moment { white-space: nowrap; font-variant-numeric: tabular-nums; }
        .paper .steps .small { font-size: 7.4pt; overflow-wrap: anywhere; }
        .paper .draft { position: fixed; inset: 0; display: grid; place-items: center; pointer-events: none; z-index: 1; }
        .paper .draft span { font-weight: 600; font-size: 76pt; letter-spacing: 0.06em; color: #16202b; opacity: 0.07; transform: rotate(-34deg); }
        .paper .foot { display: none; }
        @media screen {
          .paper { position: relative; background: #fff; }
          .paper .draft { position: absolute; max-height: 297mm; }
          .paper .foot { display: block; margin-top: 12mm; padding-top: 3mm; border-top: 0.4pt solid #d3d9df; font-size: 7.4pt; color: #5a6673; }
        }
        @media screen and (max-width: 640px) {
          .paper { font-size: 10.5pt; }
          .paper .head, .paper .parties, .paper .sum, .paper .agree { display: block; }
          .paper .what { text-align: left; margin-top: 5mm; max-width: none; }
          .paper .parties > * + *, .paper .sum > * + *, .paper .agree > * + * { margin-top: 5mm; }
          .paper .to { min-height: 0; }
          .paper .lines thead { display: none; }
          .paper .lines, .paper .lines tbody, .paper .lines tr { display: block; }
          .paper .lines tr { padding: 2.4mm 0; border-bottom: 0.4pt solid #e4e7eb; }
          .paper .lines td { display: block; width: auto; padding: 0; border: 0; text-align: left; white-space: normal; }
          .paper .lines td.text { white-space: pre-line; }
          .paper .lines td.num[data-label] { display: flex; justify-content: space-between; gap: 4mm; }
          .paper .lines td.num[data-label]::before { content: attr(data-label); color: #5a6673; font-weight: 400; }
        }
        """;

    private static string Face(int weight, string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"MedCrm.Web.Printing.{file}") ?? throw new InvalidOperationException($"The font {file} is not in the program.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return $"@font-face {{ font-family: \"Inter MedCRM\"; font-weight: {weight}; src: url(data:font/woff2;base64,{Convert.ToBase64String(content)}) format(\"woff2\"); }}\n";
    }
}
