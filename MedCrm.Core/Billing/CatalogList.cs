using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>The list of the catalogue as everybody sees it: prices, no cost.</summary>
public class CatalogList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : EditableList<CatalogItem, CatalogItemDetails>(contexts, currentUser, clock)
{
    /// <summary>The address that opens an item.</summary>
    public const string Address = "/catalog/{0}";

    private static readonly ListDefinition<CatalogItem> s_definition = Define("catalog", withCosts: false);

    /// <inheritdoc/>
    public override ListDefinition<CatalogItem> Definition => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditCatalog;

    /// <inheritdoc/>
    protected override IQueryable<CatalogItem> Visible(MedCrmDbContext db, Actor actor) => db.CatalogItems;

    /// <inheritdoc/>
    protected override CatalogItemDetails DetailsOf(CatalogItem record) => record.Details();

    /// <inheritdoc/>
    protected override Task EditAsync(ListScope scope, CatalogItem record, CatalogItemDetails details, CancellationToken cancellationToken)
    {
        record.Edit(details, Clock.UtcNow);
        return Catalog.CheckCodeAsync(scope.Db, record, cancellationToken);
    }

    /// <summary>Offers the items of a selection on new lines, or no longer.</summary>
    public Task<BulkResult> OfferAsync(ListSelection selection, bool isOffered, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default)
        => ApplyAsync(
            selection,
            counted => isOffered ? $"{counted} de nouveau à la vente" : $"{counted} en archive",
            (_, item, _) =>
            {
                item.Offer(isOffered, Clock.UtcNow);
                return Task.CompletedTask;
            },
            progress,
            cancellationToken);

    private protected static ListDefinition<CatalogItem> Define(string name, bool withCosts)
    {
        const string Item = "Article";
        const string Price = "Prix";
        const string Follow = "Suivi";
        var list = new ListDefinition<CatalogItem>(name, "article", "articles", item => item.SearchKey).SortedBy("name");
        list.Text("name", item => item.Name).In(Item).Shown().Wide(250).SortedBy(item => SqlFunctions.Fold(item.Name)).Opens(Address);
        list.Text("code", item => item.Code).In(Item).Shown().Wide(115).Edits<CatalogItemDetails>(d => d.Code);
        list.Text("category", item => item.Category).In(Item).Shown().Pinned().Wide(125)
            .Offers(scope => scope.Db.CatalogItems.Where(item => item.Category != null).Select(item => item.Category!))
            .Edits<CatalogItemDetails>(d => d.Category);
        list.Money("price", item => item.UnitPrice).In(Price).Shown().Wide(125).Edits<CatalogItemDetails>(d => d.UnitPrice);
        list.Text("unit", item => item.Unit).In(Price).Shown().Wide(110).Edits<CatalogItemDetails>(d => d.Unit);
        list.Choice("period", item => item.Period).In(Price).Shown().Wide(105).Edits<CatalogItemDetails>(d => d.Period);
        if (withCosts)
        {
            list.Money("cost", item => item.UnitCost).In(Price).Shown().Wide(125).Edits<CatalogItemDetails>(d => d.UnitCost);
            list.Money("margin", item => item.UnitPrice - item.UnitCost).Titled("Marge HT").In(Price).Shown().Wide(110);
        }

        var vat = list.Choice("vat", item => item.VatCategory != VatCategory.Standard ? "0" : item.VatRate == 20 ? "20" : item.VatRate == 10 ? "10" : item.VatRate == 5.5m ? "5.5" : "2.1",
            [new Choice("20", "20 %"), new Choice("10", "10 %"), new Choice("5.5", "5,5 %"), new Choice("2.1", "2,1 %"), new Choice("0", "Sans TVA")])
            .Titled("TVA").In(Price).Wide(90);
        if (!withCosts)
        {
            vat.Shown();
        }

        list.Choice("nature", item => item.Nature).In(Item).Wide(170).Edits<CatalogItemDetails>(d => d.Nature);
        list.Bool("offered", item => item.IsOffered).In(Follow).Shown().Pinned().Edits<CatalogItemDetails>(d => d.IsOffered);
        list.Text("description", item => item.Description).In(Item).Wide(280);
        list.Text("vat-reason", item => item.VatReason).In(Price).Wide(200);
        list.Moment("updated", item => item.UpdatedAt).Titled("Modifié le").In(Follow);
        list.Moment("created", item => item.CreatedAt).Titled("Créé le").In(Follow);
        ImportedRecords.AddColumns(list, Follow);
        return list;
    }
}

/// <summary>The same list with what items cost and bring in: empty for who does not see margins, whatever the address or the export asked for.</summary>
public sealed class CatalogCostList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : CatalogList(contexts, currentUser, clock)
{
    private static readonly ListDefinition<CatalogItem> s_definition = Define("catalog-costs", withCosts: true);

    /// <inheritdoc/>
    public override ListDefinition<CatalogItem> Definition => s_definition;

    /// <inheritdoc/>
    protected override IQueryable<CatalogItem> Visible(MedCrmDbContext db, Actor actor) => actor.May(Right.SeeMargins) ? db.CatalogItems : db.CatalogItems.Where(_ => false);
}
