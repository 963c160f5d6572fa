using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Invoicing;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MedCrm.Web.Invoicing;

/// <summary>The statement of a bank: its columns, the money that came, what each line seems to pay. Nothing is recorded without a click.</summary>
public sealed partial class BankPage
{
    private const int Portion = 100;

    private readonly FormState _form = new();
    private BankFile? _file;
    private BankMapping _mapping = new();
    private BankContent? _content;
    private IReadOnlyList<BankProposal> _proposals = [];
    private IReadOnlyList<SelectOption<int?>> _columns = [];
    private string? _refusal;
    private IReadOnlyList<RefusedRow> _refused = [];
    private bool _isBusy;
    private int _shown = Portion;

    [Inject] public required BankStatements Statements { get; init; }
    [Inject] public required Panels Panels { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private List<BankProposal> Sure => [.. _proposals.Where(proposal => proposal is { IsRecorded: false, Match.IsSure: true })];

    private Task ReceiveAsync(InputFileChangeEventArgs chosen) => RunAsync(async () =>
    {
        Forget();
        if (chosen.File.Size > BankFile.MaxBytes)
        {
            throw new BusinessRuleException("Ce fichier est trop grand pour un relevé : 5 Mo au plus.");
        }

        using var content = new MemoryStream();
        await using (var stream = chosen.File.OpenReadStream(BankFile.MaxBytes))
        {
            await stream.CopyToAsync(content);
        }

        _file = BankFile.Read(content);
        _mapping = _file.Guess with { };
        _columns = [.. _file.Columns.Select((title, place) => new SelectOption<int?>(place, title))];
        if (_mapping is { Date: not null, Label: not null } && (_mapping.Amount ?? _mapping.Credit) is not null)
        {
            await ReadAsync();
        }
    });

    private async Task ReadAsync()
    {
        _content = _file!.Contents(_mapping);
        await ProposeAsync();
    }

    private async Task ProposeAsync() => _proposals = await Statements.ProposeAsync(_content!.Credits);

    private Task AcceptAsync(BankLine line, BankMatch match) => RunAsync(async () =>
    {
        var done = await Statements.AcceptAsync(line, match.InstitutionId, match.Shares);
        await ProposeAsync();
        Toasts.Show(done);
    });

    private Task AcceptSureAsync() => RunAsync(async () =>
    {
        var result = await Statements.AcceptManyAsync(Sure);
        await ProposeAsync();
        Toasts.Show(result.Done);
        _refused = result.Failures;
    });

    private Task ChooseAsync(BankProposal proposal) => RunAsync(async () =>
    {
        await Panels.OpenAsync<PaymentPanel>((nameof(PaymentPanel.Line), proposal.Line), (nameof(PaymentPanel.InstitutionId), proposal.Match?.InstitutionId));
        await ProposeAsync();
    });

    private void Forget()
    {
        (_file, _content, _proposals, _refusal, _shown) = (null, null, [], null, Portion);
        _form.Clear();
    }

    private async Task RunAsync(Func<Task> act)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _refusal, _refused) = (true, null, []);
        try
        {
            await act();
        }
        catch (BusinessRuleException refusal)
        {
            _refusal = T.Of(refusal);
        }
        finally
        {
            _isBusy = false;
        }
    }
}
