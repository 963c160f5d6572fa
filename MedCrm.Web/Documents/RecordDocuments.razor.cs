using MedCrm.Core.Access;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MedCrm.Web.Documents;

/// <summary>A file that the server took, as the browser tells it when all are through.</summary>
public sealed record SentFile(Guid Id, string Sentence, Guid? Gesture);

/// <summary>The documents of an institution, a contact or a deal. Files go from the browser to their address, not through the circuit, which hears of them once they are all through.</summary>
public sealed partial class RecordDocuments
{
    private readonly HashSet<Guid> _picked = [];
    private ElementReference _root;
    private Script? _script;
    private DotNetObjectReference<RecordDocuments>? _self;
    private Follower _follower = null!;
    private AddressPart _address = null!;
    private IReadOnlyList<DocumentLine>? _lines;
    private DocumentPlace? _place;
    private DocumentPlace? _started;
    private Guid? _open;
    private Guid? _asked;
    private bool _onlyExpired;
    private bool _mayAdd;

    [Inject] public required DocumentShelf Shelf { get; init; }
    [Inject] public required DocumentSettings Settings { get; init; }
    [Inject] public required ICurrentUser CurrentUser { get; init; }
    [Inject] public required ChangeNews News { get; init; }
    [Inject] public required Panels Panels { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required Acts Acts { get; init; }
    [Inject] public required ScreenTime Time { get; init; }
    [Inject] public required IJSRuntime JS { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    /// <summary>Shows the documents of an institution, and of its deals.</summary>
    [Parameter] public Guid? InstitutionId { get; set; }

    /// <summary>Shows the documents of a contact.</summary>
    [Parameter] public Guid? ContactId { get; set; }

    /// <summary>Shows the documents of a deal.</summary>
    [Parameter] public Guid? OpportunityId { get; set; }

    // The document that the address asks to open.
    private Guid? Asked => Guid.TryParse(_address["open"], out var id) ? id : null;

    private int Expired => _lines!.Count(IsExpired);

    private IReadOnlyList<DocumentLine> Shown => _onlyExpired && Expired > 0 ? [.. _lines!.Where(IsExpired)] : _lines!;

    private IReadOnlyList<Guid> Picked => _lines is null ? [] : [.. Shown.Where(line => _picked.Contains(line.Id)).Select(line => line.Id)];

    /// <summary>The browser sent files, and the server took these.</summary>
    [JSInvokable]
    public void Tell(SentFile[] files)
    {
        switch (files)
        {
            case []:
                break;
            case [var file]:
                Toasts.Show(new Done(file.Id, file.Sentence, file.Gesture));
                break;
            default:
                Toasts.Show(new Done(files[0].Id, T["{0} documents ajoutés", files.Length], files[0].Gesture));
                break;
        }
    }

    /// <summary>The browser asks for a document that was there already.</summary>
    [JSInvokable]
    public async Task ShowDocumentAsync(Guid documentId)
    {
        _onlyExpired = false;
        await LoadAsync(_follower.Left);
        Open(documentId);
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _address?.Dispose();
        _follower?.Dispose();
        if (_script is not null)
        {
            await _script.LetGoAsync("stop", _root);
        }

        _self?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _address = new AddressPart(Navigation, InvokeAsync, () =>
        {
            OpenAsked();
            StateHasChanged();
            return Task.CompletedTask;
        });
        _follower = new Follower(News, change => change.Touches(nameof(Document)), LoadAsync, InvokeAsync, DispatchExceptionAsync);
        _mayAdd = (await CurrentUser.GetAsync(_follower.Left)).May(Right.EditCustomers);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var place = new DocumentPlace(InstitutionId, ContactId, OpportunityId);
        if (_place != place)
        {
            (_place, _lines, _open, _onlyExpired) = (place, null, null, false);
            _picked.Clear();
            await LoadAsync(_follower.Left);
        }

        OpenAsked();
    }

    private void OpenAsked()
    {
        if (_asked != Asked)
        {
            _asked = Asked;
            Open(Asked ?? Guid.Empty);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_mayAdd && _lines is not null && _started != _place)
        {
            _started = _place;
            _script ??= new Script(JS, "./Documents/RecordDocuments.razor.js");
            _self ??= DotNetObjectReference.Create(this);
            await _script.InvokeAsync("start", _root, _self, Place, new
            {
                most = Settings.MaxOctets,
                tooLong = T["Ce fichier dépasse {0} Mo.", Settings.MaxMegabytes].Value,
                empty = T["Ce fichier est vide."].Value,
                folder = T["C'est un dossier : déposez les fichiers qu'il contient, ou une archive ZIP."].Value,
                cut = T["L'envoi a été coupé : rien n'a été gardé de ce fichier."].Value,
                ended = T["Votre session est terminée. Reconnectez-vous dans un autre onglet, puis réessayez."].Value,
                waits = T["En attente"].Value,
                checks = T["Vérification…"].Value,
                there = T["Déjà là : « {0} », version {1}."].Value,
                cancel = T["Arrêter"].Value,
                retry = T["Réessayer"].Value,
                show = T["Voir"].Value,
                close = T["Fermer"].Value,
                pasted = T["Collé le"].Value,
            });
        }
    }

    private Dictionary<string, Guid> Place => new(new[] { ("institution", InstitutionId), ("contact", ContactId), ("opportunity", OpportunityId) }
        .Where(part => part.Item2 is not null)
        .Select(part => KeyValuePair.Create(part.Item1, part.Item2!.Value)));

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var place = _place!;
        var lines = await Shelf.ListAsync(place, cancellationToken);
        if (place == _place)
        {
            _lines = lines;
            _open = lines.Any(line => line.Id == _open) ? _open : null;
            StateHasChanged();
        }
    }

    private bool IsExpired(DocumentLine line) => line.KeepUntil < Time.Today;

    private string Under(DocumentLine line) => (InstitutionId is not null && line.Opportunity is not null && line.Description is not null ? " · " : "") + line.Description;

    private void Show(bool onlyExpired) => _onlyExpired = onlyExpired;

    private void Open(Guid documentId) => _open = _lines?.Any(line => line.Id == documentId) is true ? documentId : null;

    private void Pick(Guid documentId, bool isPicked)
    {
        if (isPicked)
        {
            _picked.Add(documentId);
        }
        else
        {
            _picked.Remove(documentId);
        }
    }

    private void PickAll(ChangeEventArgs args)
    {
        foreach (var line in Shown)
        {
            Pick(line.Id, args.Value is true);
        }
    }

    private async Task EditAsync(Guid documentId) => await Panels.OpenAsync<DocumentPanel>((nameof(DocumentPanel.DocumentId), documentId));

    private async Task DeleteAsync(IReadOnlyList<Guid> documentIds)
    {
        if (await Acts.DoAsync(() => Shelf.DeleteAsync(documentIds)))
        {
            _picked.ExceptWith(documentIds);
            await LoadAsync(_follower.Left);
        }
    }
}
