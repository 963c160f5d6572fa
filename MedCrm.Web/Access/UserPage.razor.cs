using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Web.Account;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Access;

/// <summary>One account: what it is, how it signs in, what it follows.</summary>
public sealed partial class UserPage : IDisposable
{
    private readonly FormState _form = new();
    private readonly FormState _passwordForm = new();
    private readonly FormState _reassignForm = new();
    private Follower _follower = null!;
    private UserRow? _row;
    private Holdings _holdings = new(0, 0, 0, 0, 0, 0, 0);
    private UserDetails _seen = new();
    private UserDetails _mine = new();
    private NewPassword _password = new();
    private Receiver _receiver = new();
    private ConflictDialog? _conflicts;
    private TemporaryPassword? _shown;
    private string? _refusal;
    private bool _missing;
    private bool _choosingPassword;
    private bool _resetting;
    private bool _reassigning;

    /// <summary>The account.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private Users Users { get; set; } = null!;

    [Inject]
    private Credentials Credentials { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [Inject]
    private Acts Acts { get; set; } = null!;

    [Inject]
    private ChangeNews News { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _follower?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized()
        => _follower = new Follower(News, Concerns, LoadAsync, InvokeAsync, DispatchExceptionAsync);

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => LoadAsync(_follower.Left);

    // A bulk gesture or its undo may give records to this person or take them away.
    private bool Concerns(CommittedChange change) => change.Touches(Id) || change.Origin is ChangeOrigin.Bulk or ChangeOrigin.Undo;

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var fresh = await Users.FindAsync(Id, cancellationToken);
        _missing = fresh is null;
        if (fresh is not null)
        {
            _holdings = await Users.HoldingsAsync(Id, cancellationToken);
            var details = new UserDetails { DisplayName = fresh.Name, Email = fresh.Email, Role = fresh.Role, TeamId = fresh.TeamId };
            if (_mine == _seen)
            {
                // Nothing typed yet: the form follows what others save. Otherwise the merge decides at the save.
                (_seen, _mine) = (details, details with { });
            }
        }

        _row = fresh;
        StateHasChanged();
    }

    private async Task SaveAsync()
    {
        if (await _conflicts!.SaveAsync(_seen, _mine, (seen, mine) => Users.EditAsync(Id, seen, mine)) is { } done)
        {
            _seen = _mine;
            await DoneAsync(done);
        }
    }

    private void OpenPassword()
    {
        _password = new();
        _passwordForm.Clear();
        _choosingPassword = true;
    }

    private async Task ResetPasswordAsync()
    {
        var (password, temporary) = _password.Decide();
        var done = await Credentials.ResetPasswordAsync(Id, password, temporary);
        _choosingPassword = false;
        await DoneAsync(done);
        if (_password.IsGenerated)
        {
            _shown!.Show(_row!.Name, password);
        }
    }

    private void OpenReassign()
    {
        _receiver = new();
        _reassignForm.Clear();
        _reassigning = true;
    }

    private async Task ReassignAsync()
    {
        if (_receiver.ToUserId is not { } toUserId)
        {
            throw new BusinessRuleException(T["Choisissez qui reprend ces fiches."], nameof(Receiver.ToUserId));
        }

        var done = await Users.ReassignAsync(Id, toUserId);
        _reassigning = false;
        await DoneAsync(done);
    }

    private Task<bool> ActAsync(Func<Task<Done>> act)
        => Acts.RunAsync(async () => await DoneAsync(await act()), refusal => _refusal = T.Of(refusal));

    private async Task DoneAsync(Done done)
    {
        _refusal = null;
        Toasts.Show(done);
        await LoadAsync(_follower.Left);
    }

    private sealed class Receiver
    {
        [Display(Name = "Confier à")]
        public Guid? ToUserId { get; set; }
    }
}
