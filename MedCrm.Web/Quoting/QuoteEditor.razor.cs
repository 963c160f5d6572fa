using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MedCrm.Web.Quoting;

/// <summary>Writes a draft: cells as they are finished, lines added, moved, pasted; saves after each, one save at a time.</summary>
public sealed partial class QuoteEditor
{
    private static readonly string[] s_cells = [nameof(LineDetails.Description), nameof(LineDetails.Quantity), nameof(LineDetails.Unit), nameof(LineDetails.UnitPrice), nameof(LineDetails.DiscountPercent), nameof(LineDetails.Vat), nameof(LineDetails.Code), nameof(LineDetails.UnitCost)];

    private readonly FormState _form = new();
    private readonly List<LineDraft> _rows = [];
    private readonly Dictionary<Guid, CatalogHit> _hits = [];
    private ElementReference _root;
    private Script? _script;
    private DotNetObjectReference<QuoteEditor>? _self;
    private QuoteDetails _details = new();
    private DocumentTotals _totals = DocumentTotals.Of([]);
    private Guid _version;
    private Guid _shownId;
    private DateTime? _savedAt;
    private int _nextKey;
    private bool _isSaving;
    private bool _mustSaveAgain;
    private bool _isPending;
    private bool _isStale;

    /// <summary>The draft as it was read.</summary>
    [Parameter, EditorRequired] public QuoteSheet Sheet { get; set; } = null!;

    /// <summary>The draft as it stands in the database now, asked for when it moved on elsewhere.</summary>
    [Parameter, EditorRequired] public Func<Task<QuoteSheet?>> Read { get; set; } = null!;

    /// <summary>It was saved: the version to act on.</summary>
    [Parameter] public EventCallback<Guid> OnSaved { get; set; }

    /// <summary>The version that the last save gave.</summary>
    public Guid Version => _version;

    private IReadOnlyList<SelectOption<TermKind>> Terms => [.. Enum.GetValues<TermKind>().Select(kind => new SelectOption<TermKind>(kind, T.Of(kind)))];

    private string State => _isSaving ? "saving" : _isPending ? "unsaved" : "saved";

    private string StateText => State switch
    {
        "saving" => T["Enregistrement…"],
        "unsaved" => T["Pas encore enregistré : corrigez ce qui est signalé."],
        _ => _savedAt is { } at ? T["Brouillon enregistré {0}", Clock.ToLocal(at).ToString("HH:mm", FrenchText.Culture)] : T["Brouillon"],
    };

    /// <summary>Somebody saved this draft elsewhere: it is shown as it stands, unless something written here waits to be saved.</summary>
    public async Task FollowAsync(QuoteSheet now)
    {
        if (now.Version == _version || _isSaving)
        {
            return;
        }

        if (_isPending)
        {
            _isStale = true;
        }
        else
        {
            Open(now);
            await TellScriptAsync();
        }

        StateHasChanged();
    }

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
    public async Task MoveLineAsync(int key, int by)
    {
        var from = _rows.FindIndex(row => row.Key == key);
        var to = Math.Clamp(from + by, 0, _rows.Count - 1);
        if (from >= 0 && to != from)
        {
            Move(from, to);
            await ChangedAsync();
        }
    }

    /// <summary>A line was dropped before another, or at the end.</summary>
    [JSInvokable]
    public async Task DropLineAsync(int key, int? beforeKey)
    {
        var from = _rows.FindIndex(row => row.Key == key);
        var before = beforeKey is { } other ? _rows.FindIndex(row => row.Key == other) : _rows.Count;
        if (from >= 0 && before >= 0 && before != from && before != from + 1)
        {
            Move(from, before > from ? before - 1 : before);
            await ChangedAsync();
        }
    }

    /// <summary>A line is taken away.</summary>
    [JSInvokable]
    public async Task RemoveLineAsync(int key)
    {
        if (_rows.Find(row => row.Key == key) is { } row)
        {
            await RemoveRowAsync(row);
        }
    }

    /// <summary>Rows of a spreadsheet were pasted on a line: they come in its place when it is blank, after it otherwise. Returns the key of the last.</summary>
    [JSInvokable]
    public async Task<int> PasteAsync(int key, string text)
    {
        var at = _rows.FindIndex(row => row.Key == key);
        var lines = PastedLines.Read(text, Sheet.NewVat);
        if (at < 0 || lines.Count == 0)
        {
            return key;
        }

        if (_rows.Count + lines.Count > Quote.MostLines)
        {
            Toasts.Refuse(T["Un devis porte au plus {0} lignes.", Quote.MostLines]);
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
        if (_shownId != Sheet.Id)
        {
            _shownId = Sheet.Id;
            Open(Sheet);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _script = new Script(JS, "./Quoting/QuoteEditor.razor.js");
            await _script.InvokeAsync("watch", _root, _self, $"{(await CurrentUser.GetAsync()).Id}:{Sheet.Id}");
        }
    }

    private void Open(QuoteSheet sheet)
    {
        _form.Clear();
        _details = sheet.Details with { };
        (_version, _savedAt, _isStale, _isPending) = (sheet.Version, sheet.UpdatedAt, false, false);
        var known = _rows.Where(row => row.Line.LineId is not null).ToDictionary(row => row.Line.LineId!.Value);
        _rows.Clear();
        foreach (var line in sheet.Details.Lines)
        {
            // A line that stayed keeps its place on the screen, and the cursor in it.
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

        if (_rows.Count == 0)
        {
            Insert(0, New(LineKind.Item));
        }

        Count();
    }

    private LineDetails New(LineKind kind) => new() { Kind = kind, VatCategory = Sheet.NewVat.Category, VatRate = Sheet.NewVat.Rate, VatReason = Sheet.NewVat.Reason };

    private LineDraft Insert(int at, LineDetails line)
    {
        var row = new LineDraft(_nextKey++, line);
        _rows.Insert(at, row);
        return row;
    }

    private void Move(int from, int to)
    {
        var row = _rows[from];
        _rows.RemoveAt(from);
        _rows.Insert(to, row);
    }

    private async Task AddAndFocusAsync(LineKind kind, bool isOption = false)
    {
        var row = Insert(_rows.Count, New(kind) with { IsOption = isOption });
        StateHasChanged();
        await _script!.InvokeAsync("focusLine", _root, row.Key);
    }

    private async Task RemoveRowAsync(LineDraft row)
    {
        _rows.Remove(row);
        if (_rows.Count == 0)
        {
            Insert(0, New(LineKind.Item));
        }

        await ChangedAsync();
    }

    private Task RowChangedAsync(LineDraft row) => ChangedAsync();

    private async Task ChangedAsync()
    {
        _isPending = true;
        Count();
        StateHasChanged();
        await SaveAsync();
    }

    private void Count()
    {
        var lines = Written().ConvertAll(row => row.Line);
        _totals = DocumentTotals.Of(lines, new GlobalDiscount(_details.DiscountPercent, _details.DiscountAmount));
    }

    private List<LineDraft> Written() => _rows.FindAll(row => !row.IsBlank);

    // One save at a time: what changes during it is saved right after, on the version it gave.
    private async Task SaveAsync()
    {
        if (_isSaving)
        {
            _mustSaveAgain = true;
            return;
        }

        do
        {
            _mustSaveAgain = false;
            _isSaving = true;
            try
            {
                await SaveOnceAsync();
            }
            finally
            {
                _isSaving = false;
            }
        }
        while (_mustSaveAgain);

        StateHasChanged();
        if (!_isPending)
        {
            await OnSaved.InvokeAsync(_version);
            await TellScriptAsync();
        }
    }

    private async Task SaveOnceAsync()
    {
        var rows = Written();
        if (_isStale || rows.Exists(row => row.IsUnread))
        {
            return;
        }

        rows.ForEach(row => row.Forgive());
        await _form.SaveAsync(async () =>
        {
            try
            {
                var saved = await Quotes.SaveAsync(Sheet.Id, _details with { Lines = [.. rows.Select(row => row.Line)] }, _version);
                foreach (var (row, id) in rows.Zip(saved.LineIds))
                {
                    row.Stored(id);
                }

                (_version, _savedAt) = (saved.Version, saved.At);
                _isPending = _mustSaveAgain;
            }
            catch (StaleRecordException)
            {
                _isStale = true;
            }
            catch (BusinessRuleException refusal) when (refusal.Field?.Split('-') is [var field, var place] && int.TryParse(place, out var index) && index < rows.Count)
            {
                rows[index].Refuse(field, refusal.Sentence);
            }
        });
    }

    private async Task ReloadAsync()
    {
        if (await Read() is { IsDraft: true } now)
        {
            Open(now);
            await TellScriptAsync();
            await OnSaved.InvokeAsync(_version);
        }
        else
        {
            await OnSaved.InvokeAsync(Guid.Empty);
        }
    }

    private async Task KeepMineAsync()
    {
        if (await Read() is { IsDraft: true } now)
        {
            // What others removed meanwhile comes back as new lines, what they added goes: this is the draft as it reads here.
            (_version, _isStale, _isPending) = (now.Version, false, true);
            await SaveAsync();
        }
        else
        {
            await OnSaved.InvokeAsync(Guid.Empty);
        }
    }

    private Task TellScriptAsync() => _script?.InvokeAsync("saved", _root) ?? Task.CompletedTask;
}
