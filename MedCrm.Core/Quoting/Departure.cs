using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

/// <summary>The one way a quote leaves the house, by e-mail or by hand: what follows for its deal happens in the same gesture.</summary>
public static class Departure
{
    // The code that the stage keeps when people give it another name.
    private const string ProposalStage = "Proposal";

    /// <summary>
    /// Sends a quote loaded with its lines, with the PDF that was printed of it (its path in the folder of files, its SHA-256 in lower-case hexadecimal).
    /// Its deal, still open, takes the quote's net amount unless it has lines of its own, and comes to the stage « Proposition » unless it is there or
    /// beyond. Returns what is told of the deal after « Devis envoyé »; null when there is nothing to tell. Runs in the caller's transaction.
    /// </summary>
    /// <exception cref="BusinessRuleException">The quote cannot be sent; nothing was taken. What the deal refuses is told and stops nothing.</exception>
    public static async Task<Sentence?> SendAsync(ListScope scope, Quote quote, string? pdfPath, string? pdfSha256, CancellationToken cancellationToken)
    {
        quote.Send(pdfPath, pdfSha256, scope.Clock.UtcNow, scope.Clock.Today);
        var deal = await scope.Db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).Include(o => o.Contacts).Include(o => o.Labels).AsSplitQuery()
            .SingleOrDefaultAsync(o => o.Id == quote.OpportunityId, cancellationToken);
        if (deal is not { Outcome: StageOutcome.Open })
        {
            return null;
        }

        deal.Touch(scope.Clock.UtcNow);
        var told = new List<Sentence>();
        if (TakeAmount(scope, deal, quote.Net) is { } amount)
        {
            told.Add(amount);
        }

        if (await MoveAsync(scope, deal, cancellationToken) is { } move)
        {
            told.Add(move);
        }

        return told.Count == 0 ? null : Sentence.Join(" ", told);
    }

    private static Sentence? TakeAmount(ListScope scope, Opportunity deal, decimal net)
    {
        if (deal.Lines.Count > 0 || deal.Amount == net)
        {
            return null;
        }

        try
        {
            deal.Edit(deal.Details() with { Amount = net }, scope.Clock.UtcNow);
            return $"Le montant de l'affaire est maintenant de {FrenchText.FormatAmount(net)}.";
        }
        catch (BusinessRuleException refusal)
        {
            return $"Le montant de l'affaire n'a pas suivi : {refusal.Sentence}";
        }
    }

    private static async Task<Sentence?> MoveAsync(ListScope scope, Opportunity deal, CancellationToken cancellationToken)
    {
        var proposal = await scope.Db.Stages.Where(stage => stage.Code == ProposalStage && stage.Outcome == StageOutcome.Open)
            .Select(stage => new { stage.Id, stage.Position }).SingleOrDefaultAsync(cancellationToken);
        if (proposal is null || deal.Stage.Position >= proposal.Position)
        {
            return null;
        }

        var (before, destination) = (deal.Stage.Name, await Transition.StageAsync(scope.Db, proposal.Id, cancellationToken));
        try
        {
            await Transition.MoveAsync(scope, deal, destination, null, cancellationToken);
        }
        catch (BusinessRuleException refusal)
        {
            return $"L'affaire reste en {before}. {refusal.Sentence}";
        }

        deal.RankAt(await ColumnOrder.RankAsync(scope.Db, destination.Id, deal.Id, null, cancellationToken));
        return $"L'affaire passe en {destination.Name}.";
    }
}
