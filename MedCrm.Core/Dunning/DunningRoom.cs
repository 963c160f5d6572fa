using MedCrm.Core.Printing;
using MedCrm.Core.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Dunning;

/// <summary>What this room offers to the others: reminders, penalties, and when money is expected.</summary>
public static class DunningRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddDunning(this IServiceCollection services)
        => services.AddScoped<Dunnings>().AddScoped<DunningRun>().AddScoped<Penalties>().AddScoped<Treasury>().AddSingleton<ILetterSource, DunningLetterSource>().AddTimeline<DunningTimeline>();
}
