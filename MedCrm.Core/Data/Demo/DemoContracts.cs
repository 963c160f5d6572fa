using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;

namespace MedCrm.Core.Data.Demo;

// Days count from the clock's today, so that a deadline is always near: one about to expire, one past its notice day, one renewed twice, one terminated, a non-profit
// customer to be told of its renewal, one with an index and an amendment.
internal sealed record DemoContract(string Finess, string Title, ContractType Type, Func<DateOnly, DateOnly> StartsOn, bool IsTacit, int NoticeMonths, BillingPeriod Billing, IReadOnlyList<LineDetails> Lines)
{
    public string Owner { get; init; } = "sales1@demo.test";
    public string? IndexName { get; init; }
    public decimal? BaseIndex { get; init; }
    public Func<DateOnly, TerminationDetails>? Termination { get; init; }
    public Func<DateOnly, AmendmentDetails>? Amendment { get; init; }
}

internal static class DemoContracts
{
    public static IReadOnlyList<DemoContract> All { get; } =
    [
        new("440000412", "Maintenance de la colonne d'endoscopie", ContractType.Maintenance, today => today.AddDays(21).AddMonths(-12), false, 2, BillingPeriod.Quarterly, [Price("Maintenance préventive et curative", 1_240, BillingPeriod.Quarterly, 610)]),
        new("350000741", "Supervision des moniteurs", ContractType.Subscription, today => today.AddDays(58).AddMonths(-12), true, 3, BillingPeriod.Monthly, [Price("Abonnement de supervision", 890, BillingPeriod.Monthly, 260), Price("Astreinte de nuit", 240, BillingPeriod.Monthly, 150)]),
        new("440000271", "Maintenance des respirateurs de réanimation", ContractType.Maintenance, today => today.AddMonths(-30), true, 3, BillingPeriod.Annual, [Price("Six respirateurs, pièces comprises", 14_400, BillingPeriod.Annual, 7_900)]),
        new("290000140", "Abonnement de téléconsultation", ContractType.Subscription, today => today.AddMonths(-14), true, 1, BillingPeriod.Monthly, [Price("Licences", 45, BillingPeriod.Monthly, 9) with { Quantity = 8 }])
        {
            Termination = today => new TerminationDetails { LastDay = today.AddDays(-6), Reason = EndReason.Budget, Note = "Le service ferme." },
        },
        new("350000139", "Suivi du logiciel de bloc", ContractType.Subscription, today => today.AddMonths(2).AddDays(1).AddMonths(3).AddMonths(-12), true, 3, BillingPeriod.Monthly, [Price("Hébergement et assistance", 520, BillingPeriod.Monthly, 180)]),
        new("440000016", "Maintenance biomédicale du plateau technique", ContractType.Maintenance, today => today.AddMonths(-7).AddDays(-4), true, 3, BillingPeriod.Monthly, [Price("Forfait du plateau", 2_300, BillingPeriod.Monthly, 1_350), Price("Mise en service", 1_800, BillingPeriod.OneOff, 700)])
        {
            IndexName = "Syntec révisé",
            BaseIndex = 242.6m,
            Amendment = today => new AmendmentDetails
            {
                EffectiveOn = new DateOnly(today.Year, today.Month, 1),
                Change = "Ajout de deux autoclaves",
                Reason = "Extension de la stérilisation",
                Lines = [Price("Forfait du plateau", 2_300, BillingPeriod.Monthly, 1_350), Price("Deux autoclaves", 310, BillingPeriod.Monthly, 190)],
            },
        },
    ];

    /// <summary>The contract, as time and people made it up to today.</summary>
    public static Contract Make(DemoContract row, Institution institution, Guid? contactId, Actor owner, string number, DateOnly today, DateTime now)
    {
        var startsOn = row.StartsOn(today);
        var signedAt = startsOn.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc) is var at && at < now ? at : now;
        var contract = new Contract(
            new ContractDetails
            {
                Title = row.Title,
                Type = row.Type,
                InstitutionId = institution.Id,
                ContactId = contactId,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                StartsOn = startsOn,
                IsTacit = row.IsTacit,
                NoticeMonths = row.NoticeMonths,
                Billing = row.Billing,
                BillsFrom = Instalments.StartingBy(startsOn, row.Billing.Months(), today).From,
                TermDays = 30,
                IndexName = row.IndexName,
                BaseIndex = row.BaseIndex,
                BaseIndexMonth = row.IndexName is null ? null : startsOn.AddMonths(-2),
                Lines = row.Lines,
            },
            number,
            signedAt);
        contract.Activate(owner, signedAt, startsOn);
        contract.Pass(today, Actor.System, now);
        if (row.Amendment is { } amendment)
        {
            contract.Amend(amendment(today), owner, now, today);
        }

        if (row.Termination is { } termination)
        {
            contract.Terminate(termination(today), owner, now, today);
        }

        return contract;
    }

    private static LineDetails Price(string description, decimal price, BillingPeriod period, decimal cost) => new() { Description = description, UnitPrice = price, UnitCost = cost, Period = period };
}
