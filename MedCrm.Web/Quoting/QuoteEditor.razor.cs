using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using MedCrm.Web.Billing;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Quoting;

/// <summary>Writes a draft: saves after each finished cell, one save at a time.</summary>
public sealed partial class QuoteEditor
{
    private readonly FormState _form = new();
    private LinesGrid? _grid;
    private Task _writing = Task.CompletedTask;
    private QuoteDetails _details = new();
    private DocumentTotals _totals = DocumentTotals.Of([]);
    private Guid _version;
    private Guid _shownId;
    private DateTime? _savedAt;
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
        // A reading that began before the last save and comes after it holds what was: versions bear no order, moments do.
        if (now.Version == _version || _isSaving || now.UpdatedAt < _savedAt)
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

    /// <summary>
    /// Saves what waits, the cell being typed included, before the quote is used as it is stored. False when it cannot be saved: a sentence says so,
    /// and the cursor stands where something is to be corrected.
    /// </summary>
    public async Task<bool> WriteAsync()
    {
        await _grid!.LeaveCellAsync();
        if (_isPending)
        {
            await SaveAsync();
            await _writing;
        }

        if (!_isPending)
        {
            return true;
        }

        Toasts.Refuse(_isStale
            ? T["Ce devis a été modifié ailleurs : rechargez-le, ou gardez votre saisie, avant de continuer."]
            : T["Ce devis n'est pas enregistré : corrigez d'abord ce qui est signalé."]);
        await _grid.FocusRefusedAsync();
        return false;
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

    private void Open(QuoteSheet sheet)
    {
        _form.Clear();
        _details = sheet.Details with { };
        (_version, _savedAt, _isStale, _isPending) = (sheet.Version, sheet.UpdatedAt, false, false);
        _grid?.Show(_details.Lines);
        Count();
    }

    private Task TakeLinesAsync(IReadOnlyList<LineDetails> lines)
    {
        _details.Lines = lines;
        return ChangedAsync();
    }

    private async Task ChangedAsync()
    {
        _isPending = true;
        Count();
        StateHasChanged();
        await SaveAsync();
    }

    private void Count() => _totals = DocumentTotals.Of(_details.Lines, new GlobalDiscount(_details.DiscountPercent, _details.DiscountAmount));

    // One save at a time: what changes during it is saved right after, on the version it gave.
    private Task SaveAsync()
    {
        if (!_isSaving)
        {
            return _writing = SaveAllAsync();
        }

        _mustSaveAgain = true;
        return Task.CompletedTask;
    }

    private async Task SaveAllAsync()
    {
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
        if (_isStale || _grid!.IsUnread)
        {
            return;
        }

        var rows = _grid.Written();
        _grid.Forgive();
        await _form.SaveAsync(async () =>
        {
            try
            {
                var saved = await Quotes.SaveAsync(Sheet.Id, _details with { Lines = [.. rows.Select(row => row.Line)] }, _version);
                _details.Lines = _grid.Stored(rows, saved.LineIds);
                (_version, _savedAt) = (saved.Version, saved.At);
                _isPending = _mustSaveAgain;
            }
            catch (StaleRecordException)
            {
                _isStale = true;
            }
            catch (BusinessRuleException refusal) when (_grid.Refuse(refusal, rows))
            {
                // It stands beside its cell.
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

    private Task TellScriptAsync() => _grid?.SavedAsync() ?? Task.CompletedTask;
}
