using MedCrm.Core.Access;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

/// <summary>The one way a quote is accepted, online or on paper: what follows for its deal happens in the same gesture.</summary>
internal static class Acceptance
{
    /// <summary>
    /// Accepts a quote loaded with its lines, with those of its options that the customer takes. Its deal, still open, is won for the quote's amount
    /// under the rules of every move.
    /// </summary>
    /// <exception cref="Foundation.BusinessRuleException">The quote cannot be accepted any more, or an option is not one of its own.</exception>
    public static async Task AcceptAsync(ListScope scope, Quote quote, string by, AcceptanceMeans means, CancellationToken cancellationToken, IReadOnlyCollection<Guid>? options = null)
    {
        if (options is { Count: > 0 })
        {
            quote.TakeOptions(options, means, scope.Clock.Today);
        }

        quote.Accept(by, means, scope.Clock.UtcNow, scope.Clock.Today);
        var deal = await scope.Db.Opportunities.Include(o => o.Stage).Include(o => o.Lines).Include(o => o.Contacts).AsSplitQuery()
            .SingleOrDefaultAsync(o => o.Id == quote.OpportunityId, cancellationToken);
        if (deal is not { Outcome: StageOutcome.Open })
        {
            return;
        }

        var won = await scope.Db.Stages.Where(stage => stage.Outcome == StageOutcome.Won).OrderBy(stage => stage.Position).Select(stage => stage.Id).FirstAsync(cancellationToken);
        var terms = new MoveTerms { FinalAmount = deal.Lines.Count == 0 ? quote.Net : null, ForceReason = $"Devis {quote.RecordName} accepté" };

        // What the customer signed is a fact: whoever records it passes over what the checklist still asks for, and the reason stays in the deal's history.
        var recorder = new ListScope(scope.Db, scope.Actor with { Role = Role.Administrator }, scope.Clock);
        await Transition.MoveAsync(recorder, deal, await Transition.StageAsync(scope.Db, won, cancellationToken), terms, cancellationToken);
    }
}
