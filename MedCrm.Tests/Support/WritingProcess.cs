using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Support;

/// <summary>A program that writes into a data folder without end, or takes an import back, and says each thing it was told is saved: fault tests start it and kill it.</summary>
public static class WritingProcess
{
    /// <summary>The contacts that go with each institution, in the same transaction but a later save.</summary>
    public const int ContactsEach = 3;

    public static async Task<int> Main(string[] args)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMedCrmCore(new DataFolder(args[0]), TimeProvider.System, TimeZoneInfo.Utc)
            .AddScoped<ICurrentUser, SystemUser>()
            .BuildServiceProvider();
        await services.GetRequiredService<Installation>().PrepareAsync();
        return args is [_, var run] ? await RevertAsync(services, Guid.Parse(run)) : await WriteAsync(services);
    }

    private static async Task<int> RevertAsync(ServiceProvider services, Guid runId)
    {
        await using var scope = services.CreateAsyncScope();
        var runner = services.GetRequiredService<ImportRunner>();
        // The first word comes before anything is put back; whoever kills this waits for the next.
        int? begun = null;
        runner.Changed += id =>
        {
            if (runner.Find(id)?.Reverted is { } done && done > (begun ??= done))
            {
                Console.Out.WriteLine($"{done} fiches");
            }
        };
        await scope.ServiceProvider.GetRequiredService<ImportRuns>().StartRevertAsync(runId);
        await runner.WaitAsync(runId);
        return 0;
    }

    private static async Task<int> WriteAsync(ServiceProvider services)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>();
        while (true)
        {
            var institution = new Institution(new InstitutionDetails { Name = $"Clinique {Guid.NewGuid():N}" }, DateTime.UtcNow);
            await using var db = await contexts.CreateDbContextAsync();
            db.Begin(Actor.System, "Écriture continue");
            await db.InTransactionAsync(async () =>
            {
                db.Institutions.Add(institution);
                await db.SaveChangesAsync();
                for (var i = 0; i < ContactsEach; i++)
                {
                    var contact = new Contact(new ContactDetails { LastName = $"Contact {i}" }, DateTime.UtcNow);
                    contact.Join(new ContactRoleDetails { InstitutionId = institution.Id }, DateTime.UtcNow);
                    db.Contacts.Add(contact);
                }

                await db.SaveChangesAsync();
            });
            await Console.Out.WriteLineAsync(institution.Id.ToString());
        }
    }
}
