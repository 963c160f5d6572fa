using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using MedCrm.Web.Quoting;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MedCrm.Web.Invoicing;

/// <summary>The lines of a draft while they are written; the form around them saves.</summary>
public sealed partial class InvoiceLinesEditor
{
    private const int MostLines = 500;
    private static readonly string[] s_cells = [nameof(LineDetails.Description), nameof(LineDetails.Quantity), nameof(LineDetails.Unit), nameof(LineDetails.UnitPrice), nameof(LineDetails.DiscountPercent), nameof(LineDetails.Vat), nameof(LineDetails.Code)];

    private readonly List<LineDraft> _rows = [];
    private readonly Dictionary<Guid, CatalogHit> _hits = [];
    private IReadOnlyList<LineDetails> _given = [];
    private ElementReference _root;
    private Script? _script;
    private DotNetObjectReference<InvoiceLinesEditor>? _self;
    private int _nextKey;

    [Inject] public required Catalog Catalog { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required IJSRuntime JS { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    /// <summary>The lines; other ones than those handed out last are shown in place of what is written.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<LineDetails> Lines { get; set; } = [];

    [Parameter] public EventCallback<IReadOnlyList<LineDetails>> LinesChanged { get; set; }

    /// <summary>The record, under whose name this browser keeps the cell being typed.</summary>
    [Parameter, EditorRequired] public Guid RecordId { get; set; }

    /// <summary>The VAT of a new line.</summary>
    [Parameter] public Vat NewVat { get; set; } = Vat.Normal;

    /// <summary>Something typed means nothing: the form is not saved as long as it stands.</summary>
    public bool IsUnread => Written().Exists(row => row.IsUnread);

    /// <summary>Puts a refusal beside its cell. False when it is about no line.</summary>
    public bool Refuse(BusinessRuleException refusal)
    {
        var rows = Written();
        if (refusal.Field?.Split('-') is not [var field, var place] || !int.TryParse(place, out var index) || index >= rows.Count)
        {
            return false;
        }

        rows[index].Refuse(field, refusal.Sentence);
        StateHasChanged();
        return true;
    }

    /// <summary>What was refused before is tried again.</summary>
    public void Forgive() => Written().ForEach(row => row.Forgive());

    /// <summary>Adds a line at the end, as the browser asks on Enter or Tab; returns its key.</summary>
    [JSInvokable]
    public int AddLine()
    {
        var row = Insert(_rows.Count, New(LineKind.Item));
        StateHasChanged();
        return row.Key;
    }

    /// <summary>A line goes up or down by one place.</summary>
    [JSInvokable]
    public Task MoveLineAsync(int key, int by)
    {
        var from = _rows.FindIndex(row => row.Key == key);
        return MoveAsync(from, Math.Clamp(from + by, 0, _rows.Count - 1));
    }

    /// <summary>A line was dropped before another, or at the end.</summary>
    [JSInvokable]
    public Task DropLineAsync(int key, int? beforeKey)
    {
        var from = _rows.FindIndex(row => row.Key == key);
        var before = beforeKey is { } other ? _rows.FindIndex(row => row.Key == other) : _rows.Count;
        return before < 0 ? Task.CompletedTask : MoveAsync(from, before > from ? before - 1 : before);
    }

    /// <summary>A line is taken away.</summary>
    [JSInvokable]
    public Task RemoveLineAsync(int key) => _rows.Find(row => row.Key == key) is { } row ? RemoveRowAsync(row) : Task.CompletedTask;

    /// <summary>Rows of a spreadsheet were pasted on a line: they come in its place when it is blank, after it otherwise. Returns the key of the last.</summary>
    [JSInvokable]
    public async Task<int> PasteAsync(int key, string text)
    {
        var at = _rows.FindIndex(row => row.Key == key);
        var lines = PastedLines.Read(text, NewVat);
        if (at < 0 || lines.Count == 0)
        {
            return key;
        }

        if (_rows.Count + lines.Count > MostLines)
        {
            Toasts.Refuse(T["Une facture porte au plus {0} lignes.", MostLines]);
            return key;
        }

        if (_rows[at].IsBlank)
        {
            _rows.RemoveAt(at--);
        }

        foreach (var line in lines)
        {
            Insert(++at, line);
        }

        var last = _rows[at].Key;
        await ChangedAsync();
        return last;
    }

    /// <summary>The items of the catalogue that a description being typed calls.</summary>
    [JSInvokable]
    public async Task<IReadOnlyList<LookupItem>> SuggestAsync(string text)
    {
        var hits = await Catalog.SearchAsync(text.Trim());
        foreach (var hit in hits)
        {
            _hits[hit.Id] = hit;
        }

        return [.. hits.Select(hit => new LookupItem(hit.Id, hit.Name, string.Join(" · ", new[] { hit.Code, FrenchText.FormatAmount(hit.UnitPrice) }.Where(part => part is not null))))];
    }

    /// <summary>A line takes what an item of the catalogue holds; its quantity stays.</summary>
    [JSInvokable]
    public async Task ChooseAsync(int key, Guid itemId)
    {
        if (_rows.Find(row => row.Key == key) is { } row && _hits.TryGetValue(itemId, out var hit))
        {
            row.Become(hit.ToLine() with { Quantity = row.Line.Quantity });
            await ChangedAsync();
        }
    }

    /// <summary>Lines that were being typed when the connection was lost and that the server never heard of: their cells by name.</summary>
    [JSInvokable]
    public async Task RestoreAsync(IReadOnlyList<Dictionary<string, string>> lines)
    {
        foreach (var cells in lines)
        {
            var row = Insert(_rows.Count, New(LineKind.Item));
            foreach (var (field, text) in cells.Where(cell => s_cells.Contains(cell.Key)))
            {
                row.Take(field, text);
            }
        }

        await ChangedAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.LetGoAsync("leave", _root);
        }

        _self?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_rows.Count > 0 && _given.SequenceEqual(Lines))
        {
            return;
        }

        _given = Lines;
        _rows.Clear();
        foreach (var line in Lines.Count == 0 ? [New(LineKind.Item)] : Lines)
        {
            Insert(_rows.Count, line);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _script = new Script(JS, "./Quoting/QuoteEditor.razor.js");
            await _script.InvokeAsync("watch", _root, _self, $"{(await CurrentUser.GetAsync()).Id}:{RecordId}");
        }
    }

    private LineDetails New(LineKind kind) => new() { Kind = kind, VatCategory = NewVat.Category, VatRate = NewVat.Rate, VatReason = NewVat.Reason };

    private LineDraft Insert(int at, LineDetails line)
    {
        var row = new LineDraft(_nextKey++, line);
        _rows.Insert(at, row);
        return row;
    }

    private Task MoveAsync(int from, int to)
    {
        if (from < 0 || to == from)
        {
            return Task.CompletedTask;
        }

        var row = _rows[from];
        _rows.RemoveAt(from);
        _rows.Insert(to, row);
        return ChangedAsync();
    }

    private async Task AddAndFocusAsync(LineKind kind)
    {
        var row = Insert(_rows.Count, New(kind));
        StateHasChanged();
        await _script!.InvokeAsync("focusLine", _root, row.Key);
    }

    private Task RemoveRowAsync(LineDraft row)
    {
        _rows.Remove(row);
        if (_rows.Count == 0)
        {
            Insert(0, New(LineKind.Item));
        }

        return ChangedAsync();
    }

    private List<LineDraft> Written() => _rows.FindAll(row => !row.IsBlank);

    // The form holds every finished cell from here on, and its draft keeps it.
    private async Task ChangedAsync()
    {
        _given = [.. Written().Select(row => row.Line)];
        StateHasChanged();
        await LinesChanged.InvokeAsync(_given);
        if (_script is not null)
        {
            await _script.InvokeAsync("saved", _root);
        }
    }
}
