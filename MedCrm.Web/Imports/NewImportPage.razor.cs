using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace MedCrm.Web.Imports;

/// <summary>The four steps before an import runs: file, columns, values, check. The fifth is the page of the import itself.</summary>
public sealed partial class NewImportPage : IDisposable
{
    private const int Check = 3;
    private const int MostFiles = 3;

    private readonly CancellationTokenSource _leaving = new();
    private readonly ImportDraft _draft = new();
    private CancellationToken _left;
    private ImportPlan? _plan;
    private IReadOnlyList<UnknownValue>? _unknown;
    private IReadOnlyList<ImportChoice> _owners = [];
    private string? _refusal;
    private string? _receiving;
    private long _receivingSize;
    private long _received;
    private int _checked;
    private int _step;
    private bool _isBusy;
    private bool _isHandedOver;
    private bool _mayImport;
    private bool _mayEditCatalog;

    [Inject] private ImportOrders Imports { get; set; } = null!;

    [Inject] private ImportUploads Uploads { get; set; } = null!;

    [Inject] private ICurrentUser CurrentUser { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    /// <summary>What the person came to import: <c>contacts</c>, from their list. Otherwise the file tells.</summary>
    [SupplyParameterFromQuery] public string? Subject { get; set; }

    private ImportSubject? Announced => Enum.TryParse<ImportSubject>(Subject, ignoreCase: true, out var subject) ? subject : null;

    private bool MayGoOn => !_isBusy && _mayImport && _draft.Main is not null && _draft.Problem is null && (_step != 2 || _unknown is not null);

    private bool MayRun => _plan is { Counts: var counts } && !_isBusy && counts.Created + counts.Updated > 0;

    private string RunText => _plan is { Counts.Errors: > 0 } plan
        ? plan.Counts.Errors == 1 ? T["Importer sans la ligne en erreur"] : T["Importer sans les {0} lignes en erreur", plan.Counts.Errors.ToString("N0")]
        : T["Lancer l'import"];

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
        if (!_isHandedOver)
        {
            foreach (var file in _draft.Files)
            {
                ImportUploads.Remove(file.File);
            }
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _left = _leaving.Token;
        var actor = await CurrentUser.GetAsync();
        (_mayImport, _mayEditCatalog) = (actor.May(Right.Import), actor.May(Right.EditCatalog));
        _refusal = _mayImport ? null : T["Votre rôle ne permet pas d'importer. Demandez à un administrateur."].Value;
    }

    private async Task ReceiveAsync(InputFileChangeEventArgs chosen)
    {
        if (_isBusy)
        {
            return;
        }

        await DoAsync(async () =>
        {
            var files = chosen.FileCount <= MostFiles ? chosen.GetMultipleFiles(MostFiles) : null;
            if (files is null || _draft.Files.Count + files.Count(file => _draft.Named(file.Name) is null) > MostFiles)
            {
                throw new BusinessRuleException(T["Choisissez {0} fichiers au plus : la liste, et ses compléments.", MostFiles]);
            }

            foreach (var file in files)
            {
                await ReceiveAsync(file);
            }
        });
        _receiving = null;
    }

    private async Task ReceiveAsync(IBrowserFile file)
    {
        if (file.Size > ImportLimits.Screen.MaxFileBytes)
        {
            throw new ImportFileException(T["« {0} » dépasse {1} Mo.", file.Name, ImportLimits.Screen.MaxFileBytes / (1024 * 1024)]);
        }

        (_receiving, _receivingSize, _received) = (file.Name, file.Size, 0);
        StateHasChanged();
        await using var content = file.OpenReadStream(ImportLimits.Screen.MaxFileBytes, _left);
        var received = await Uploads.ReceiveAsync(content, file.Name, ShowReceived, _left);
        _received = _receivingSize;
        StateHasChanged();
        try
        {
            if (_draft.Add(await Imports.InspectAsync(received, subject: Announced, cancellationToken: _left)) is { } replaced)
            {
                ImportUploads.Remove(replaced.File);
            }
        }
        catch (Exception failure)
        {
            ImportUploads.Remove(received);
            if (failure is ImportFileException refusal)
            {
                throw new ImportFileException(T["« {0} » : {1}", file.Name, T.Of(refusal)]);
            }

            throw;
        }
    }

    private Task TellSubjectAsync(ImportSubject subject) => DoAsync(async () => _draft.Retell(await Imports.InspectAsync(_draft.Main!.File, subject: subject, cancellationToken: _left)));

    private void ShowReceived(long bytes)
    {
        // Two hundred pictures of a bar are plenty.
        if (bytes - _received > _receivingSize / 200)
        {
            _received = bytes;
            _ = InvokeAsync(StateHasChanged);
        }
    }

    private void Discard(ImportInspection file)
    {
        _draft.Remove(file);
        ImportUploads.Remove(file.File);
    }

    private void Back()
    {
        if (_isBusy)
        {
            return;
        }

        _refusal = null;
        _plan = null;
        _step--;
    }

    private Task NextAsync()
    {
        if (_isBusy)
        {
            return Task.CompletedTask;
        }

        _refusal = _step == 1 && _draft.MissingColumn is { } missing ? T[missing].Value : null;
        if (_refusal is not null)
        {
            return Task.CompletedTask;
        }

        _step++;
        return _step switch
        {
            2 => DoAsync(LoadUnknownAsync),
            Check => DoAsync(PlanAsync),
            _ => Task.CompletedTask,
        };
    }

    private async Task LoadUnknownAsync()
    {
        _unknown = null;
        _owners = await Imports.OwnersAsync(_left);
        _unknown = await Imports.UnknownValuesAsync(_draft.Order(), _left);
    }

    private async Task PlanAsync()
    {
        (_plan, _checked) = (null, 0);
        _plan = await Imports.PlanAsync(_draft.Order(), new Progress<int>(rows =>
        {
            _checked = rows;
            _ = InvokeAsync(StateHasChanged);
        }), _left);
    }

    private Task RunAsync() => DoAsync(async () =>
    {
        if (_isHandedOver)
        {
            return;
        }

        var runId = await Imports.StartAsync(_plan!.Order);
        _isHandedOver = true;
        Navigation.NavigateTo($"/imports/{runId}");
    });

    // A second click reaches us before the browser has heard that the button is off.
    private async Task DoAsync(Func<Task> act)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _refusal) = (true, null);
        try
        {
            await act();
        }
        catch (BusinessRuleException refusal)
        {
            _refusal = T.Of(refusal);
        }
        catch (Exception failure) when (failure is IOException or JSException)
        {
            _refusal = T["Le fichier n'a pas pu être reçu en entier. Réessayez."];
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            _isBusy = false;
        }
    }
}
