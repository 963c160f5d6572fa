using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Documents;

/// <summary>The list of documents, wherever they are attached: what conditions on them compare.</summary>
public sealed class DocumentList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : RecordList<Document>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Document> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Document> Definition => s_definition;

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<Document> Columns => s_definition;

    /// <inheritdoc/>
    protected override IQueryable<Document> Visible(MedCrmDbContext db, Actor actor) => VisibleDocuments.Of(db, actor);

    private static ListDefinition<Document> Define()
    {
        var list = new ListDefinition<Document>("documents", "document", "documents", d => d.SearchKey).SortedBy("name");
        list.Text("name", d => d.Name).Shown().Wide(280).SortedBy(d => d.SearchKey).Opens(Document.Address);
        list.Choice("category", d => d.Category).Shown();
        list.Text("description", d => d.Description).Wide(280);
        list.Date("keep-until", d => d.KeepUntil).Shown();
        list.User("owner", d => d.OwnerId).Shown().SortedBy((scope, d) => scope.Db.Users.Where(user => user.Id == d.OwnerId).Select(user => user.DisplayName).FirstOrDefault());
        list.Moment("created", d => d.CreatedAt).Titled("Ajouté le").Shown();
        list.Moment("updated", d => d.UpdatedAt).Titled("Modifié le");
        return list;
    }
}
