using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>A line of a statement as the page shows it.</summary>
/// <param name="Match">What it seems to pay; null when nothing fits, or once it is recorded.</param>
/// <param name="IsRecorded">It is recorded already, by this file or another.</param>
public sealed record BankProposal(BankLine Line, BankMatch? Match, bool IsRecorded);

/// <summary>The door of bank statements: proposes what each line pays. Nothing is recorded without a click, and no line is recorded twice.</summary>
public sealed class BankStatements(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Payments payments)
{
    /// <summary>What the lines seem to pay, against the invoices that wait for money now.</summary>
    public async Task<IReadOnlyList<BankProposal>> ProposeAsync(IReadOnlyList<BankLine> lines, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recorded = new HashSet<string>();
        foreach (var keys in lines.Select(line => line.Key).Chunk(500))
        {
            recorded.UnionWith(await db.Payments.Where(payment => payment.BankKey != null && keys.Contains(payment.BankKey)).Select(payment => payment.BankKey!).ToListAsync(cancellationToken));
        }

        var open = await InvoiceList.Of(db, actor).Where(i => i.Balance > 0)
            .Select(i => new PayableInvoice(new OpenInvoice(i.Id, i.Number!, i.Title, i.IssuedOn!.Value, i.DueOn!.Value, i.Gross - i.Prepaid, i.Balance, i.DisputedOn != null), i.InstitutionId, i.Institution.Name, i.Institution.ShortName))
            .ToListAsync(cancellationToken);
        var fresh = lines.Where(line => !recorded.Contains(line.Key)).ToList();
        var matches = BankMatching.Propose(fresh, open).Index().ToDictionary(row => fresh[row.Index].Key, row => row.Item);
        return [.. lines.Select(line => new BankProposal(line, matches.GetValueOrDefault(line.Key), recorded.Contains(line.Key)))];
    }

    /// <summary>Records the lines that something matches, one after the other. What a rule refuses stays a proposal and is told.</summary>
    public async Task<BulkResult> AcceptManyAsync(IReadOnlyList<BankProposal> proposals, CancellationToken cancellationToken = default)
    {
        var (recorded, amount, failures) = (0, 0m, new List<RefusedRow>());
        foreach (var (line, match) in proposals.Where(proposal => proposal is { IsRecorded: false, Match: not null }).Select(proposal => (proposal.Line, proposal.Match!)))
        {
            try
            {
                await AcceptAsync(line, match.InstitutionId, match.Shares, cancellationToken);
                (recorded, amount) = (recorded + 1, amount + line.Amount);
            }
            catch (BusinessRuleException refusal)
            {
                failures.Add(new RefusedRow(match.InstitutionId, line.Label, refusal.Sentence));
            }
        }

        var told = recorded < 2 ? $"{recorded} règlement enregistré : {FrenchText.FormatAmount(amount)}" : $"{recorded} règlements enregistrés : {FrenchText.FormatAmount(amount)}";
        return new BulkResult(recorded, failures, new Done(Guid.Empty, told, null));
    }

    /// <summary>Records a line as money of a payer, with its shares.</summary>
    /// <exception cref="BusinessRuleException">It is recorded already, or an invoice waits for less now.</exception>
    public Task<Done> AcceptAsync(BankLine line, Guid institutionId, IReadOnlyList<AllocationShare> shares, CancellationToken cancellationToken = default)
        => payments.RecordAsync(
            new PaymentDetails
            {
                InstitutionId = institutionId,
                ReceivedOn = line.On,
                Amount = line.Amount,
                Means = PaymentMeans.Transfer,
                Reference = Clean.Shortened(line.Label, 140),
                BankKey = line.Key,
            },
            shares,
            cancellationToken);
}
