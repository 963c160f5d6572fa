using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Mail;

/// <summary>E-mails on their way. The program that serves replaces the settings, which name no server here.</summary>
public static class MailRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services)
        => services
            .AddSingleton(MailSettings.None)
            .AddSingleton(SmtpManners.Usual)
            .AddSingleton<MailSecrets>()
            .AddSingleton<OutboxSender>()
            .AddScoped<Outbox>()
            .AddScoped<Letters>()
            .AddList<OutboxList>();
}
