using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>The names behind ids, for people who read the history: accounts, teams, stages, institutions, contacts, opportunities, tasks, activities, documents, segments, the bin included.</summary>
internal static class RecordNames
{
    // SQLite takes a bounded number of parameters in a statement.
    private const int Portion = 500;

    /// <summary>The name of each id that is known.</summary>
    public static async Task<Dictionary<Guid, string>> NamesOfAsync(this MedCrmDbContext db, IEnumerable<Guid> ids, CancellationToken cancellationToken = default)
    {
        var names = new Dictionary<Guid, string>();
        foreach (var portion in ids.Distinct().Chunk(Portion))
        {
            var found = await db.Users.Where(user => portion.Contains(user.Id)).Select(user => new { user.Id, Name = user.DisplayName })
                .Concat(db.Teams.Where(team => portion.Contains(team.Id)).Select(team => new { team.Id, team.Name }))
                .Concat(db.Stages.Where(stage => portion.Contains(stage.Id)).Select(stage => new { stage.Id, stage.Name }))
                .Concat(db.Institutions.IgnoreQueryFilters().Where(institution => portion.Contains(institution.Id)).Select(institution => new { institution.Id, institution.Name }))
                .Concat(db.Contacts.IgnoreQueryFilters().Where(contact => portion.Contains(contact.Id)).Select(contact => new { contact.Id, Name = contact.FullName }))
                .Concat(db.Opportunities.IgnoreQueryFilters().Where(opportunity => portion.Contains(opportunity.Id)).Select(opportunity => new { opportunity.Id, opportunity.Name }))
                .Concat(db.FollowUpTasks.IgnoreQueryFilters().Where(task => portion.Contains(task.Id)).Select(task => new { task.Id, Name = task.Title }))
                .Concat(db.TaskSeries.IgnoreQueryFilters().Where(series => portion.Contains(series.Id)).Select(series => new { series.Id, Name = series.Title }))
                .Concat(db.Activities.IgnoreQueryFilters().Where(activity => portion.Contains(activity.Id)).Select(activity => new { activity.Id, Name = activity.Sharing == Sharing.Private ? "Activité privée" : activity.Subject }))
                .Concat(db.Documents.IgnoreQueryFilters().Where(document => portion.Contains(document.Id)).Select(document => new { document.Id, document.Name }))
                .Concat(db.CatalogItems.IgnoreQueryFilters().Where(item => portion.Contains(item.Id)).Select(item => new { item.Id, item.Name }))
                .Concat(db.Quotes.IgnoreQueryFilters().Where(quote => portion.Contains(quote.Id)).Select(quote => new { quote.Id, Name = quote.Number }))
                .Concat(db.Invoices.IgnoreQueryFilters().Where(invoice => portion.Contains(invoice.Id)).Select(invoice => new { invoice.Id, Name = invoice.Number ?? invoice.Title }))
                .Concat(db.Contracts.IgnoreQueryFilters().Where(contract => portion.Contains(contract.Id)).Select(contract => new { contract.Id, Name = contract.Number }))
                .Concat(db.Segments.Where(segment => portion.Contains(segment.Id)).Select(segment => new { segment.Id, segment.Name }))
                .ToListAsync(cancellationToken);
            foreach (var row in found)
            {
                names[row.Id] = row.Name;
            }
        }

        return names;
    }
}
