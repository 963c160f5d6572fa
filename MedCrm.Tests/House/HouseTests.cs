using System.Reflection;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.House;

public sealed class HouseTests
{
    private static readonly Assembly s_core = typeof(MedCrmDbContext).Assembly;
    private static readonly Assembly s_web = typeof(Program).Assembly;

    [Fact]
    public void Core_knows_nothing_of_the_web()
    {
        var references = s_core.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name == "MedCrm.Web");

        Assert.Empty(references);
    }

    /// <summary>A component that comes in with a change of address joins those being told of it, and the circuit ends: it reads the address by <c>AddressPart</c>.</summary>
    [Fact]
    public void Only_pages_take_parameters_from_the_query()
    {
        var slips = s_web.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(ComponentBase)) && !type.GetCustomAttributes<RouteAttribute>().Any())
            .Where(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is not null))
            .Select(type => type.Name);

        Assert.Empty(slips);
    }

    [Fact]
    public void Components_reach_the_database_through_a_door()
    {
        var slips = s_web.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(ComponentBase)))
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(property => property.GetCustomAttribute<InjectAttribute>() is not null))
            .Where(property => property.PropertyType.IsAssignableTo(typeof(DbContext)) || property.PropertyType == typeof(IDbContextFactory<MedCrmDbContext>))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");

        Assert.Empty(slips);
    }

    [Fact]
    public void Entities_keep_their_setters_to_themselves()
    {
        // Version and DeletedAt belong to the context and the bin, which write them for every record alike.
        string[] shared = [nameof(IVersioned.Version), nameof(IBinnable.DeletedAt)];
        var slips = s_core.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IRecorded)) && type is { IsClass: true })
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPublic: true } && !shared.Contains(property.Name))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");

        Assert.Empty(slips);
    }

    [Fact]
    public async Task Model_and_migrations_say_the_same()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var db = world.Open();

        Assert.False(db.Database.HasPendingModelChanges());
    }
}
