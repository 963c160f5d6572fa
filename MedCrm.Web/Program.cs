using System.Globalization;
using MedCrm.Core.Foundation;
using MedCrm.Web;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = FrenchText.Culture;
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = FrenchText.Culture;

if (CommandLine.Names(args))
{
    return await CommandLine.RunAsync(args, Console.Out);
}

var builder = WebApplication.CreateBuilder(ServerOptions.ToSettings(args));
builder.AddMedCrm();

var app = builder.Build();
if (!await app.PrepareAsync())
{
    return 1;
}

app.UseMedCrm();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"MedCRM ready on {app.Urls.FirstOrDefault()}"));
await app.RunAsync();
return 0;

/// <summary>The entry point, named so that tests can start the real application.</summary>
public partial class Program;
