using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports;
using MedCrm.Core.Sales;
using MedCrm.Core.Segments;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Customers;

/// <summary>The list of contacts: what its columns show, and how a cell or a selection is changed.</summary>
public sealed class ContactList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<Contact, ContactDetails>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Contact> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Contact> Definition => s_definition;

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<Contact> Columns => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditCustomers;

    /// <inheritdoc/>
    protected override IQueryable<Contact> Visible(MedCrmDbContext db, Actor actor) => VisibleContacts.Of(db, actor);

    /// <inheritdoc/>
    protected override IQueryable<Contact> Whole(IQueryable<Contact> records) => records.Include(contact => contact.Labels);

    /// <inheritdoc/>
    protected override ContactDetails DetailsOf(Contact record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, Contact record, ContactDetails details, CancellationToken cancellationToken)
    {
        record.Edit(details with { TeamId = await Assignment.TeamAsync(scope.Db, record, details.OwnerId, details.TeamId, cancellationToken) }, Clock.UtcNow);
        await Contacts.CheckUniqueAsync(scope.Db, record, cancellationToken);
    }

    private static ListDefinition<Contact> Define()
    {
        const string Identity = "Identité";
        const string Place = "Poste";
        const string Reach = "Coordonnées";
        const string Sales = "Suivi commercial";
        var list = new ListDefinition<Contact>("contacts", "contact", "contacts", c => c.SearchKey).SortedBy("name");

        list.Text("name", c => c.FullName).Titled("Nom").In(Identity).Shown().Wide(210).SortedBy(c => c.SearchKey).Opens("/contacts/{0}");
        list.Text("job", c => c.JobTitle).In(Identity).Shown().Wide(190).Edits<ContactDetails>(d => d.JobTitle);
        list.Text("institution", (scope, c) => scope.Db.ContactRoles
                .Where(role => role.ContactId == c.Id && role.EndedOn == null && scope.Db.Institutions.VisibleTo(scope.Actor).Any(institution => institution.Id == role.InstitutionId))
                .OrderByDescending(role => role.IsPrimary)
                .Select(role => role.Institution.Name)
                .FirstOrDefault())
            .Titled("Établissement").In(Place).Shown().Wide(230);
        list.Text("email", c => c.Email, ListKind.Email).In(Reach).Shown().Wide(220).Edits<ContactDetails>(d => d.Email);
        list.Text("mobile", c => c.Mobile, ListKind.Phone).In(Reach).Shown().Edits<ContactDetails>(d => d.Mobile);
        list.Text("phone", c => c.Phone, ListKind.Phone).In(Reach).Edits<ContactDetails>(d => d.Phone);
        list.User("owner", c => c.OwnerId).In(Sales).Shown().Pinned()
            .SortedBy((scope, c) => scope.Db.Users.Where(user => user.Id == c.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<ContactDetails>(d => d.OwnerId);

        list.Text("first-name", c => c.FirstName).In(Identity).Edits<ContactDetails>(d => d.FirstName);
        list.Text("last-name", c => c.LastName).Titled("Nom de famille").In(Identity).Edits<ContactDetails>(d => d.LastName);
        list.Choice("civility", c => c.Civility, [.. Contact.Civilities.Select(civility => new Choice(civility, civility))]).In(Identity).Wide(90).Edits<ContactDetails>(d => d.Civility);
        list.Text("speciality", c => c.Speciality).In(Identity).Wide(180).Edits<ContactDetails>(d => d.Speciality);
        list.Text("rpps", c => c.Rpps, ListKind.Finess).In(Identity).Wide(120).Edits<ContactDetails>(d => d.Rpps);
        list.Bool("primary", (scope, c) => scope.Db.ContactRoles.Any(role => role.ContactId == c.Id && role.IsPrimary)).Titled("Contact principal").In(Place).Wide(130);
        list.Choice<Influence>("influence", (scope, c) => scope.Db.ContactRoles
                .Where(role => role.ContactId == c.Id && role.EndedOn == null && scope.Db.Institutions.VisibleTo(scope.Actor).Any(institution => institution.Id == role.InstitutionId))
                .OrderByDescending(role => role.IsPrimary)
                .Select(role => (Influence?)role.Influence)
                .FirstOrDefault())
            .Titled("Influence").In(Place).Wide(120);
        list.Number("open-count", (scope, c) => scope.Db.Opportunities.VisibleTo(scope.Actor).Count(o => o.ContactId == c.Id && o.Outcome == StageOutcome.Open))
            .Titled("Affaires en cours").In(Sales).Wide(130);
        list.Choice("team", c => c.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .In(Sales).SortedBy((scope, c) => scope.Db.Teams.Where(team => team.Id == c.TeamId).Select(team => team.Name).FirstOrDefault())
            .Edits<ContactDetails>(d => d.TeamId);
        list.Tags("tags", c => c.Labels.OrderBy(label => label.Text).Select(label => label.Text).ToList(), c => c.Labels.Select(label => label.SearchKey))
            .Titled("Étiquettes").In(Sales).Wide(200)
            .Offers(scope => scope.Db.ContactLabels
                .Where(label => VisibleContacts.Of(scope.Db, scope.Actor).Any(contact => contact.Id == label.ContactId))
                .Select(label => label.Text))
            .Edits<ContactDetails>(d => d.Tags);
        list.Moment("updated", c => c.UpdatedAt).Titled("Modifié le").In(Sales);
        list.Moment("created", c => c.CreatedAt).Titled("Créé le").In(Sales);
        ImportedRecords.AddColumns(list, Sales);
        SegmentColumn.AddTo(list, SegmentSubject.Contact, Sales);
        return list;
    }
}
