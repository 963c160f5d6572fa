using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Web.Bench;
using MedCrm.Web.Printing;

namespace MedCrm.Web;

/// <summary>Commands that do one thing and exit: <c>MedCrm.Web backup DIR</c>. Each is an <see cref="IConsoleCommand"/> of its room.</summary>
public static class CommandLine
{
    /// <summary>Whether the arguments name a command rather than options of the server.</summary>
    public static bool Names(string[] args) => args is [var first, ..] && !first.StartsWith('-');

    /// <summary>Runs the command and returns its exit code: 0 done, 1 refused or failed, 2 unknown.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var settings = args.SkipWhile(arg => arg != "--data").Take(2).ToArray();
        var configuration = new ConfigurationManager();
        configuration.AddSettingsBesideTheProgram();
        configuration.AddEnvironmentVariables();
        if (settings is [_, var folder])
        {
            configuration["MedCrm:DataDirectory"] = folder;
            args = [.. args.TakeWhile(arg => arg != "--data"), .. args.SkipWhile(arg => arg != "--data").Skip(2)];
        }

        var zone = MedCrmSettings.ZoneOf(configuration);
        if (!StatedTime.TryTakeFrom(ref args, zone, out var time))
        {
            await output.WriteLineAsync("Après --now, indiquez un moment comme 2026-11-21T09:00+01:00.");
            return 1;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        services.AddMedCrmCore(MedCrmSettings.FolderOf(configuration), time, zone);
        services.AddMedCrmPrinting(configuration);
        services.AddScoped<ICurrentUser, SystemUser>();
        services.AddScoped<IConsoleCommand, BenchCommand>();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        var commands = scope.ServiceProvider.GetServices<IConsoleCommand>().ToList();
        if (commands.Find(candidate => candidate.Name == args[0]) is not { } command)
        {
            await output.WriteLineAsync($"Commande inconnue : {args[0]}. Commandes : {string.Join(", ", commands.Select(candidate => candidate.Name).Order())}.");
            return 2;
        }

        try
        {
            if (command.NeedsDatabase)
            {
                await PrepareAsync(provider);
            }

            return await command.RunAsync(args[1..], output, CancellationToken.None);
        }
        catch (BusinessRuleException refusal)
        {
            await output.WriteLineAsync(refusal.Message);
            return 1;
        }
    }

    // Beside a running server the database is ready, or of another version; alone, the command prepares it as the server would.
    private static async Task PrepareAsync(IServiceProvider provider)
    {
        var instance = provider.GetRequiredService<InstanceLock>();
        var installation = provider.GetRequiredService<Installation>();
        if (!instance.TryTake())
        {
            await installation.DemandCurrentAsync();
            return;
        }

        try
        {
            await installation.PrepareAsync();
        }
        finally
        {
            instance.Release();
        }
    }
}
