using System.Globalization;
using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

/// <summary>The list of contracts: what its columns show, and the conditions by which a figure of the dashboard opens the contracts behind it.</summary>
public sealed class ContractList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<Contract, ContractDetails>(contexts, currentUser, clock)
{
    private const string Movement = "movement";
    private const string CountedOn = "counted";
    private const string Expiry = "expiry";
    private const string Handling = "handling";
    private const string Renewed = "renewed";
    private const string Over = "expired";

    private static readonly ListDefinition<Contract> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Contract> Definition => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditContracts;

    /// <summary>What moved the recurring revenue in the month of a day, as « churn:2026-11 » in an address.</summary>
    public static ListFilter Moved(MrrMovementKind kind, DateOnly month) => Any(Movement, string.Create(CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant()}:{month:yyyy-MM}"));

    /// <summary>What counted in the recurring revenue on a day, as « 2026-11-30 ».</summary>
    public static ListFilter CountedBy(DateOnly day) => Any(CountedOn, Iso(day));

    /// <summary>The terms that came to their end up to a day, over twelve months, or those of them that were renewed: « expired:2026-11-30 », « renewed:2026-11-30 ».</summary>
    public static ListFilter Expiring(DateOnly to, bool isRenewed = false) => Any(Expiry, $"{(isRenewed ? Renewed : Over)}:{Iso(to)}");

    /// <summary>What somebody has to deal with within so many days (<see cref="ToHandle"/>), as « 90 ».</summary>
    public static ListFilter Handled(int days) => Any(Handling, days.ToString(CultureInfo.InvariantCulture));

    /// <summary>The contracts in force at the end of their term or of their notice within so many days, or with an e-mail to send.</summary>
    internal static Expression<Func<Contract, bool>> ToHandle(DateOnly today, int days)
    {
        var until = today.AddDays(days);
        return contract => contract.Status == ContractStatus.Active
            && ((contract.EndsOn >= today && contract.EndsOn <= until)
                || (contract.IsTacit && contract.LastNoticeOn >= today && contract.LastNoticeOn <= until)
                || contract.Letters.Any(letter => letter.SentAt == null && letter.DroppedAt == null));
    }

    /// <summary>The contracts that are to be renewed, or let go, within so many days: in force, and at the end of their term by then.</summary>
    internal static Expression<Func<Contract, bool>> EndingBy(DateOnly today, int days)
    {
        var until = today.AddDays(days);
        return contract => contract.Status == ContractStatus.Active && contract.EndsOn >= today && contract.EndsOn <= until;
    }

    /// <inheritdoc/>
    protected override IQueryable<Contract> Visible(MedCrmDbContext db, Actor actor) => db.Contracts.VisibleTo(actor);

    /// <inheritdoc/>
    protected override IQueryable<Contract> Whole(IQueryable<Contract> records) => Contracts.Whole(records);

    /// <inheritdoc/>
    protected override ContractDetails DetailsOf(Contract record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, Contract record, ContractDetails details, CancellationToken cancellationToken)
        => record.Edit(await Contracts.CheckedAsync(scope.Db, scope.Actor, details, record, cancellationToken), Clock.UtcNow);

    /// <inheritdoc/>
    protected override Task RemoveAsync(ListScope scope, Contract record, CancellationToken cancellationToken)
    {
        Contracts.Remove(record, Clock.UtcNow);
        return Task.CompletedTask;
    }

    private static ListDefinition<Contract> Define()
    {
        const string What = "Contrat";
        const string Dates = "Échéances";
        const string Figures = "Montants";
        const string FollowUp = "Suivi";
        var list = new ListDefinition<Contract>("contracts", "contrat", "contrats", contract => contract.SearchKey + " " + contract.Institution.SearchKey).SortedBy("start", descending: true);

        list.Text("number", contract => contract.Number).In(What).Shown().Wide(126).Opens("/contracts/{0}");
        list.Text("title", contract => contract.Title).In(What).Shown().Wide(172).SortedBy(contract => contract.SearchKey);
        list.Reference(
                "institution",
                contract => new NamedId { Id = contract.InstitutionId, Name = contract.Institution.Name },
                contract => contract.InstitutionId,
                contract => contract.Institution.SearchKey,
                scope => scope.Db.Institutions.VisibleTo(scope.Actor).OrderBy(i => i.Name).Select(i => new NamedId { Id = i.Id, Name = i.Name }))
            .Titled("Établissement").In(What).Shown().Pinned().Wide(172).Opens("/institutions/{0}");
        list.Choice<ContractStatus>("status", contract => contract.Status, ContractTones.Of).In(What).Shown().Pinned().Wide(92);
        list.Choice("type", contract => contract.Type).In(What).Pinned().Wide(116);
        list.Money("monthly", contract => contract.Monthly).Titled("Mensuel HT").In(Figures).Shown().Wide(110);
        list.Date("start", contract => contract.StartsOn).In(Dates).Shown().Wide(118);
        list.Date("notice", contract => contract.LastNoticeOn).Titled("Préavis jusqu'au").In(Dates).Shown().Wide(130);
        list.Date("end", contract => contract.LastDay ?? contract.EndsOn).Titled("Fin").In(Dates).Shown().Pinned().Wide(118).SortedBy(contract => contract.EndsOn).FilteredBy(contract => contract.EndsOn);
        list.Bool("tacit", contract => contract.IsTacit).Titled("Tacite").In(Dates).Pinned().Wide(80);
        list.Number("renewals", contract => contract.Renewals).In(Dates).Wide(110);
        list.Choice("billing", contract => contract.Billing).In(Figures).Wide(116);
        list.Date("next-bill", contract => contract.NextBillOn).Titled("Prochaine facture").In(Figures).Wide(130);
        list.User("owner", contract => contract.OwnerId).In(FollowUp).Shown().Pinned().Wide(136)
            .SortedBy((scope, contract) => scope.Db.Users.Where(user => user.Id == contract.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<ContractDetails>(d => d.OwnerId);
        list.Choice("team", contract => contract.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .In(FollowUp).SortedBy((scope, contract) => scope.Db.Teams.Where(team => team.Id == contract.TeamId).Select(team => team.Name).FirstOrDefault())
            .Edits<ContractDetails>(d => d.TeamId);
        list.Choice("reason", contract => contract.EndReason).In(FollowUp).Wide(150);
        list.Moment("created", contract => contract.CreatedAt).Titled("Créé le").In(What);
        list.Moment("updated", contract => contract.UpdatedAt).Titled("Modifié le").In(What);

        list.Text(Movement, contract => (string?)null).Titled("Mouvement du mois").In(Figures).Unsorted().FilteredBy(MovedIn);
        list.Text(CountedOn, contract => (string?)null).Titled("Compté dans le MRR au").In(Figures).Unsorted().FilteredBy(Counted);
        list.Text(Expiry, contract => (string?)null).Titled("Échu sur douze mois").In(Dates).Unsorted().FilteredBy(Expired);
        list.Text(Handling, contract => (string?)null).Titled("À traiter sous (jours)").In(Dates).Unsorted().FilteredBy(HandledWithin);
        return list;
    }

    private static Expression<Func<Contract, bool>>? MovedIn(ListScope scope, ListFilter filter)
    {
        if (filter.Values is not [var text, ..] || text.Split(':') is not [var kindText, var monthText]
            || !Enum.TryParse<MrrMovementKind>(kindText, ignoreCase: true, out var kind)
            || !DateOnly.TryParseExact(monthText + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
        {
            return null;
        }

        // Kinds are kept for whole months; the running one is judged up to today, as its figures are.
        var to = ContractMetrics.AsOf(from, scope.Clock.Today);
        return to.AddDays(1).Day != 1
            ? MrrBook.MovedAs(scope.Db, kind, from, to)
            : contract => contract.Movements.Any(movement => movement.On >= from && movement.On <= to && movement.Kind == kind);
    }

    private static ListFilter Any(string field, string value) => new(field, FilterOperator.AnyOf, value);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Expression<Func<Contract, bool>>? HandledWithin(ListScope scope, ListFilter filter)
        => filter.Values is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 3_650 ? ToHandle(scope.Clock.Today, days) : null;

    private static Expression<Func<Contract, bool>>? Counted(ListScope scope, ListFilter filter)
        => filter.Values is [var text, ..] && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? contract => contract.Movements.Where(movement => movement.On <= day).Sum(movement => movement.Amount) != 0
            : null;

    private static Expression<Func<Contract, bool>>? Expired(ListScope scope, ListFilter filter)
    {
        if (filter.Values is not [var text, ..] || text.Split(':') is not [var what, var dayText] || !DateOnly.TryParseExact(dayText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to))
        {
            return null;
        }

        var from = to.AddYears(-1);
        return what == Renewed
            ? contract => contract.Events.Any(e => e.Kind == ContractEventKind.Renewed && e.On > from && e.On <= to)
            : contract => contract.Events.Any(e => (e.Kind == ContractEventKind.Renewed || e.Kind == ContractEventKind.Ended) && e.On > from && e.On <= to);
    }
}
