using System.Text.Json;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace MedCrm.Web.Kit.Lists;

/// <summary>The one list of the product; see <see cref="IRecordList"/> for what it shows.</summary>
public sealed partial class DataList
{
    private const int RowHeight = 38;
    private const int CardHeight = 61;
    private const string ColumnsMenu = "#columns";
    private const string AddMenu = "#add";
    private const string GroupKey = "group";
    private const string FoldedKey = "folded";
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<string, IReadOnlyList<Choice>> _choices = [];
    private readonly HashSet<Guid> _picked = [];
    private readonly SemaphoreSlim _saving = new(1, 1);
    private IReadOnlyList<ListItem> _loaded = [];
    private ListQuery _query = ListQuery.Everything;
    private List<ListColumn> _columns = [];
    private IReadOnlyList<string>? _usual;
    private ListCounts? _counts;
    private IReadOnlyList<ListGroup>? _groups;
    private Virtualize<ListItem>? _virtualize;
    private ElementReference _root;
    private Script? _script;
    private DotNetObjectReference<DataList>? _self;
    private Follower _follower = null!;
    private CellEdit? _edit;
    private string? _menu;
    private string? _extraFilter;
    private string _path = "";
    private int _anchor = -1;
    private int _asked;
    private bool _allResults;
    private bool _isPhone;
    private bool _mayEdit;
    private bool _focusEditor;
    private bool _toTop;

    /// <summary>The list.</summary>
    [Parameter, EditorRequired]
    public IRecordList List { get; set; } = null!;

    /// <summary>The title of the page.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>The buttons of the page, on the right.</summary>
    [Parameter]
    public RenderFragment? Actions { get; set; }

    /// <summary>What stands beside the title: the switch between a board and its list.</summary>
    [Parameter]
    public RenderFragment? Tools { get; set; }

    /// <summary>What stands between the title and the filters: the tabs of an area.</summary>
    [Parameter]
    public RenderFragment? Head { get; set; }

    /// <summary>The page's own gestures on a selection. Given the selection and what to call when done.</summary>
    [Parameter]
    public RenderFragment<BulkContext>? BulkActions { get; set; }

    /// <summary>What the page offers beside the filters of a filtered list.</summary>
    [Parameter]
    public RenderFragment<ListQuery>? FilterTools { get; set; }

    /// <summary>What an empty list says, when nothing exists at all.</summary>
    [Parameter]
    public RenderFragment? WhenEmpty { get; set; }

    /// <summary>Cells that the page draws itself, by column.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, RenderFragment<ListCell>>? Cells { get; set; }

    /// <summary>Whether the list can be exported.</summary>
    [Parameter]
    public bool CanExport { get; set; } = true;

    /// <summary>Whether a CSV file is offered beside the workbook, for a list that other programs read.</summary>
    [Parameter]
    public bool OffersCsv { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime JS { get; set; } = null!;

    [Inject]
    private Preferences Preferences { get; set; } = null!;

    [Inject]
    private ChangeNews News { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [Inject]
    private ScreenTime Time { get; set; } = null!;

    private ListDefinition Definition => List.Definition;

    private bool CanPick => _mayEdit || BulkActions is not null;

    private IReadOnlyList<string> Keys => [.. _columns.Select(column => column.Key)];

    private int PickedCount => _allResults ? _counts?.Matching ?? 0 : _picked.Count;

    private ListSelection Selection => _allResults ? ListSelection.All(_query) : ListSelection.Of([.. _picked]);

    private List<ListColumn> FilterColumns =>
    [
        .. Definition.Columns.Where(column => column.IsPinned),
        .. Definition.Columns.Where(column => !column.IsPinned && (_query.FilterOn(column.Key) is not null || column.Key == _extraFilter)),
    ];

    private string ClearText => _query.FilterCount == 1 ? T["Effacer le filtre"] : T["Effacer les {0} filtres", _query.FilterCount];

    private string NothingText => T["Aucun résultat parmi {0}.", T.Counted(Definition, _counts?.Total ?? 0)];

    private string ExportAddress => ExportAddressOf("xlsx");

    private string ExportAddressOf(string extension) => _query.WithColumns(Keys).At($"/export/{Definition.Name}.{extension}");

    private string ColumnsPreference => $"list.{Definition.Name}.columns";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _follower = new Follower(News, change => change.Touches(Definition.RecordType), RefreshAsync, InvokeAsync, DispatchExceptionAsync, s_calm);
        _path = new Uri(Navigation.Uri).AbsolutePath;
        _query = ListQuery.Parse(Navigation.Uri, Definition);
        Navigation.LocationChanged += OnLocationChanged;
        _mayEdit = List is IEditableList editable && await editable.MayEditAsync(_follower.Left);
        _usual = await Preferences.FindAsync(ColumnsPreference, _follower.Left) is { } kept ? JsonSerializer.Deserialize<List<string>>(kept) : null;
        await ShowAsync(ListQuery.Parse(Navigation.Uri, Definition));
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = new Script(JS, "./Kit/Lists/DataList.razor.js");
            _self = DotNetObjectReference.Create(this);
            if (await _script.AskAsync("start", false, _root, _self))
            {
                SetPhone(true);
            }
        }

        if (_focusEditor)
        {
            _focusEditor = false;
            await _script!.InvokeAsync("focusEditor", _root);
        }

        if (_toTop)
        {
            _toTop = false;
            await _script!.InvokeAsync("toTop", _root);
        }
    }

    /// <summary>The window became a phone's, or stopped being one.</summary>
    [JSInvokable]
    public void SetPhone(bool isPhone)
    {
        if (_isPhone != isPhone)
        {
            _isPhone = isPhone;
            StateHasChanged();
        }
    }

    /// <summary>A click landed outside of the open menu.</summary>
    [JSInvokable]
    public void CloseMenu()
    {
        (_menu, _extraFilter) = (null, null);
        StateHasChanged();
    }

    /// <summary>A line is picked or let go; with <paramref name="range"/>, every line since the last one.</summary>
    [JSInvokable]
    public async Task PickAsync(Guid id, int index, bool range)
    {
        if (!CanPick)
        {
            return;
        }

        if (_allResults)
        {
            await PickResultsOneByOneAsync();
        }

        if (range && _anchor >= 0)
        {
            var (first, last) = (Math.Min(_anchor, index), Math.Max(_anchor, index));
            _picked.UnionWith(await IdsAsync(first, last - first + 1));
        }
        else if (!_picked.Remove(id))
        {
            _picked.Add(id);
        }

        _anchor = index;
        StateHasChanged();
    }

    /// <summary>Escape: lets the selection go.</summary>
    [JSInvokable]
    public void Unpick()
    {
        _picked.Clear();
        _allResults = false;
        _anchor = -1;
        StateHasChanged();
    }

    /// <summary>Opens the editor of a cell; without a column, of the first cell of the line that has one.</summary>
    [JSInvokable]
    public async Task EditAsync(Guid id, string? columnKey)
    {
        await _saving.WaitAsync(_follower.Left);
        _saving.Release();
        if (_edit?.Refusal is not null)
        {
            return;
        }

        var column = columnKey is null ? _columns.Find(MayEdit) : _columns.Find(candidate => candidate.Key == columnKey);
        if (column is not null && MayEdit(column))
        {
            Begin(id, column);
        }
    }

    /// <summary>Escape in an editor: the cell shows again what it showed.</summary>
    [JSInvokable]
    public void CancelEdit()
    {
        _edit = null;
        StateHasChanged();
    }

    /// <summary>Keeps what the editor holds. <paramref name="move"/> is the cell to edit next: 1 the following one, -1 the one before, 0 none. False when the value is refused.</summary>
    [JSInvokable]
    public async Task<bool> SaveEditAsync(string typed, int move)
    {
        await _saving.WaitAsync(_follower.Left);
        try
        {
            if (_edit is not { } edit)
            {
                return true;
            }

            edit.Typed = typed;
            if ((edit.Seen ?? "") != typed && !await TrySaveAsync(edit))
            {
                return false;
            }

            _edit = null;
            if (move != 0)
            {
                await BeginBesideAsync(edit, move);
            }

            return true;
        }
        finally
        {
            _saving.Release();
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _follower?.Dispose();
        if (_script is not null)
        {
            await _script.LetGoAsync("stop", _root);
        }

        _self?.Dispose();
        _saving.Dispose();
    }

    private async Task<bool> TrySaveAsync(CellEdit edit)
    {
        try
        {
            Toasts.Show(await ((IEditableList)List).EditAsync(edit.Id, edit.Column.Key, edit.Seen, edit.Typed));
            await RefreshAsync(_follower.Left);
            return true;
        }
        catch (EditConflictException conflict)
        {
            var theirs = conflict.Conflicts[0];
            edit.Refusal = T["{0} a mis « {1} » entre-temps. Entrée garde votre valeur, Échap la sienne.", theirs.By ?? T["Quelqu'un"].Value, T.Value(theirs.Theirs, theirs.IsWords) ?? T["vide"].Value];
            edit.Seen = ((IEditableList)List).TextOf(edit.Column.Key, edit.Column.Edited!.GetValue(conflict.Current));
            return false;
        }
        catch (BusinessRuleException refusal)
        {
            edit.Refusal = T.Of(refusal);
            return false;
        }
    }

    private async Task BeginBesideAsync(CellEdit edit, int move)
    {
        var cells = _columns.Where(MayEdit).ToList();
        var place = cells.IndexOf(edit.Column) + move;
        if (place >= 0 && place < cells.Count)
        {
            Begin(edit.Id, cells[place]);
            return;
        }

        var row = edit.Index + move;
        if (row >= 0 && row < (_counts?.Matching ?? 0) && await IdsAsync(row, 1) is [var next])
        {
            Begin(next, move > 0 ? cells[0] : cells[^1]);
        }
    }

    private void Begin(Guid id, ListColumn column)
    {
        if (_loaded.FirstOrDefault(item => item.Row.Id == id) is not { } item)
        {
            return;
        }

        _edit = new CellEdit(id, item.Index, column, ((IEditableList)List).TextOf(column.Key, item.ValueOf(column.Key)));
        _focusEditor = true;
        StateHasChanged();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath == _path)
        {
            _ = InvokeAsync(() => GuardAsync(() => ShowAsync(ListQuery.Parse(args.Location, Definition))));
        }
    }

    private async Task GuardAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The person left the page.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    private async Task ShowAsync(ListQuery query)
    {
        var asked = ++_asked;
        var narrowed = query.Cleared() != _query.Cleared() || query.Search != _query.Search || !query.Filters.SequenceEqual(_query.Filters);
        var columns = (query.Columns ?? _usual ?? Definition.FirstColumns).Select(Definition.Find).OfType<ListColumn>().ToList();
        await LoadChoicesAsync(columns);
        var counts = await List.CountAsync(query, _follower.Left);
        var groups = await GroupsAsync(query, _follower.Left);
        if (asked != _asked)
        {
            return;
        }

        if (narrowed && _counts is not null)
        {
            Unpick();
            _toTop = true;
        }

        (_query, _columns, _counts, _groups, _edit) = (query, columns.Count > 0 ? columns : [.. Definition.Columns.Take(1)], counts, groups, null);
        if (_virtualize is not null)
        {
            await _virtualize.RefreshDataAsync();
        }

        StateHasChanged();
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _follower.CatchUp();
        _counts = await List.CountAsync(_query, cancellationToken);
        _groups = await GroupsAsync(_query, cancellationToken);
        if (_virtualize is not null)
        {
            await _virtualize.RefreshDataAsync();
        }

        StateHasChanged();
    }

    private async ValueTask<ItemsProviderResult<ListItem>> LoadAsync(ItemsProviderRequest request)
    {
        var keys = Keys;
        var places = keys.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        if (_groups is { } groups)
        {
            return await LoadAsync(groups, keys, places, request);
        }

        var rows = await List.RowsAsync(_query, keys, request.StartIndex, request.Count, request.CancellationToken);
        _loaded = [.. rows.Select((row, offset) => new ListItem(request.StartIndex + offset, row, places))];
        return new ItemsProviderResult<ListItem>(_loaded, _counts?.Matching ?? 0);
    }

    // Each group on show is a heading and its records: only those within the window are read, group by group.
    private async ValueTask<ItemsProviderResult<ListItem>> LoadAsync(IReadOnlyList<ListGroup> groups, IReadOnlyList<string> keys, Dictionary<string, int> places, ItemsProviderRequest request)
    {
        var items = new List<ListItem>();
        var (line, index, end) = (0, 0, request.StartIndex + request.Count);
        foreach (var group in groups)
        {
            if (line >= request.StartIndex && line < end)
            {
                items.Add(ListItem.Heading(group));
            }

            line++;
            var shown = IsFolded(group) ? 0 : group.Count;
            var (first, last) = (Math.Max(0, request.StartIndex - line), Math.Min(shown, end - line));
            if (first < last)
            {
                var rows = await List.RowsAsync(_query with { Within = group.Within }, keys, first, last - first, request.CancellationToken);
                items.AddRange(rows.Select((row, offset) => new ListItem(index + first + offset, row, places)));
            }

            (line, index) = (line + shown, index + group.Count);
        }

        _loaded = [.. items.Where(item => item.Group is null)];
        return new ItemsProviderResult<ListItem>(items, line);
    }

    private async Task<IReadOnlyList<ListGroup>?> GroupsAsync(ListQuery query, CancellationToken cancellationToken)
        => List is IGroupedList grouped && GroupingOf(query) is { } grouping ? await grouped.GroupsAsync(query, grouping, cancellationToken) : null;

    // Ids in the order of the screen, which groups cut into pieces.
    private async Task<IReadOnlyList<Guid>> IdsAsync(int first, int? count)
    {
        if (_groups is not { } groups)
        {
            return await List.IdsAsync(_query, first, count, _follower.Left);
        }

        var ids = new List<Guid>();
        var (index, end) = (0, count is { } some ? first + some : int.MaxValue);
        foreach (var group in groups)
        {
            var (from, to) = (Math.Max(first, index), Math.Min(end, index + group.Count));
            if (from < to)
            {
                ids.AddRange(await List.IdsAsync(_query with { Within = group.Within }, from - index, to - from, _follower.Left));
            }

            index += group.Count;
        }

        return ids;
    }

    private async Task LoadChoicesAsync(IEnumerable<ListColumn> columns)
    {
        foreach (var column in columns.Where(column => column is { HasChoices: true, Kind: ListKind.Choice or ListKind.User or ListKind.Bool } && !_choices.ContainsKey(column.Key)))
        {
            _choices[column.Key] = T.Of(column, await List.ChoicesAsync(column.Key, cancellationToken: _follower.Left));
        }
    }

    private IReadOnlyList<Choice> ChoicesOf(ListColumn column) => _choices.GetValueOrDefault(column.Key, []);

    private bool MayEdit(ListColumn column) => _mayEdit && column.Edited is not null;

    private bool IsPicked(Guid id) => _allResults || _picked.Contains(id);

    private static string Aria(bool state) => state ? "true" : "false";

    private static string? ClassOf(ListColumn column, CellEdit? edit) => edit switch
    {
        null => column.IsNumeric ? "num" : null,
        { Refusal: null } => "cell-edit",
        _ => "cell-edit cell-error",
    };

    private string? SortOf(ListColumn column)
    {
        var sort = _query.Sort ?? Definition.DefaultSort;
        return !column.CanSort ? null : sort.Column != column.Key ? "none" : sort.Descending ? "descending" : "ascending";
    }

    private void SortBy(ListColumn column)
    {
        var sort = _query.Sort ?? Definition.DefaultSort;
        var descending = sort.Column == column.Key ? !sort.Descending : column.Kind is ListKind.Number or ListKind.Money or ListKind.Moment;
        Go(_query with { Sort = new ListSort(column.Key, descending) }, replace: true);
    }

    private string? GroupingOf(ListQuery query)
        => List is IGroupedList grouped && query.Others.FirstOrDefault(other => other.Key == GroupKey).Value is { } asked && grouped.Groupings.Any(grouping => grouping.Value == asked) ? asked : null;

    private IReadOnlyList<string> FoldedGroups => _query.Others.FirstOrDefault(other => other.Key == FoldedKey).Value?.Split(',') ?? [];

    private bool IsFolded(ListGroup group) => FoldedGroups.Contains(group.Key);

    private void GroupBy(string? grouping) => Go(_query with { Others = [.. _query.Others.Where(other => other.Key is not (GroupKey or FoldedKey)), .. Other(GroupKey, grouping)] });

    private void Fold(ListGroup group)
    {
        string[] folded = [.. IsFolded(group) ? FoldedGroups.Where(key => key != group.Key) : FoldedGroups.Append(group.Key)];
        Go(_query with { Others = [.. _query.Others.Where(other => other.Key is not FoldedKey), .. Other(FoldedKey, string.Join(',', folded))] }, replace: true);
    }

    private static IEnumerable<KeyValuePair<string, string>> Other(string key, string? value)
        => string.IsNullOrEmpty(value) ? [] : [new(key, value)];

    private Task FilterAsync(string key, ListFilter? filter)
    {
        _extraFilter = _menu;
        Go(filter is null ? _query.Without(key) : _query.With(filter));
        return Task.CompletedTask;
    }

    private void AddFilter(string key) => (_extraFilter, _menu) = (key, key);

    private void Toggle(string menu)
    {
        _menu = _menu == menu ? null : menu;
        _extraFilter = _menu is null ? null : _extraFilter;
    }

    private void Clear()
    {
        (_menu, _extraFilter) = (null, null);
        Go(_query.Cleared());
    }

    private async Task ChooseColumnsAsync(IReadOnlyList<string> keys)
    {
        _usual = keys;
        await Preferences.KeepAsync(ColumnsPreference, JsonSerializer.Serialize(keys));
        Go(_query with { Columns = keys }, replace: true);
    }

    private Task ResetColumnsAsync() => ChooseColumnsAsync(Definition.FirstColumns);

    private void OpenViewAsync(ListQuery query) => Go(query with { Others = _query.Others });

    private void GoToView(ListQuery query) => Go(query with { Others = _query.Others }, replace: true);

    private void Go(ListQuery query, bool replace = false) => Navigation.NavigateTo(query.At(_path), new NavigationOptions { ReplaceHistoryEntry = replace });

    private async Task PickAllAsync(bool isPicked)
    {
        if (isPicked)
        {
            await PickResultsOneByOneAsync(_loaded.Count);
        }
        else
        {
            Unpick();
        }
    }

    private async Task PickResultsOneByOneAsync(int? first = null)
    {
        _allResults = false;
        _picked.Clear();
        _picked.UnionWith(await IdsAsync(0, first));
    }

    private void PickAllResults()
    {
        _picked.Clear();
        _allResults = true;
    }

    private async Task AfterBulkAsync(BulkResult result)
    {
        Toasts.Show(result.Done);
        if (result.Failures.Count == 0)
        {
            Unpick();
        }

        await RefreshAsync(_follower.Left);
    }
}

/// <summary>What a page's own gesture on a selection needs: which records, how many, and what to call when done.</summary>
public sealed record BulkContext(ListSelection Selection, int Count, Func<Func<IProgress<BulkProgress>, Task<BulkResult>>, Task> RunAsync);
