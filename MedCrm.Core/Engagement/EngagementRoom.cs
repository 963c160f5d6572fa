using MedCrm.Core.Calendars;
using MedCrm.Core.Documents;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Sales;
using MedCrm.Core.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Engagement;

/// <summary>Calls, meetings and notes, and the feeds that show them beside everything else.</summary>
public static class EngagementRoom
{
    /// <summary>Registers the room. The order of the kinds is that of the chips.</summary>
    public static IServiceCollection AddEngagement(this IServiceCollection services)
        => services
            .AddScoped<Activities>()
            .AddScoped<Agendas>()
            .AddScoped<Invitations>()
            .AddSingleton<ICalendarSource, MeetingCalendar>()
            .AddList<ActivityList>()
            .AddScoped<Timelines>()
            .AddTimeline<CallTimeline>()
            .AddTimeline<MeetingTimeline>()
            .AddTimeline<NoteTimeline>()
            .AddTimeline<TaskTimeline>()
            .AddTimeline<MailTimeline>()
            .AddTimeline<DocumentTimeline>()
            .AddTimeline<StageTimeline>()
            .AddTimeline<InvoicesTimeline>()
            .AddTimeline<PaymentsTimeline>()
            .AddTimeline<ChangeTimeline>();
}
