using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Foundation;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Accounting;

/// <summary>The page from which accountants take their files: a period, what the check says of it, then the download.</summary>
public sealed partial class AccountingPage
{
    private readonly FormState _form = new();
    private readonly FormState _layoutForm = new();
    private readonly Period _period = new();
    private IReadOnlyList<SelectOption<LedgerJournals>> _journals = [];
    private IReadOnlyList<Preset> _presets = [];
    private List<ColumnForm>? _rows;
    private AccountingFormat _laidOut;
    private ExportPreview? _preview;
    private LedgerScope? _checked;
    private bool _isAnsi;
    private bool _mayConfigure;

    [Inject] private AccountingExports Exports { get; set; } = null!;

    [Inject] private ICurrentUser CurrentUser { get; set; } = null!;

    [Inject] private ScreenTime Time { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "from")] private DateOnly? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")] private DateOnly? To { get; set; }

    [SupplyParameterFromQuery(Name = "format")] private string? Format { get; set; }

    // What was checked, as long as the form still says the same.
    private LedgerScope? CheckedScope => _checked == ScopeOf(_period) ? _checked : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _mayConfigure = (await CurrentUser.GetAsync()).May(Right.Administer);
        _journals = [.. new[] { LedgerJournals.Both, LedgerJournals.Sales, LedgerJournals.Bank }.Select(choice => new SelectOption<LedgerJournals>(choice, T.Of(choice)))];
        var today = Time.Today;
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, (((today.Month - 1) / 3) * 3) + 1, 1);
        var year = await Exports.YearOfAsync(today);
        var last = await Exports.YearOfAsync(year.From.AddDays(-1));
        _presets =
        [
            new("last-month", T["Mois dernier"], month.AddMonths(-1), month.AddDays(-1)),
            new("month", T["Ce mois"], month, month.AddMonths(1).AddDays(-1)),
            new("last-quarter", T["Trimestre dernier"], quarter.AddMonths(-3), quarter.AddDays(-1)),
            new("year", T["Exercice en cours"], year.From, year.To),
            new("last-year", T["Exercice précédent"], last.From, last.To),
        ];
        (_period.From, _period.To) = From is { } from && To is { } to ? (from, to) : (_presets[0].From, _presets[0].To);
        _period.Format = Enum.TryParse<AccountingFormat>(Format, ignoreCase: true, out var format) ? format : AccountingFormat.Fec;
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync() => await ShowColumnsAsync();

    private static LedgerScope? ScopeOf(Period period) => period is { From: { } from, To: { } to } ? new LedgerScope(from, to, period.Journals) : null;

    private void Take(Preset preset) => (_period.From, _period.To) = (preset.From, preset.To);

    private async Task CheckAsync()
    {
        var scope = ScopeOf(_period) ?? throw new BusinessRuleException("Indiquez le début et la fin de la période.", _period.From is null ? nameof(Period.From) : nameof(Period.To));

        // A year of invoices takes seconds of the processor: this screen goes on answering.
        _preview = await Task.Run(() => Exports.CheckAsync(scope));
        _checked = scope;
        await ShowColumnsAsync();
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
            {
                ["from"] = scope.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["to"] = scope.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["format"] = _period.Format.ToString().ToLowerInvariant(),
            }),
            replace: true);
    }

    private async Task ShowColumnsAsync()
    {
        if (_period.Format is not (AccountingFormat.Sage or AccountingFormat.QuickBooks))
        {
            _rows = null;
        }
        else if (_rows is null || _laidOut != _period.Format)
        {
            _laidOut = _period.Format;
            Show(await Exports.LayoutAsync(_laidOut));
        }
    }

    private void Show(CsvLayout layout)
    {
        _rows = [.. layout.Columns.Select(column => new ColumnForm { Key = column.Key, Header = column.Header, IsWritten = column.IsWritten })];
        _isAnsi = layout.IsAnsi;
        _layoutForm.Clear();
    }

    private void Restore() => Show(CsvLayout.Default(_laidOut));

    private static void Write(ColumnForm row, bool isWritten) => row.IsWritten = isWritten;

    private void Move(int index, int by) => (_rows![index], _rows[index + by]) = (_rows[index + by], _rows[index]);

    private async Task ArrangeAsync()
    {
        var layout = new CsvLayout([.. _rows!.Select(row => new CsvColumn(row.Key, row.Header ?? "", row.IsWritten))], _isAnsi);
        Toasts.Show(await Exports.ArrangeAsync(_laidOut, layout));
    }

    private sealed record Preset(string Key, string Name, DateOnly From, DateOnly To);

    private sealed class Period
    {
        [Display(Name = "Du")] public DateOnly? From { get; set; }

        [Display(Name = "Au")] public DateOnly? To { get; set; }

        [Display(Name = "Journaux")] public LedgerJournals Journals { get; set; } = LedgerJournals.Both;

        [Display(Name = "Format")] public AccountingFormat Format { get; set; }
    }

    private sealed class ColumnForm
    {
        public string Key { get; init; } = "";

        public string? Header { get; set; }

        public bool IsWritten { get; set; }
    }
}
