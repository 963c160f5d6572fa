using MedCrm.Core.Access;
using MedCrm.Core.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MedCrm.Web.Account;

/// <summary>Signing in and out, one's own account, and the first administrator.</summary>
public static class AccountRoom
{
    private const string PasswordPath = "/account/password";

    /// <summary>Registers Identity over our own users.</summary>
    public static void AddMedCrmAccount(this IServiceCollection services)
    {
        services.AddScoped<SignedInUser>();
        services.AddScoped<ICurrentUser>(provider => provider.GetRequiredService<SignedInUser>());
        services.AddScoped<AuthenticationStateProvider, FreshAuthenticationState>();
        services.AddCascadingAuthenticationState();
        services.AddRightPolicies();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton(provider => new NobodysPassword(new PasswordHasher<User>(provider.GetRequiredService<IOptions<PasswordHasherOptions>>())));
        services.AddScoped<SignIns>();
        services.AddScoped<Credentials>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies(cookies =>
        {
            cookies.ApplicationCookie!.Configure(ConfigureSession);
            cookies.TwoFactorUserIdCookie!.Configure(cookie => cookie.Cookie.Name = "medcrm-second-factor");
            cookies.TwoFactorRememberMeCookie!.Configure(cookie =>
            {
                cookie.Cookie.Name = "medcrm-browser";
                cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
            });
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "medcrm-form";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });

        // 220,000 rounds of PBKDF2 with SHA-512: above OWASP's advice of 210,000.
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 220_000);

        // A browser remembered for the second factor is forgotten as soon as the account's stamp changes.
        services.Configure<SecurityStampValidatorOptions>(stamp => stamp.ValidationInterval = TimeSpan.Zero);
        services.AddIdentityCore<User>(options =>
            {
                options.Password.RequiredLength = 10;
                options.Password.RequiredUniqueChars = 5;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";
            })
            .AddUserStore<AccountStore>()
            .AddSignInManager<AccountSignInManager>()
            .AddErrorDescriber<FrenchIdentityErrors>()
            .AddPasswordValidator<UnguessablePassword>()
            .AddTokenProvider<OneTimeAuthenticator>(TokenOptions.DefaultAuthenticatorProvider)
            .AddTokenProvider<DataProtectorTokenProvider<User>>(TokenOptions.DefaultProvider);
    }

    /// <summary>Puts the first run and authentication in the way of requests and tells doors who asks.</summary>
    public static void UseAccountSecurity(this WebApplication app)
    {
        app.Use(FirstAdministrator.GuideAsync);
        app.UseAuthentication();
        app.Use(async (context, next) =>
        {
            context.RequestServices.GetRequiredService<SignedInUser>().Principal = context.User;
            if (await MustChangePasswordAsync(context))
            {
                context.Response.Redirect(ReturnAddress.With(PasswordPath, context.Request.Path + context.Request.QueryString));
                return;
            }

            await next(context);
        });
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    /// <summary>The plain endpoints: signing out, here or everywhere, and the look.</summary>
    public static void MapAccount(this WebApplication app)
    {
        app.MapPost("/logout", async (SignInManager<User> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/login");
        });
        app.MapPost("/account/end-sessions", async (SignInManager<User> signIn, Credentials credentials) =>
        {
            await credentials.EndMySessionsAsync();
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/login");
        });
        app.MapPost("/account/appearance", async (HttpRequest request, Preferences preferences) =>
        {
            var form = await request.ReadFormAsync();
            if (form["theme"].ToString() is not ("auto" or "light" or "dark") || form["density"].ToString() is not ("normal" or "compact"))
            {
                return Results.BadRequest();
            }

            await preferences.KeepAsync(Preferences.Theme, form["theme"].ToString());
            await preferences.KeepAsync(Preferences.Density, form["density"].ToString());
            return Results.NoContent();
        });
    }

    private static void ConfigureSession(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "medcrm";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.LoginPath = "/login";
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
        cookie.SlidingExpiration = true;
        cookie.Events.OnValidatePrincipal = ValidateAsync;
        cookie.Events.OnRedirectToLogin = context =>
        {
            // A missing page is answered by another address inside the server: people come back to the one they asked for.
            var asked = context.HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is { } missing
                ? missing.OriginalPath + missing.OriginalQueryString
                : context.Request.Path + context.Request.QueryString;
            context.Response.Redirect(ReturnAddress.With("/login", asked));
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    // Every request, from memory: a disabled account or an ended session is out at once.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var actors = context.HttpContext.RequestServices.GetRequiredService<Actors>();
        if (context.Principal is not { } principal
            || SignedInUser.IdOf(principal) is not { } id
            || !await actors.AdmitsAsync(id, SignedInUser.StampOf(principal), context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        }
    }

    private static async Task<bool> MustChangePasswordAsync(HttpContext context)
        => SignedInUser.IdOf(context.User) is { } id
            && context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null
            && !context.Request.Path.StartsWithSegments(PasswordPath)
            && !context.Request.Path.StartsWithSegments("/logout")
            && !context.Request.Path.StartsWithSegments("/healthz")
            && !context.Request.Path.StartsWithSegments("/_framework")
            && await context.RequestServices.GetRequiredService<Actors>().FindAccountAsync(id, context.RequestAborted) is { MustChangePassword: true };
}
