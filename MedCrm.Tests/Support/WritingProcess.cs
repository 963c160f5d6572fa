using System.Data.Common;
using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Imports;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Support;

/// <summary>A program that writes into a data folder without end, takes an import back, or stops in the middle of an upload, and says each thing it was told is saved: fault tests start it and kill it.</summary>
public static class WritingProcess
{
    /// <summary>The contacts that go with each institution, in the same transaction but a later save.</summary>
    public const int ContactsEach = 3;

    /// <summary>The argument that asks for an upload which stops before its commit.</summary>
    public const string Uploading = "upload";

    /// <summary>The argument that asks for an invoice whose issue stops before its commit.</summary>
    public const string Issuing = "issue";

    public static async Task<int> Main(string[] args)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMedCrmCore(new DataFolder(args[0]), TimeProvider.System, TimeZoneInfo.Utc)
            .AddScoped<ICurrentUser, SystemUser>()
            .ConfigureDbContext<MedCrmDbContext>(options => options.AddInterceptors(new BeforeCommit()))
            .BuildServiceProvider();
        await services.GetRequiredService<Installation>().PrepareAsync();
        return args is [_, Uploading] ? await UploadAsync(services) : args is [_, Issuing] ? await IssueAsync(services) : args is [_, var run] ? await RevertAsync(services, Guid.Parse(run)) : await WriteAsync(services);
    }

    // Stops for ever once the file has its place and its row is written, before the commit.
    private static async Task<int> UploadAsync(ServiceProvider services)
    {
        var institution = new Institution(new InstitutionDetails { Name = "Clinique" }, DateTime.UtcNow);
        await using (var db = await services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>().CreateDbContextAsync())
        {
            db.Begin(Actor.System, "Test");
            db.Institutions.Add(institution);
            await db.SaveChangesAsync();
        }

        await using var scope = services.CreateAsyncScope();
        using var content = new MemoryStream(Documents.FileSample.Pdf());
        using var file = await services.GetRequiredService<DocumentUploads>().ReceiveAsync(content, "Contrat.pdf");
        await scope.ServiceProvider.GetRequiredService<DocumentShelf>().AddAsync(file, new DocumentPlace(InstitutionId: institution.Id));
        return 0;
    }

    // Stops for ever once the invoice has its number, before the commit.
    private static async Task<int> IssueAsync(ServiceProvider services)
    {
        var institution = new Institution(new InstitutionDetails { Name = "Clinique", Street = "1 rue Haute", Postcode = "44000", City = "Nantes", Siren = "732829320", LegalStatusCode = "95" }, DateTime.UtcNow);
        var company = new Company();
        company.Edit(Tests.Billing.CompanyTests.Filled(), CompanyFacts.None);
        await using (var db = await services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>().CreateDbContextAsync())
        {
            db.Begin(Actor.System, "Test");
            db.AddRange(institution, company);
            await db.SaveChangesAsync();
        }

        await using var scope = services.CreateAsyncScope();
        var invoices = scope.ServiceProvider.GetRequiredService<Invoices>();
        var draft = (await invoices.CreateAsync(new InvoiceDetails { Title = "Formation", InstitutionId = institution.Id, Lines = [new LineDetails { Description = "Formation", UnitPrice = 1000 }] })).RecordId;
        await invoices.IssueManyAsync([draft]);
        return 0;
    }

    private sealed class BeforeCommit : DbTransactionInterceptor
    {
        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (eventData.Context!.ChangeTracker.Entries<DocumentVersion>().Any() || eventData.Context.ChangeTracker.Entries<NumberSeries>().Any())
            {
                await Console.Out.WriteLineAsync("prêt à valider");
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }

            return result;
        }
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
