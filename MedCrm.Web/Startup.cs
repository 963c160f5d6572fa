using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Web.Account;
using MedCrm.Web.Accounting;
using MedCrm.Web.Automation;
using MedCrm.Web.Billing;
using MedCrm.Web.Calendars;
using MedCrm.Web.Components;
using MedCrm.Web.Components.Layout;
using MedCrm.Web.Documents;
using MedCrm.Web.Exports;
using MedCrm.Web.Imports;
using MedCrm.Web.Kit;
using MedCrm.Web.Mail;
using MedCrm.Web.Printing;
using MedCrm.Web.Segments;
using MedCrm.Web.Signing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;

namespace MedCrm.Web;

/// <summary>The parts of the application, in the order they start. Each area registers itself.</summary>
public static class Startup
{
    /// <summary>Registers everything.</summary>
    public static WebApplicationBuilder AddMedCrm(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddSettingsBesideTheProgram();
        builder.Services.AddMedCrmCore(builder.Configuration);
        builder.Services.AddSingleton(MedCrmSettings.DocumentsOf(builder.Configuration));
        builder.Services.AddMedCrmAccount();
        builder.Services.AddKnownProxies(builder.Configuration);
        builder.Services.AddMedCrmScreens();
        builder.Services.AddMedCrmMail(builder.Configuration);
        builder.Services.AddMedCrmCalendars();
        builder.Services.AddMedCrmPrinting(builder.Configuration);
        builder.Services.AddMedCrmSigning(builder.Configuration);
        builder.Services.AddMedCrmScheduler(MedCrmSettings.ZoneOf(builder.Configuration));
        builder.Services.AddDataProtection()
            .SetApplicationName("MedCRM")
            .PersistKeysToFileSystem(new DirectoryInfo(MedCrmSettings.FolderOf(builder.Configuration).Keys));
        return builder;
    }

    /// <summary>Makes the database ready. False when the program cannot serve; the reason is on the console.</summary>
    public static async Task<bool> PrepareAsync(this WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<InstanceLock>().TakeAsync();
            app.Services.GetRequiredService<BackupArchives>().PutBackInterruptedRestore();
            app.Services.GetRequiredService<DocumentFiles>().ForgetInterrupted();
            await app.Services.GetRequiredService<Installation>().PrepareAsync();
            await DemoAccounts.CreateIfAskedAsync(app.Services);
            await FirstAdministrator.PrepareAsync(app.Services);
            return true;
        }
        catch (BusinessRuleException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return false;
        }
    }

    /// <summary>Lays out the way of a request.</summary>
    public static void UseMedCrm(this WebApplication app)
    {
        app.UseSiteSecurity();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAccountSecurity();
        app.UseFormTokens();
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet("/healthz", HealthAsync).AllowAnonymous();
        app.MapAccount();
        app.MapExports();
        app.MapAccounting();
        app.MapDocuments();
        app.MapImports();
        app.MapBilling();
        app.MapCalendars();
        app.MapPrinting();
        app.MapSigning();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>appsettings.json travels beside the program; environment variables still win.</summary>
    public static void AddSettingsBesideTheProgram(this IConfigurationManager configuration)
        => configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            Path = "appsettings.json",
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
        });

    private static async Task<IResult> HealthAsync(IDbContextFactory<MedCrmDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.CanConnectAsync(cancellationToken)
            ? Results.Json(new { status = "ok" })
            : Results.Json(new { status = "unavailable" }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static void AddMedCrmCore(this IServiceCollection services, IConfiguration configuration)
        => services.AddMedCrmCore(MedCrmSettings.FolderOf(configuration), TimeProvider.System, MedCrmSettings.ZoneOf(configuration));

    private static void AddMedCrmScreens(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DetailedErrors = false;
            options.DisconnectedCircuitMaxRetained = 200;
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(5);
        })
        // The longest notes, with their accents, pass the 32 KB that would otherwise end the circuit of whoever typed them.
        .AddHubOptions(options => options.MaximumReceiveMessageSize = 256 * 1024);
        services.AddLocalization();
        services.AddScoped<Toasts>();
        services.AddTransient<Acts>();
        services.AddExports();
        services.AddSegmentWords();
        services.AddScoped<Panels>();
        services.AddScoped<Creations>();
        services.AddScoped<ScreenTime>();
        services.TryAddSingleton<IHttpContextAccessor, HttpContextAccessor>();
    }
}
