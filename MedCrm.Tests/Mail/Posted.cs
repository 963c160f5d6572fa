using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedCrm.Tests.Mail;

/// <summary>A world whose outbox speaks to a mail server of the test.</summary>
internal static class Posted
{
    /// <summary>Does not wait long.</summary>
    public static SmtpManners Hurried { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));

    /// <summary>Settings that lead to a port of loopback.</summary>
    public static MailSettings SettingsFor(int port, params (string Key, string Value)[] others)
    {
        var settings = new Dictionary<string, string> { ["Host"] = "127.0.0.1", ["Port"] = $"{port}", ["Security"] = "None", ["From"] = "crm@medcrm.test" };
        foreach (var (key, value) in others)
        {
            settings[key] = value;
        }

        return MailSettings.Read(settings.GetValueOrDefault);
    }

    public static Task<TestWorld> WorldAsync(SmtpSink sink, params (string Key, string Value)[] settings)
        => TestWorld.CreateAsync(services => services.AddSingleton(SettingsFor(sink.Port, settings)).AddSingleton(Hurried));

    /// <summary>Queues a message to Dr Renaud, saved.</summary>
    public static async Task<OutgoingMessage> QueueAsync(this TestWorld world, string key = "test", Func<MessageDetails, MessageDetails>? with = null)
    {
        await using var db = world.Open();
        var details = new MessageDetails { Key = key, To = [new Correspondent("h.renaud@chu.test", "Hélène Renaud")], Subject = "Bonjour", Text = "Bonjour Docteur." };
        var message = await Outbox.QueueAsync(db, with?.Invoke(details) ?? details, world.Claire, world.Now());
        await db.SaveChangesAsync();
        return message!;
    }

    /// <summary>A second sender over the same data, as another program would be.</summary>
    public static OutboxSender AnotherSender(this TestWorld world)
        => new(world.Get<IDbContextFactory<MedCrmDbContext>>(), world.Get<MailSettings>(), Hurried, world.Get<MailSecrets>(), world.Get<BusinessClock>(), NullLogger<OutboxSender>.Instance);

    public static Task<int> SendAsync(this TestWorld world) => world.Get<OutboxSender>().SendDueAsync();

    /// <summary>Lets the sender look once a minute.</summary>
    public static async Task PassAsync(this TestWorld world, int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            await world.SendAsync();
        }
    }

    /// <summary>A message as it stands, whole.</summary>
    public static async Task<OutgoingMessage> LookAsync(this TestWorld world, OutgoingMessage message)
    {
        await using var db = world.Open();
        return await db.OutgoingMessages.AsNoTracking().Include(m => m.Recipients).Include(m => m.Steps).Include(m => m.Files).SingleAsync(m => m.Id == message.Id);
    }
}
