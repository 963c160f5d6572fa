using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MedCrm.Web.Billing;

/// <summary>The lines of a document while they are written: cells as they are finished, lines added, moved, pasted. Who holds the lines saves them.</summary>
public sealed partial class LinesGrid
{
    private static readonly string[] s_cells = [nameof(LineDetails.Description), nameof(LineDetails.Quantity), nameof(LineDetails.Unit), nameof(LineDetails.UnitPrice), nameof(LineDetails.DiscountPercent), nameof(LineDetails.Code), nameof(LineDetails.UnitCost)];

    private readonly List<LineDraft> _rows = [];
    private readonly Dictionary<Guid, CatalogHit> _hits = [];
    private IReadOnlyList<LineDetails> _given = [];
    private ElementReference _root;
    private Script? _script;
    private DotNetObjectReference<LinesGrid>? _self;
    private int _nextKey;

    [Inject] public required Catalog Catalog { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required IJSRuntime JS { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    /// <summary>The lines; other ones than those handed out last are shown in place of what is written.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<LineDetails> Lines { get; set; } = [];

    /// <summary>A cell was finished, a line added, moved or taken away: the lines in which something is written.</summary>
    [Parameter, EditorRequired] public EventCallback<IReadOnlyList<LineDetails>> LinesChanged { get; set; }

    /// <summary>The record, under whose name this browser keeps the cell being typed.</summary>
    [Parameter, EditorRequired] public Guid RecordId { get; set; }

    /// <summary>What the table is called for those who hear it.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>The VAT of a new line.</summary>
    [Parameter] public Vat NewVat { get; set; } = Vat.Normal;

    /// <summary>Whether costs and margins are shown.</summary>
    [Parameter] public bool SeesMargins { get; set; }

    /// <summary>Whether a line can be offered beside the rest, out of the totals.</summary>
    [Parameter] public bool OffersOptions { get; set; }

    /// <summary>Something typed means nothing: the lines are not saved as long as it stands.</summary>
    public bool IsUnread => _rows.Exists(row => row.IsUnread);

    /// <summary>The lines in which something is written, as a save takes them.</summary>
    public IReadOnlyList<LineDraft> Written() => _rows.FindAll(row => !row.IsBlank);

    /// <summary>Shows these lines, whatever was written. A line that stays keeps its place on the screen, and the cursor in it.</summary>
    public void Show(IReadOnlyList<LineDetails> lines)
    {
        Fill(lines);
        StateHasChanged();
    }

    /// <summary>A save gave these lines their ids, in their order. Returns the lines as they stand now.</summary>
    public IReadOnlyList<LineDetails> Stored(IReadOnlyList<LineDraft> saved, IReadOnlyList<Guid> ids)
    {
        foreach (var (row, id) in saved.Zip(ids))
        {
            row.Stored(id);
        }

        return HandOut();
    }

    /// <summary>Puts a refusal beside its cell, among the lines of the save that was refused. False when it is about no line.</summary>
    public bool Refuse(BusinessRuleException refusal, IReadOnlyList<LineDraft>? saved = null)
    {
        var rows = saved ?? Written();
        if (refusal.Field?.Split('-') is not [var field, var place] || !int.TryParse(place, out var index) || index >= rows.Count)
        {
            return false;
        }

        rows[index].Refuse(field, refusal.Sentence);
        StateHasChanged();
        return true;
    }

    /// <summary>What was refused before is tried again.</summary>
    public void Forgive() => _rows.ForEach(row => row.Forgive());

    /// <summary>Whoever holds the lines has every finished cell: this browser need not keep them any more.</summary>
    public Task SavedAsync() => AskScriptAsync("saved");

    /// <summary>Finishes the cell being typed, as leaving it does.</summary>
    public Task LeaveCellAsync() => AskScriptAsync("leaveCell");

    /// <summary>Puts the cursor where something is to be corrected.</summary>
    public Task FocusRefusedAsync() => AskScriptAsync("focusRefused");

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

        if (_rows.Count + lines.Count > LineDetails.Most)
        {
            Toasts.Refuse(T["Un document porte au plus {0} lignes.", LineDetails.Most]);
            return key;
        }

        if (_rows[at].IsBlank)
        {
            _rows.RemoveAt(at--);
        }

        foreach (var line in lines)
        {
            var row = Insert(++at, line.Line);
            foreach (var (field, typed) in line.Unread)
            {
                row.Take(field, typed);
            }
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

    /// <summary>A line takes what an item of the catalogue holds; its quantity and its place among the options stay.</summary>
    [JSInvokable]
    public async Task ChooseAsync(int key, Guid itemId)
    {
        if (_rows.Find(row => row.Key == key) is { } row && _hits.TryGetValue(itemId, out var hit))
        {
            row.Become(hit.ToLine() with { Quantity = row.Line.Quantity, IsOption = row.Line.IsOption });
            await ChangedAsync();
        }
    }

    /// <summary>Lines that were being typed when the connection was lost and that the server never heard of: what each is, and its cells by name.</summary>
    [JSInvokable]
    public async Task RestoreAsync(IReadOnlyList<Dictionary<string, string>> lines)
    {
        foreach (var cells in lines)
        {
            var kind = Enum.TryParse<LineKind>(cells.GetValueOrDefault(nameof(LineDetails.Kind)), out var told) && Enum.IsDefined(told) ? told : LineKind.Item;
            var row = Insert(_rows.Count, New(kind) with { IsOption = OffersOptions && cells.ContainsKey(nameof(LineDetails.IsOption)) });
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
        if (_rows.Count == 0 || !_given.SequenceEqual(Lines))
        {
            Fill(Lines);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _script = new Script(JS, "./Billing/LinesGrid.razor.js");
            await _script.InvokeAsync("watch", _root, _self, $"{(await CurrentUser.GetAsync()).Id}:{RecordId}");
        }
    }

    private void Fill(IReadOnlyList<LineDetails> lines)
    {
        _given = lines;
        var known = _rows.Where(row => row.Line.LineId is not null).ToDictionary(row => row.Line.LineId!.Value);
        _rows.Clear();
        foreach (var line in lines.Count == 0 ? [New(LineKind.Item)] : lines)
        {
            if (line.LineId is { } id && known.TryGetValue(id, out var row))
            {
                row.Become(line);
                _rows.Add(row);
            }
            else
            {
                Insert(_rows.Count, line);
            }
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

    private async Task AddAndFocusAsync(LineKind kind, bool isOption = false)
    {
        var row = Insert(_rows.Count, New(kind) with { IsOption = isOption });
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

    private Task ChangedAsync()
    {
        StateHasChanged();
        return LinesChanged.InvokeAsync(HandOut());
    }

    private IReadOnlyList<LineDetails> HandOut() => _given = [.. Written().Select(row => row.Line)];

    private Task AskScriptAsync(string function) => _script?.InvokeAsync(function, _root) ?? Task.CompletedTask;
}
