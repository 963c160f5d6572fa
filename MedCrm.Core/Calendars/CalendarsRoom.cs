using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Calendars;

/// <summary>Calendars and cards for other programs.</summary>
public static class CalendarsRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddCalendars(this IServiceCollection services)
        => services
            .AddScoped<CalendarFeeds>()
            .AddScoped<ContactCards>()
            .AddSingleton<ICalendarSource, TaskCalendar>();
}
