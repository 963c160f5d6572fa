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
/// and the note is unique: a stop between two drafts loses nothing and doubles nothing. People look at the drafts and issue them.
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

    // Null when nothing is due; false for a stretch without anything to bill.
    private async Task<bool?> PrepareNextAsync(Guid contractId, DateOnly until, CancellationToken cancellationToken)
    {
        bool? made = null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(Actor.System, "Facture préparée", ChangeOrigin.Job);
        await db.InTransactionAsync(
            async () =>
            {
                if (await Contracts.Whole(db.Contracts).SingleOrDefaultAsync(c => c.Id == contractId && c.NextBillOn <= until, cancellationToken) is not { } contract || contract.NextInstalment() is not var (whole, to))
                {
                    return;
                }

                gesture.Sentence = $"Facture du contrat {contract.Number} préparée";
                var lines = contract.LinesFor(whole, to);
                var draft = lines.Count == 0 ? null : await Invoices.DraftForAsync(new ListScope(db, Actor.System, clock), await DetailsAsync(db, contract, lines, whole.From, to, cancellationToken), cancellationToken);
                contract.Bill(whole, to, draft?.Id, draft?.Net ?? 0, clock.UtcNow, clock.Today);
                made = draft is not null;
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return made;
    }

    // What the buyer asks for on every invoice comes from its profile; what the contract says wins.
    private static async Task<InvoiceDetails> DetailsAsync(MedCrmDbContext db, Contract contract, IReadOnlyList<LineDetails> lines, DateOnly from, DateOnly to, CancellationToken cancellationToken)
        => await Invoices.StartAsync(db, contract.InstitutionId, cancellationToken) with
        {
            Title = $"{contract.Title}, du {FrenchText.FormatDay(from)} au {FrenchText.FormatDay(to)}",
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
