using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Scoring;

/// <summary>What a suggestion leads to.</summary>
public enum SuggestionKind
{
    Call,
    ReportMeeting,
    OpenTask,
    OpenDeal,
    OpenQuote,
    OpenInvoice,
    AddContact,
}

/// <summary>What would be best to do next with an institution, and why.</summary>
/// <param name="Kind">What a click does.</param>
/// <param name="Text">What to do.</param>
/// <param name="Reason">Why, with the fact.</param>
/// <param name="RecordId">The meeting, the task, the deal or the contact it is about.</param>
public sealed record Suggestion(SuggestionKind Kind, Sentence Text, Sentence Reason, Guid? RecordId = null);

/// <summary>The door of suggestions: the first of a few plain rules that applies, the most pressing first.</summary>
public sealed class Suggestions(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int MissedCallDays = 14;
    private const int AnswerDays = 7;

    /// <summary>What would be best to do next with an institution; null when nothing presses or it is out of sight.</summary>
    public async Task<Suggestion?> OfInstitutionAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var institution = await db.Institutions.VisibleTo(actor).Where(i => i.Id == institutionId).Select(i => new { i.Status, i.CreatedAt }).SingleOrDefaultAsync(cancellationToken);
        if (institution is null)
        {
            return null;
        }

        var policy = await Scores.PolicyAsync(db, cancellationToken);
        var activities = VisibleActivities.Of(db, actor).Where(a => a.InstitutionId == institutionId);
        var deals = db.Opportunities.VisibleTo(actor).Where(deal => deal.InstitutionId == institutionId && deal.Outcome == StageOutcome.Open);
        var tasks = TaskLine.OfInstitution(db, actor, institutionId).Where(task => task.IsOpen);
        var lastContact = await activities.Where(a => a.IsContact).MaxAsync(a => (DateTime?)a.At, cancellationToken);
        return await MissedCallAsync(db, actor, activities, lastContact, cancellationToken)
            ?? await UnreportedMeetingAsync(activities, cancellationToken)
            ?? await OverdueAsync(tasks, deals, cancellationToken)
            ?? await UnpaidAsync(db.Invoices.VisibleTo(actor).Where(invoice => invoice.InstitutionId == institutionId), cancellationToken)
            ?? await UnansweredAsync(db.Quotes.VisibleTo(actor).Where(quote => quote.InstitutionId == institutionId), cancellationToken)
            ?? await UnansweredAsync(deals, cancellationToken)
            ?? await UnplannedAsync(deals, tasks, cancellationToken)
            ?? Silent(institution.Status, lastContact, policy)
            ?? await StrangersAsync(db, institutionId, lastContact, cancellationToken);
    }

    private async Task<Suggestion?> MissedCallAsync(MedCrmDbContext db, Actor actor, IQueryable<Activity> activities, DateTime? lastContact, CancellationToken cancellationToken)
    {
        var since = clock.UtcNow.AddDays(-MissedCallDays);
        var missed = await activities
            .Where(a => a.Kind == ActivityKind.Call && a.Direction == CallDirection.Missed && a.At >= since && (lastContact == null || a.At > lastContact))
            .OrderByDescending(a => a.At)
            .Select(a => new { a.At, ContactId = a.People.Select(person => person.ContactId).FirstOrDefault() })
            .FirstOrDefaultAsync(cancellationToken);
        if (missed is null)
        {
            return null;
        }

        var name = await VisibleContacts.Of(db, actor).Where(contact => contact.Id == missed.ContactId).Select(contact => contact.FullName).SingleOrDefaultAsync(cancellationToken);
        return new Suggestion(SuggestionKind.Call, name is null ? "Rappeler" : (Sentence)$"Rappeler {name}", $"appel manqué {(Sentence)Ago(missed.At)}", missed.ContactId);
    }

    private async Task<Suggestion?> UnreportedMeetingAsync(IQueryable<Activity> activities, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow;
        var meeting = await activities.Where(a => a.Kind == ActivityKind.Meeting && a.Status == MeetingStatus.Planned && a.At < now)
            .OrderByDescending(a => a.At).Select(a => new { a.Id, a.Subject, a.At }).FirstOrDefaultAsync(cancellationToken);
        return meeting is null ? null : new Suggestion(SuggestionKind.ReportMeeting, $"Rendre compte de « {meeting.Subject} »", $"réunion prévue {(Sentence)Ago(meeting.At)}", meeting.Id);
    }

    private async Task<Suggestion?> OverdueAsync(IQueryable<FollowUpTask> tasks, IQueryable<Opportunity> deals, CancellationToken cancellationToken)
    {
        var today = clock.Today;
        var task = await tasks.Where(t => t.DueOn < today).OrderBy(t => t.DueOn).ThenBy(t => t.Id).Select(t => new { t.Id, t.Title, On = t.DueOn!.Value }).FirstOrDefaultAsync(cancellationToken);
        var deal = await deals.Where(d => d.NextActionOn < today).OrderBy(d => d.NextActionOn).ThenBy(d => d.Id).Select(d => new { d.Id, Title = d.NextAction ?? d.Name, On = d.NextActionOn!.Value }).FirstOrDefaultAsync(cancellationToken);
        return (task, deal) switch
        {
            (null, null) => null,
            (not null, _) when deal is null || task.On <= deal.On => new Suggestion(SuggestionKind.OpenTask, task.Title, Late(task.On), task.Id),
            _ => new Suggestion(SuggestionKind.OpenDeal, deal!.Title, Late(deal.On), deal.Id),
        };
    }

    private async Task<Suggestion?> UnpaidAsync(IQueryable<Invoice> invoices, CancellationToken cancellationToken)
    {
        var today = clock.Today;
        var late = await invoices.Overdue(today)
            .OrderBy(i => i.DueOn).ThenBy(i => i.Number).Select(i => new { i.Id, i.Number, i.Balance, On = i.DueOn!.Value }).FirstOrDefaultAsync(cancellationToken);
        return late is null ? null : new Suggestion(SuggestionKind.OpenInvoice, $"Relancer {late.Number}", $"{FrenchText.FormatAmount(late.Balance)} dus depuis {today.DayNumber - late.On.DayNumber} j", late.Id);
    }

    private async Task<Suggestion?> UnansweredAsync(IQueryable<Quote> quotes, CancellationToken cancellationToken)
    {
        var (today, since) = (clock.Today, clock.UtcNow.AddDays(-AnswerDays));
        var waiting = await quotes.Awaiting(today).Where(q => q.IsLast && q.SentAt < since)
            .OrderByDescending(q => q.Net).ThenBy(q => q.Number).Select(q => new { q.Id, q.Number, q.SentAt }).FirstOrDefaultAsync(cancellationToken);
        return waiting is null ? null : new Suggestion(SuggestionKind.OpenQuote, $"Relancer le devis {waiting.Number}", $"sans réponse depuis {Days(waiting.SentAt!.Value)} j", waiting.Id);
    }

    private async Task<Suggestion?> UnansweredAsync(IQueryable<Opportunity> deals, CancellationToken cancellationToken)
    {
        var since = clock.UtcNow.AddDays(-AnswerDays);
        var deal = await deals.Where(d => d.Stage.Code == "Proposal" && d.StageEnteredAt < since && d.LastInteractionAt < since)
            .OrderByDescending(d => d.Amount).Select(d => new { d.Id, d.Name, d.LastInteractionAt }).FirstOrDefaultAsync(cancellationToken);
        return deal is null ? null : new Suggestion(SuggestionKind.OpenDeal, $"Relancer « {deal.Name} »", $"proposition sans réponse depuis {Days(deal.LastInteractionAt)} j", deal.Id);
    }

    private static async Task<Suggestion?> UnplannedAsync(IQueryable<Opportunity> deals, IQueryable<FollowUpTask> tasks, CancellationToken cancellationToken)
    {
        var deal = await deals.Where(d => d.NextActionOn == null && !tasks.Any(task => task.OpportunityId == d.Id))
            .OrderByDescending(d => d.Amount).Select(d => new { d.Id, d.Name, d.Amount }).FirstOrDefaultAsync(cancellationToken);
        return deal is null ? null : new Suggestion(SuggestionKind.OpenDeal, $"Planifier la suite de « {deal.Name} »", $"affaire de {deal.Amount.ToString("N0", FrenchText.Culture)} € HT sans prochaine action", deal.Id);
    }

    private Suggestion? Silent(CustomerStatus status, DateTime? lastContact, ScoringPolicy policy)
        => status is CustomerStatus.Customer && lastContact is { } last && Days(last) > policy.SilentDays
            ? new Suggestion(SuggestionKind.Call, "Prendre des nouvelles", $"aucun échange depuis {Days(last)} j")
            : null;

    private static async Task<Suggestion?> StrangersAsync(MedCrmDbContext db, Guid institutionId, DateTime? lastContact, CancellationToken cancellationToken)
    {
        var people = db.ContactRoles.Where(role => role.InstitutionId == institutionId && role.EndedOn == null && role.Contact.DeletedAt == null);
        if (!await people.AnyAsync(cancellationToken))
        {
            return new Suggestion(SuggestionKind.AddContact, "Trouver un interlocuteur", "aucun contact en poste n'est connu");
        }

        return lastContact is null ? new Suggestion(SuggestionKind.Call, "Passer un premier appel", "aucun échange noté")
            : !await people.AnyAsync(role => role.Influence == Influence.DecisionMaker, cancellationToken) ? new Suggestion(SuggestionKind.AddContact, "Identifier qui décide", "aucun décideur n'est connu")
            : null;
    }

    private int Days(DateTime moment) => clock.Today.DayNumber - clock.DayOf(moment).DayNumber;

    private string Ago(DateTime moment) => Days(moment) switch { <= 0 => "aujourd'hui", 1 => "hier", var days => $"il y a {days} j" };

    private Sentence Late(DateOnly on) => $"en retard de {clock.Today.DayNumber - on.DayNumber} j";
}
