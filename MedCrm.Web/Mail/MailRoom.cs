using MedCrm.Core.Mail;

namespace MedCrm.Web.Mail;

/// <summary>The mail server of the settings, and the work that sends what waits. Commands have neither: what they queue leaves from the server.</summary>
public static class MailRoom
{
    /// <summary>Registers the sender.</summary>
    public static void AddMedCrmMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(MedCrmSettings.MailOf(configuration));
        services.AddHostedService<OutboxService>();
    }
}
