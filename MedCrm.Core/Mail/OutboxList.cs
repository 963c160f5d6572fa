using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Mail;

/// <summary>The outbox as a list: every message, where it stands, when it is tried next, what the server had against it.</summary>
public sealed class OutboxList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : RecordList<OutgoingMessage>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<OutgoingMessage> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<OutgoingMessage> Definition => s_definition;

    /// <summary>The colour of a state.</summary>
    public static string ToneOf(MessageStatus status) => status switch
    {
        MessageStatus.Sent => "ok",
        MessageStatus.ToCheck => "warn",
        MessageStatus.Failed or MessageStatus.Abandoned => "bad",
        MessageStatus.Sending => "info",
        _ => "neutral",
    };

    /// <inheritdoc/>
    protected override IQueryable<OutgoingMessage> Visible(MedCrmDbContext db, Actor actor) => actor.May(Right.Administer) ? db.OutgoingMessages : db.OutgoingMessages.Where(_ => false);

    private static ListDefinition<OutgoingMessage> Define()
    {
        var list = new ListDefinition<OutgoingMessage>("outbox", "message", "messages", message => message.SearchKey).SortedBy("created", descending: true);
        list.Text("subject", (scope, message) => message.RecordType == nameof(Activity) && !VisibleActivities.Of(scope.Db, scope.Actor).Any(activity => activity.Id == message.RecordId) ? Outbox.Closed : message.Subject).Titled("Objet").Shown().Wide(240).Opens("/admin/outbox/{0}");
        list.Text("recipients", message => message.RecipientText).Shown().Wide(180).Unsorted();
        list.Choice("status", message => message.Status, ToneOf).Shown().Wide(120);
        list.Text("error", message => message.LastError).Shown().Wide(260).Unsorted();
        list.Moment("created", message => message.CreatedAt).Shown().Pinned().Wide(120);
        list.Moment("next", message => message.NextTryAt).Shown().Wide(120);
        list.Moment("sent", message => message.SentAt).Shown().Wide(120);
        list.Number("attempts", message => message.Attempts).Wide(80);
        list.Text("by", message => message.CausedByName).Wide(160);
        list.Number("files", message => message.Files.Count).Titled("Pièces jointes").Unsorted().Unfiltered().Wide(110);
        return list;
    }
}
