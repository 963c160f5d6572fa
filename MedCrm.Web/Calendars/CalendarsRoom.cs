using MedCrm.Core.Calendars;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Web.Account;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Calendars;

/// <summary>Calendar feeds and address cards: what other programs read.</summary>
public static class CalendarsRoom
{
    /// <summary>Registers what watches over the feeds.</summary>
    public static void AddMedCrmCalendars(this IServiceCollection services) => services.AddSingleton<FeedThrottle>();

    /// <summary>/calendar/feed/{token}.ics, for whoever holds the secret; /contacts/{id}/vcard, for who sees the contact; /activities/{id}/ics, for who sees the meeting.</summary>
    public static void MapCalendars(this WebApplication app)
    {
        app.MapGet("/calendar/feed/{token}.ics", AnswerFeedAsync).AllowAnonymous();
        app.MapGet("/contacts/{id:guid}/vcard", async (Guid id, ContactCards cards, CancellationToken cancellationToken)
            => await cards.FindAsync(id, cancellationToken) is { } card
                ? Results.File(card.WriteBytes(), "text/vcard; charset=utf-8", $"{SearchKey.Fold(card.FullName).Replace(' ', '-')}.vcf")
                : Results.NotFound());
        app.MapGet("/activities/{id:guid}/ics", async (Guid id, Invitations invitations, CancellationToken cancellationToken)
            => await invitations.FileAsync(id, cancellationToken) is { } file ? Results.File(file, "text/calendar; charset=utf-8", "reunion.ics") : Results.NotFound());
    }

    /// <summary>The address people type, as the settings say it; the one they used otherwise.</summary>
    internal static Uri SiteOf(IConfiguration configuration, string asked)
        => Uri.TryCreate(configuration["MedCrm:PublicUrl"], UriKind.Absolute, out var site) ? site : new Uri(asked);

    private static async Task<IResult> AnswerFeedAsync(string token, HttpContext context, CalendarFeeds feeds, FeedThrottle throttle, IConfiguration configuration, IStringLocalizer<Texts> t, CancellationToken cancellationToken)
    {
        var from = context.Connection.RemoteIpAddress;
        context.Response.Headers.CacheControl = "no-store";
        if (!throttle.Tries.TryTake(from))
        {
            context.Response.TooMany();
            return Results.Text(t["Trop d'essais. Réessayez dans une minute."], "text/plain; charset=utf-8", statusCode: StatusCodes.Status429TooManyRequests);
        }

        if (await feeds.ReadAsync(token, SiteOf(configuration, $"{context.Request.Scheme}://{context.Request.Host}"), cancellationToken) is not { } calendar)
        {
            // With words of its own the answer stays a 404: without, the page of missing pages would ask for a login.
            return Results.Text(t["Cet agenda n'existe pas ou n'est plus partagé."], "text/plain; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
        }

        throttle.Tries.GiveBack(from);
        return Results.File(calendar, "text/calendar; charset=utf-8", "medcrm.ics");
    }
}

/// <summary>Slows down who guesses secrets of feeds. A budget of its own: a program that goes on reading a closed feed must not keep its neighbours from signing in.</summary>
public sealed class FeedThrottle(TimeProvider time)
{
    /// <summary>The tries left to each address.</summary>
    public SignInThrottle Tries { get; } = new(time);
}
