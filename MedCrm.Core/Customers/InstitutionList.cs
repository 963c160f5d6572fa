using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Segments;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Customers;

/// <summary>The list of institutions: what its columns show, and how a cell or a selection is changed.</summary>
public sealed class InstitutionList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<Institution, InstitutionDetails>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Institution> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Institution> Definition => s_definition;

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<Institution> Columns => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditCustomers;

    /// <inheritdoc/>
    protected override IQueryable<Institution> Visible(MedCrmDbContext db, Actor actor) => db.Institutions.VisibleTo(actor);

    /// <inheritdoc/>
    protected override IQueryable<Institution> Whole(IQueryable<Institution> records) => records.Include(institution => institution.Labels);

    /// <inheritdoc/>
    protected override InstitutionDetails DetailsOf(Institution record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, Institution record, InstitutionDetails details, CancellationToken cancellationToken)
    {
        record.Edit(details with { TeamId = await Assignment.TeamAsync(scope.Db, record, details.OwnerId, details.TeamId, cancellationToken) }, Clock.UtcNow);
        await Institutions.CheckAsync(scope.Db, scope.Actor, record, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task RemoveAsync(ListScope scope, Institution record, CancellationToken cancellationToken)
    {
        await Institutions.CheckRemovableAsync(scope.Db, record, cancellationToken);
        await base.RemoveAsync(scope, record, cancellationToken);
    }

    private static ListDefinition<Institution> Define()
    {
        const string Identity = "Identité";
        const string Address = "Adresse";
        const string Medical = "Profil médical";
        const string Sales = "Suivi commercial";
        var list = new ListDefinition<Institution>("institutions", "établissement", "établissements", i => i.SearchKey).SortedBy("name");

        list.Text("name", i => i.Name).In(Identity).Shown().Wide(290).SortedBy(i => i.SearchKey).Edits<InstitutionDetails>(d => d.Name).Opens("/institutions/{0}");
        list.Text("city", i => i.City).In(Address).Shown().Wide(150).Edits<InstitutionDetails>(d => d.City);
        list.Text("finess", i => i.FinessEt, ListKind.Finess).Titled("FINESS").In(Identity).Shown().Wide(108).Edits<InstitutionDetails>(d => d.FinessEt);
        list.Choice("category", i => i.CategoryCode, [.. Nomenclature.Categories.Select(category => new Choice(category.Code, category.ShortLabel, "neutral"))])
            .In(Identity).Shown().Pinned().Wide(130).Edits<InstitutionDetails>(d => d.CategoryCode);
        list.Choice("status", i => i.Status, Tones.Of).In(Sales).Shown().Pinned().Wide(140).Edits<InstitutionDetails>(d => d.Status);
        list.Number("health", (scope, i) => scope.Db.InstitutionScores.Where(score => score.InstitutionId == i.Id).Select(score => score.Health).FirstOrDefault()).Titled("Santé").In(Sales).Shown().Wide(84);
        list.Choice<HealthClass>("health-class", (scope, i) => scope.Db.InstitutionScores.Where(score => score.InstitutionId == i.Id && score.Health != null).Select(score => (HealthClass?)(score.Health >= Formulas.GoodFrom ? HealthClass.Good : score.Health >= Formulas.FairFrom ? HealthClass.Fair : HealthClass.Poor)).FirstOrDefault(), ScoreTones.Of).Titled("État de santé").In(Sales).Unsorted();
        list.Number("lead", (scope, i) => scope.Db.InstitutionScores.Where(score => score.InstitutionId == i.Id).Select(score => score.Lead).FirstOrDefault()).Titled("Potentiel").In(Sales).Wide(92);
        list.Date("last-contact", (scope, i) => scope.Db.InstitutionScores.Where(score => score.InstitutionId == i.Id).Select(score => score.LastContactOn).FirstOrDefault()).Titled("Dernier échange").In(Sales).Wide(116);
        list.Number("beds", i => i.BedsTotal).Titled("Lits").In(Medical).Shown().Wide(76);
        list.Money("open-amount", (scope, i) => scope.Db.Opportunities.VisibleTo(scope.Actor)
                .Where(o => o.InstitutionId == i.Id && o.Outcome == StageOutcome.Open)
                .Sum(o => o.Amount))
            .Titled("Affaires en cours").In(Sales).Shown().Wide(136);
        list.User("owner", i => i.OwnerId).In(Sales).Shown().Pinned()
            .SortedBy((scope, i) => scope.Db.Users.Where(user => user.Id == i.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<InstitutionDetails>(d => d.OwnerId);

        list.Text("short-name", i => i.ShortName).In(Identity).Edits<InstitutionDetails>(d => d.ShortName);
        list.Text("finess-ej", i => i.FinessEj, ListKind.Finess).Titled("FINESS EJ").In(Identity).Edits<InstitutionDetails>(d => d.FinessEj);
        list.Text("siren", i => i.Siren, ListKind.Finess).In(Identity).Edits<InstitutionDetails>(d => d.Siren);
        list.Text("siret", i => i.Siret, ListKind.Finess).In(Identity).Wide(150).Edits<InstitutionDetails>(d => d.Siret);
        list.Text("vat", i => i.VatNumber, ListKind.Finess).In(Identity).Wide(140).Edits<InstitutionDetails>(d => d.VatNumber);
        list.Choice("legal-status", i => i.LegalStatusCode, [.. Nomenclature.LegalStatuses.Select(status => new Choice(status.Code, status.Label))])
            .In(Identity).Wide(260).Edits<InstitutionDetails>(d => d.LegalStatusCode);
        list.Choice("ownership", i => i.Ownership).In(Identity).Edits<InstitutionDetails>(d => d.Ownership);
        list.Bool("legal-entity", i => i.IsLegalEntity).In(Identity).Wide(130).Edits<InstitutionDetails>(d => d.IsLegalEntity);

        list.Text("street", i => i.Street).In(Address).Wide(220).Edits<InstitutionDetails>(d => d.Street);
        list.Text("address2", i => i.AddressLine2).In(Address).Edits<InstitutionDetails>(d => d.AddressLine2);
        list.Text("postcode", i => i.Postcode, ListKind.Finess).In(Address).Edits<InstitutionDetails>(d => d.Postcode);
        list.Choice("dept", i => i.DepartmentCode, [.. Departments.All.Select(department => new Choice(department.Code, $"{department.Code} {department.Name}"))])
            .In(Address).Pinned().Wide(190).Edits<InstitutionDetails>(d => d.DepartmentCode);
        list.Choice("region", i => i.RegionCode, [.. Nomenclature.Regions.OrderBy(region => region.Label, StringComparer.CurrentCulture).Select(region => new Choice(region.Code, region.Label))])
            .In(Address).Wide(210);
        list.Text("phone", i => i.Phone, ListKind.Phone).In(Address).Edits<InstitutionDetails>(d => d.Phone);
        list.Text("phone2", i => i.SecondPhone, ListKind.Phone).In(Address).Edits<InstitutionDetails>(d => d.SecondPhone);
        list.Text("fax", i => i.Fax, ListKind.Phone).In(Address).Edits<InstitutionDetails>(d => d.Fax);
        list.Text("email", i => i.Email, ListKind.Email).In(Address).Wide(220).Edits<InstitutionDetails>(d => d.Email);
        list.Text("website", i => i.Website, ListKind.Website).In(Address).Wide(220).Edits<InstitutionDetails>(d => d.Website);

        list.Choice("team", i => i.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .In(Sales).SortedBy((scope, i) => scope.Db.Teams.Where(team => team.Id == i.TeamId).Select(team => team.Name).FirstOrDefault())
            .Edits<InstitutionDetails>(d => d.TeamId);
        Labels(list, "tags", "Étiquettes", InstitutionLabelKind.Tag).In(Sales).Wide(220).Edits<InstitutionDetails>(d => d.Tags);
        list.Text("group", i => i.HospitalGroup).In(Sales).Wide(200).Edits<InstitutionDetails>(d => d.HospitalGroup);
        list.Number("open-count", (scope, i) => scope.Db.Opportunities.VisibleTo(scope.Actor).Count(o => o.InstitutionId == i.Id && o.Outcome == StageOutcome.Open))
            .Titled("Nombre d'affaires").In(Sales).Wide(140);
        list.Moment("updated", i => i.UpdatedAt).Titled("Modifié le").In(Sales);
        list.Moment("created", i => i.CreatedAt).Titled("Créé le").In(Sales);
        ImportedRecords.AddColumns(list, Sales);
        SegmentColumn.AddTo(list, SegmentSubject.Institution, Sales);

        list.Number("beds-medicine", i => i.BedsMedicine).In(Medical).Wide(130).Edits<InstitutionDetails>(d => d.BedsMedicine);
        list.Number("beds-surgery", i => i.BedsSurgery).In(Medical).Wide(130).Edits<InstitutionDetails>(d => d.BedsSurgery);
        list.Number("beds-obstetrics", i => i.BedsObstetrics).In(Medical).Wide(140).Edits<InstitutionDetails>(d => d.BedsObstetrics);
        list.Number("beds-psychiatry", i => i.BedsPsychiatry).In(Medical).Wide(140).Edits<InstitutionDetails>(d => d.BedsPsychiatry);
        list.Number("beds-rehabilitation", i => i.BedsRehabilitation).In(Medical).Wide(120).Edits<InstitutionDetails>(d => d.BedsRehabilitation);
        list.Number("beds-long-stay", i => i.BedsLongStay).In(Medical).Wide(140).Edits<InstitutionDetails>(d => d.BedsLongStay);
        list.Number("rooms", i => i.OperatingRooms).In(Medical).Wide(140).Edits<InstitutionDetails>(d => d.OperatingRooms);
        Labels(list, "specialities", "Spécialités", InstitutionLabelKind.Speciality).In(Medical).Wide(240).Edits<InstitutionDetails>(d => d.Specialities);
        Labels(list, "services", "Services", InstitutionLabelKind.Department).In(Medical).Wide(240).Edits<InstitutionDetails>(d => d.Departments);
        Labels(list, "equipment", "Équipements", InstitutionLabelKind.Equipment).In(Medical).Wide(240).Edits<InstitutionDetails>(d => d.Equipment);
        list.Choice("conformity", i => i.Conformity, Tones.Of).In(Medical).Edits<InstitutionDetails>(d => d.Conformity);
        list.Date("last-audit", i => i.LastAuditOn).In(Medical).Edits<InstitutionDetails>(d => d.LastAuditOn);
        list.Date("next-audit", i => i.NextAuditOn).In(Medical).Edits<InstitutionDetails>(d => d.NextAuditOn);
        return list;
    }

    private static ListColumn<Institution> Labels(ListDefinition<Institution> list, string key, string title, InstitutionLabelKind kind)
        => list.Tags(key, i => i.Labels.Where(label => label.Kind == kind), label => label.Text, label => label.SearchKey)
            .Titled(title)
            .Offers(scope => scope.Db.InstitutionLabels
                .Where(label => label.Kind == kind && scope.Db.Institutions.VisibleTo(scope.Actor).Any(institution => institution.Id == label.InstitutionId))
                .Select(label => label.Text));
}
