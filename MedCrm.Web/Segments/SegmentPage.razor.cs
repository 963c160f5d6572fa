using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Segments;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace MedCrm.Web.Segments;

/// <summary>Writes a segment, and says at each pause how many it gathers.</summary>
public sealed partial class SegmentPage
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(350);

    private readonly FormState _form = new();
    private CancellationTokenSource _reading = new();
    private SegmentEditing _editing = null!;
    private SegmentDetails _details = new();
    private SegmentSheet? _sheet;
    private SegmentPreview? _preview;
    private SegmentWeek? _week;
    private DraftGroup? _conditions;
    private ElementReference _root;
    private Script? _script;
    private DotNetObjectReference<SegmentPage>? _self;
    private string _sentence = "";
    private string _kept = "";
    private string? _leftOut;
    private string? _target;
    private string? _address;
    private bool _missing;
    private bool _mayShare;
    private bool _counting;
    private bool _asking;
    private bool _leaving;
    private bool _left;

    /// <summary>The segment; none for a new one.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    /// <summary>What a new one gathers.</summary>
    [SupplyParameterFromQuery]
    public string? Subject { get; set; }

    /// <summary>The query string of the list that a new one starts from.</summary>
    [SupplyParameterFromQuery]
    public string? From { get; set; }

    /// <summary>The part on show.</summary>
    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [Inject]
    private SegmentBook Book { get; set; } = null!;

    [Inject]
    private SegmentMoves Moves { get; set; } = null!;

    [Inject]
    private SegmentWords Words { get; set; } = null!;

    [Inject]
    private ICurrentUser CurrentUser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime JS { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [Inject]
    private Acts Acts { get; set; } = null!;

    private bool MayEdit => _sheet?.IsMine ?? true;

    private bool HasFaults => _preview is { Count: null };

    private string Room => _details.Subject is SegmentSubject.Institution ? "/institutions" : "/contacts";

    private string ListAddress => $"{Room}?segment={Id}";

    private string CurrentTab => _sheet is not null && Tab is "entered" or "left" ? Tab! : "conditions";

    private IReadOnlyList<Tab> Tabs =>
    [
        new("conditions", T["Conditions"]),
        new("entered", T["Entrés cette semaine"], _week?.Since is null ? null : _week.Entered),
        new("left", T["Sortis cette semaine"], _week?.Since is null ? null : _week.Left),
    ];

    private IReadOnlyList<SelectOption<ViewSharing>> Sharings =>
    [
        new(ViewSharing.Personal, T["Personnel"]),
        .. _mayShare || _details.Sharing is not ViewSharing.Personal
            ? [new SelectOption<ViewSharing>(ViewSharing.Team, T["Partagé à l'équipe"]), new SelectOption<ViewSharing>(ViewSharing.All, T["Partagé à tous"])]
            : Array.Empty<SelectOption<ViewSharing>>(),
    ];

    private bool IsTouched => !_leaving && _conditions is not null && Written() != _kept;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync() => _mayShare = (await CurrentUser.GetAsync()).May(Right.ShareViews);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // A tab changes the address and nothing else.
        var address = $"{Id} {Subject} {From}";
        if (address == _address)
        {
            return;
        }

        _address = address;
        await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = new Script(JS, "./Segments/SegmentPage.razor.js");
            _self = DotNetObjectReference.Create(this);
            await _script.InvokeAsync("watch", _root, _self);
        }
    }

    /// <summary>A click landed outside of the open values, or Escape was pressed.</summary>
    [JSInvokable]
    public void CloseMenu()
    {
        _editing.Open = null;
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _left = true;
        await _reading.CancelAsync();
        _reading.Dispose();
        if (_script is not null)
        {
            await _script.LetGoAsync("leave", _root);
        }

        _self?.Dispose();
    }

    private async Task LoadAsync()
    {
        (_leaving, _preview, _week, _leftOut, _conditions) = (false, null, null, null, null);
        _sheet = Id is { } id ? await Book.FindAsync(id) : null;
        _missing = Id is not null && _sheet is null;
        if (_missing)
        {
            return;
        }

        _details = _sheet is null ? await NewAsync() : _sheet.Details with { };
        Show();
        _kept = _sheet is null ? "" : Written();
        await ReadAsync(_reading.Token);
        _week = _sheet is null ? null : await Moves.WeekAsync(_sheet.Id);
    }

    private async Task<SegmentDetails> NewAsync()
    {
        var subject = Enum.TryParse<SegmentSubject>(Subject, out var asked) && Enum.IsDefined(asked) ? asked : SegmentSubject.Institution;
        var details = new SegmentDetails { Subject = subject };
        if (From is null)
        {
            return details;
        }

        var query = ListQuery.Parse(From, SegmentFields.Of(subject));
        _leftOut = query.Search;
        return details with { Conditions = await Book.FromListAsync(subject, query) };
    }

    private void Show()
    {
        _editing = new SegmentEditing(_details.Subject, Changed, StateHasChanged);
        _conditions = new DraftGroup(_details.Conditions);
    }

    private Task SetSubjectAsync(SegmentSubject subject)
    {
        _details.Subject = subject;
        _details.Conditions = SegmentGroup.Everything;
        Show();
        Changed();
        return Task.CompletedTask;
    }

    // One reading for each pause, whatever is clicked meanwhile.
    private void Changed()
    {
        StateHasChanged();
        _reading.Cancel();
        _reading.Dispose();
        _reading = new CancellationTokenSource();
        _ = ReadSoonAsync(_reading.Token);
    }

    private async Task ReadSoonAsync(CancellationToken cancellationToken)
    {
        try
        {
            _counting = true;
            await Task.Delay(s_pause, cancellationToken);
            await ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Something else was changed, or the person left.
        }
        catch (Exception failure) when (!_left)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var conditions = _conditions!.ToGroup();
        var preview = await Book.PreviewAsync(_details.Subject, conditions, cancellationToken);
        var sentence = await Words.SayAsync(_details.Subject, conditions, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        (_preview, _sentence, _counting) = (preview, sentence, false);
        _editing.Take(preview.Defects);
        StateHasChanged();
    }

    private async Task SaveAsync()
    {
        var details = _details with { Conditions = _conditions!.ToGroup() };
        _editing.Take(SegmentRules.DefectsOf(details.Subject, details.Conditions));
        _editing.IsPressing = true;
        var done = _sheet is { } seen ? await Book.EditAsync(seen.Id, seen.Version, details) : await Book.CreateAsync(details);
        _leaving = true;
        Toasts.Show(done);
        if (_sheet is null)
        {
            Navigation.NavigateTo($"/segments/{done.RecordId}");
        }
        else
        {
            await LoadAsync();
        }
    }

    private async Task DuplicateAsync()
    {
        Guid? copyId = null;
        if (await Acts.DoAsync(async () =>
        {
            var done = await Book.DuplicateAsync(_sheet!.Id);
            copyId = done.RecordId;
            return done;
        }))
        {
            Navigation.NavigateTo($"/segments/{copyId}");
        }
    }

    private async Task DeleteAsync()
    {
        if (await Acts.DoAsync(() => Book.DeleteAsync(_sheet!.Id)))
        {
            _leaving = true;
            Navigation.NavigateTo("/segments");
        }
    }

    private string Written() => $"{_details.Name}\n{_details.Description}\n{_details.Subject}\n{_details.Sharing}\n{SegmentText.Write(_conditions!.ToGroup())}";

    private Task AskAsync(LocationChangingContext context)
    {
        var here = new Uri(Navigation.Uri).AbsolutePath;
        if (IsTouched && Navigation.ToAbsoluteUri(context.TargetLocation).AbsolutePath != here)
        {
            context.PreventNavigation();
            (_target, _asking) = (context.TargetLocation, true);
        }

        return Task.CompletedTask;
    }

    private Task LeaveAsync()
    {
        (_leaving, _asking) = (true, false);
        Navigation.NavigateTo(_target!);
        return Task.CompletedTask;
    }
}
