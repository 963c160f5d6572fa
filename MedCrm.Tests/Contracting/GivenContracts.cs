using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Contracting;

internal static class GivenContracts
{
    public static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    public static LineDetails Price(decimal price, BillingPeriod period = BillingPeriod.Monthly, string description = "Maintenance") => new() { Description = description, UnitPrice = price, Period = period };

    /// <summary>A contract of Claire's in force, 310 € a month from 1 January 2026, one year, tacit, three months of notice.</summary>
    public static async Task<Guid> ContractAsync(this TestWorld world, Institution? institution = null, Func<ContractDetails, ContractDetails>? with = null, bool activate = true)
    {
        institution ??= await world.InstitutionAsync();
        var details = new ContractDetails
        {
            Title = "Maintenance du bloc",
            InstitutionId = institution.Id,
            OwnerId = world.Claire.Id,
            TeamId = world.Claire.TeamId,
            StartsOn = Day("2026-01-01"),
            BillsFrom = Day("2026-01-01"),
            IsTacit = true,
            NoticeMonths = 3,
            Lines = [Price(310)],
        };
        var id = (await world.Get<Contracts>().CreateAsync(with?.Invoke(details) ?? details)).RecordId;
        if (activate)
        {
            await world.Get<Contracts>().ActivateAsync(id, await world.VersionAsync(id));
        }

        return id;
    }

    public static async Task<Guid> VersionAsync(this TestWorld world, Guid contractId) => (await world.LoadAsync(contractId)).Version;

    public static async Task<Contract> LoadAsync(this TestWorld world, Guid contractId)
    {
        await using var db = world.Open();
        return await db.Contracts.AsNoTracking()
            .Include(c => c.Lines).Include(c => c.Amendments).Include(c => c.Periods).Include(c => c.Events).Include(c => c.Movements).Include(c => c.Billings).Include(c => c.Letters).Include(c => c.Revisions).AsSplitQuery()
            .SingleAsync(contract => contract.Id == contractId);
    }

    /// <summary>Moves the clock to nine in the morning of a day and serves it, as the schedule would.</summary>
    public static async Task<string> ServeAsync(this TestWorld world, string day)
    {
        var clock = world.Get<Core.Foundation.BusinessClock>();
        world.Time.MoveTo(clock.ToUtc(Day(day), new TimeOnly(9, 0)));
        return await world.Get<ContractWatch>().FollowAsync(Day(day));
    }

    /// <summary>The same for invoices.</summary>
    public static async Task<string> BillAsync(this TestWorld world, string day)
    {
        var clock = world.Get<Core.Foundation.BusinessClock>();
        world.Time.MoveTo(clock.ToUtc(Day(day), new TimeOnly(9, 0)));
        return await world.Get<RecurringInvoices>().PrepareAsync(Day(day));
    }
}
