using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Contracting;

/// <summary>
/// Prepares the draft invoices of contracts some days ahead, one for each stretch that is billed. The draft and the note that the stretch is billed are saved together,
/// and the note is unique: a stop between two drafts loses nothing and doubles nothing. What no stretch carries any more, once a contract has nothing left to bill, is
/// drafted on its own. People look at the drafts and issue them.
/// </summary>
public sealed class RecurringInvoices(IDbContextFactory<MedCrmDbContext> contexts, BusinessClock clock, ILogger<RecurringInvoices> logger)
{
    // A contract entered long after its start: a year of monthly drafts at once is enough for a day.
    private const int MostAtOnce = 24;

    /// <summary>Serves a local day; answers how many drafts were prepared, in French.</summary>
    public async Task<string> PrepareAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        List<Guid> ids;
        DateOnly until;
        await using (var looking = await contexts.CreateDbContextAsync(cancellationToken))
        {
            until = day.AddDays((await Company.ReadAsync(looking, cancellationToken)).DraftDays);
            ids = await looking.Contracts.Where(contract => contract.NextBillOn <= until).OrderBy(contract => contract.NextBillOn).Select(contract => contract.Id).ToListAsync(cancellationToken);
        }

        var (prepared, refused) = (0, 0);
        foreach (var id in ids)
        {
            try
            {
                for (var count = 0; count < MostAtOnce && await PrepareNextAsync(id, until, cancellationToken) is { } isDraft; count++)
                {
                    prepared += isDraft ? 1 : 0;
                }
            }
            catch (BusinessRuleException refusal)
            {
                // One contract that a rule stops keeps the others from nothing.
                logger.LogError(refusal, "No draft for contract {ContractId}", id);
                refused++;
            }
        }

        var told = prepared switch
        {
            0 => "Aucune facture à préparer.",
            1 => "1 brouillon de facture préparé.",
            _ => $"{prepared} brouillons de facture préparés.",
        };
        return refused == 0 ? told : $"{told} Contrats refusés : {refused}, voir le journal du serveur.";
    }

    /// <summary>
    /// Drafts what no stretch of a contract will carry, for the caller's transaction, and notes it on the contract. A draft that waits is put right; what an issued
    /// invoice asked for too much returns by a credit note; the rest is asked for by an invoice of its own.
    /// </summary>
    /// <param name="scope">The database, who acts, the clock.</param>
    /// <param name="contract">The contract, with all its parts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many drafts were made or put right.</returns>
    /// <exception cref="BusinessRuleException">A draft refuses a value.</exception>
    internal static async Task<int> SettleAsync(ListScope scope, Contract contract, CancellationToken cancellationToken)
    {
        var (db, today) = (scope.Db, scope.Clock.Today);
        if (contract.Unsettled() is not { Count: > 0 } parts || contract.NextBillOn > today.AddDays((await Company.ReadAsync(db, cancellationToken)).DraftDays))
        {
            return 0;
        }

        var ids = parts.Select(part => part.InvoiceId).Distinct().ToList();
        var invoices = await Invoices.Whole(db.Invoices).Where(invoice => ids.Contains(invoice.Id)).ToDictionaryAsync(invoice => invoice.Id, cancellationToken);
        var (made, own, back) = (0, new List<ProrationPart>(), new List<(Invoice Original, List<ProrationPart> Parts)>());
        foreach (var group in parts.GroupBy(part => part.InvoiceId))
        {
            var isOwed = group.Sum(part => part.Amount) > 0;
            if (group.Key is not { } id || !invoices.TryGetValue(id, out var invoice))
            {
                // What was never asked for is not given back.
                own.AddRange(group.Where(_ => isOwed));
            }
            else if (invoice.Number is null)
            {
                Invoices.AddLines(scope, invoice, [.. group.Select(part => part.Line)]);
                made++;
            }
            else if (isOwed)
            {
                own.AddRange(group);
            }
            else
            {
                back.Add((invoice, [.. group]));
            }
        }

        if (own.Count > 0 && own.Sum(part => part.Amount) + back.Sum(one => one.Parts.Sum(part => part.Amount)) >= 0)
        {
            own.AddRange(back.SelectMany(one => one.Parts));
            back.Clear();
        }

        foreach (var (original, taken) in back)
        {
            await Invoices.CreditForAsync(scope, original, contract.Id, $"Contrat {contract.Number}", Span(taken), [.. taken.Select(part => part.Line with { Quantity = -part.Line.Quantity })], cancellationToken);
            made++;
        }

        if (own.Count > 0)
        {
            var (from, to) = Span(own);
            var details = await DetailsAsync(db, contract, [.. own.Select(part => part.Line)], from, to, cancellationToken);
            await Invoices.DraftForAsync(scope, details with { Title = Clean.Shortened($"{contract.Title}, régularisation", 200), PeriodFrom = null }, cancellationToken);
            made++;
        }

        contract.Settle(-back.Sum(one => one.Parts.Sum(part => part.Amount)), today);
        return made;
    }

    private static (DateOnly From, DateOnly To) Span(IReadOnlyCollection<ProrationPart> parts) => (parts.Min(part => part.From), parts.Max(part => part.To));

    // Null when nothing is due; false for a stretch without anything to bill.
    private async Task<bool?> PrepareNextAsync(Guid contractId, DateOnly until, CancellationToken cancellationToken)
    {
        bool? made = null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(Actor.System, "Facture préparée", ChangeOrigin.Job);
        await db.InTransactionAsync(
            async () =>
            {
                if (await Contracts.Whole(db.Contracts).SingleOrDefaultAsync(c => c.Id == contractId && c.NextBillOn <= until, cancellationToken) is not { } contract)
                {
                    return;
                }

                gesture.Sentence = $"Facture du contrat {contract.Number} préparée";
                var scope = new ListScope(db, Actor.System, clock);
                if (contract.NextInstalment() is var (whole, from, to))
                {
                    var lines = contract.LinesFor(whole, from, to);
                    var draft = lines.Count == 0 ? null : await Invoices.DraftForAsync(scope, await DetailsAsync(db, contract, lines, from, to, cancellationToken), cancellationToken);
                    contract.Bill(whole, from, to, draft?.Id, draft?.Net ?? 0, clock.UtcNow, clock.Today);
                    made = draft is not null;
                }
                else
                {
                    made = await SettleAsync(scope, contract, cancellationToken) > 0;
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return made;
    }

    // What the buyer asks for on every invoice comes from its profile; what the contract says wins.
    private static async Task<InvoiceDetails> DetailsAsync(MedCrmDbContext db, Contract contract, IReadOnlyList<LineDetails> lines, DateOnly from, DateOnly to, CancellationToken cancellationToken)
        => await Invoices.StartAsync(db, contract.InstitutionId, cancellationToken) with
        {
            Title = $"{Clean.Shortened(contract.Title, 170)}, du {FrenchText.FormatDay(from)} au {FrenchText.FormatDay(to)}",
            ContactId = contract.ContactId,
            OpportunityId = contract.OpportunityId,
            ContractId = contract.Id,
            PeriodFrom = from,
            OwnerId = contract.OwnerId,
            TeamId = contract.TeamId,
            ServiceFrom = from,
            ServiceTo = to,
            TermKind = contract.TermKind,
            TermDays = contract.TermDays,
            PurchaseOrder = contract.PurchaseOrder,
            Introduction = $"Contrat {contract.Number}",
            Lines = lines,
        };
}
