using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Quoting;

/// <summary>What this room offers to the others.</summary>
public static class QuotingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddQuoting(this IServiceCollection services)
        => services
            .AddScoped<Quotes>()
            .AddScoped<QuoteSheets>()
            .AddList<QuoteList>()
            .AddTimeline<QuotesTimeline>()
            .AddSingleton<IDataCheck, QuotesCheck>();
}
