using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.FollowUp;

/// <summary>Tasks, the day, reminders and the bell.</summary>
public static class FollowUpRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddFollowUp(this IServiceCollection services)
        => services
            .AddSingleton<NotificationNews>()
            .AddSingleton<BellWatch>()
            .AddSingleton<Reminders>()
            .AddScoped<FollowUpTasks>()
            .AddScoped<TaskSteps>()
            .AddScoped<TaskBoard>()
            .AddScoped<MyDays>()
            .AddScoped<Beginnings>()
            .AddList<TaskList>()
            .AddScoped<Notifications>();
}
