using MedCrm.Core.Access;
using Microsoft.AspNetCore.Authorization;

namespace MedCrm.Web.Account;

/// <summary>One authorization policy per <see cref="Right"/>, under its name: <c>[Authorize(Policy = nameof(Right.Administer))]</c>.</summary>
public static class RightPolicies
{
    /// <summary>Registers the policies. Without any, a page still asks for a login.</summary>
    public static void AddRightPolicies(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var right in Enum.GetValues<Right>())
        {
            authorization.AddPolicy(right.ToString(), policy => policy.RequireAuthenticatedUser().AddRequirements(new RightRequirement(right)));
        }

        services.AddSingleton<IAuthorizationHandler, RightHandler>();
    }

    private sealed record RightRequirement(Right Right) : IAuthorizationRequirement;

    // The role is read from the account as it stands, never from the cookie, which may be days old.
    private sealed class RightHandler(Actors actors) : AuthorizationHandler<RightRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
        {
            if (SignedInUser.IdOf(context.User) is { } id && await actors.FindAsync(id) is { } actor && actor.May(requirement.Right))
            {
                context.Succeed(requirement);
            }
        }
    }
}
