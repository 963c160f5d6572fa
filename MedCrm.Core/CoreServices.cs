using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Automation;
using MedCrm.Core.Billing;
using MedCrm.Core.Calendars;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Seed;
using MedCrm.Core.Documents;
using MedCrm.Core.Dunning;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Core.Insights;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Search;
using MedCrm.Core.Segments;
using MedCrm.Core.Signing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core;

/// <summary>Everything the business needs to run, with or without a browser. Each room registers itself.</summary>
public static class CoreServices
{
    /// <summary>Registers the rooms over one data folder. The caller registers <see cref="ICurrentUser"/>.</summary>
    public static IServiceCollection AddMedCrmCore(this IServiceCollection services, DataFolder folder, TimeProvider time, TimeZoneInfo zone)
        => services
            .AddSingleton(folder)
            .AddSingleton(time)
            .AddSingleton(new BusinessClock(time, zone))
            .AddSingleton<WriteGate>()
            .AddDbContextFactory<MedCrmDbContext>(options => options
                .UseSqlite(folder.ConnectionString)
                .AddInterceptors(new SqliteSettings(), new AccountRules())
                .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning)))
            .AddDataRoom()
            .AddFollowUp()
            .AddAutomation()
            .AddAccess()
            .AddScoped<IConsoleCommand, SeedCommand>()
            .AddHistory()
            .AddScoped<SavedViews>()
            .AddScoped<Searches>()
            .AddScoped<Recents>()
            .AddCustomers()
            .AddSales()
            .AddBilling()
            .AddQuoting()
            .AddInvoicing()
            .AddContracting()
            .AddPrinting()
            .AddSigning()
            .AddAccounting()
            .AddDunning()
            .AddInsights()
            .AddEngagement()
            .AddScoring()
            .AddDocuments()
            .AddSegments()
            .AddImports()
            .AddDuplicates()
            .AddMail()
            .AddCalendars();

    private static IServiceCollection AddCustomers(this IServiceCollection services)
        => services.AddScoped<Institutions>().AddScoped<Contacts>().AddList<InstitutionList>().AddList<ContactList>();
}
