using Bunit;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using MedCrm.Web.Data;
using MedCrm.Web.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Data;

public sealed class BackupsPageTests : WorldScreenTests
{
    protected override Task<TestWorld> CreateWorldAsync() => TestWorld.CreateAsync(services => services.AddSingleton<IFileReferences, Room>());

    [Fact]
    public async Task Files_that_are_missing_or_stray_are_counted_and_named()
    {
        await File.WriteAllTextAsync(Path.Combine(World.Folder.Files, "perdu.pdf"), "");

        var page = Render<BackupsPage>();

        page.WaitForElement("[data-testid=files-missing]");
        Assert.EndsWith("Fichiers manquants : 7. Des fiches y renvoient : retrouvez-les dans une sauvegarde. 1.pdf, 2.pdf, 3.pdf, 4.pdf, 5.pdf…", page.Find("[data-testid=files-missing]").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("Fichiers qui n'appartiennent à aucune fiche : 1. perdu.pdf", page.Find("[data-testid=files-stray]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_all_there_are_not_mentioned()
    {
        foreach (var path in Room.Paths)
        {
            await File.WriteAllTextAsync(Path.Combine(World.Folder.Files, path), "");
        }

        var page = Render<BackupsPage>();

        page.WaitForElement("[data-testid=backup-late]");
        Assert.Empty(page.FindAll("[data-testid=files-missing], [data-testid=files-stray]"));
    }

    private sealed class Room : IFileReferences
    {
        public static string[] Paths { get; } = ["1.pdf", "2.pdf", "3.pdf", "4.pdf", "5.pdf", "6.pdf", "7.pdf"];

        public Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<string>>(Paths);
    }
}
