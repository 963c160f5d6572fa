using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Demo;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Account;

/// <summary>Puts the demonstration into an empty database (option <c>--demo</c>): the accounts, which need Identity's password hash, then everything else.</summary>
public static class DemoAccounts
{
    /// <summary>The password of every account of the demonstration.</summary>
    public const string Password = "Demo-2026!";

    /// <summary>Creates the demonstration when MedCrm:Demo is set; leaves one that is already there as people made it.</summary>
    /// <exception cref="BusinessRuleException">The database holds other data.</exception>
    public static async Task CreateIfAskedAsync(IServiceProvider services)
    {
        if (!services.GetRequiredService<IConfiguration>().GetValue<bool>("MedCrm:Demo"))
        {
            return;
        }

        var demo = services.GetRequiredService<DemoWorld>();
        if (await demo.IsCompleteAsync())
        {
            return;
        }

        await demo.DemandEmptyAsync();
        foreach (var account in await demo.AccountsAsync())
        {
            await CreateAsync(services, account);
        }

        await demo.FillAsync();
    }

    private static async Task CreateAsync(IServiceProvider services, DemoAccount account)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MedCrmDbContext>();
        if (await db.Users.AnyAsync(user => user.Email == account.Email))
        {
            return;
        }

        db.Begin(Actor.System, $"Compte de démonstration créé : {account.Name}", ChangeOrigin.Command);
        var user = new User(account.Name, account.Email, account.Role, account.TeamId, services.GetRequiredService<BusinessClock>().UtcNow);
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, Password);
        if (!result.Succeeded)
        {
            throw new BusinessRuleException(string.Join(' ', result.Errors.Select(error => error.Description)));
        }
    }
}
