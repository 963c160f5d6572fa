using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MedCrm.Tests.House;

/// <summary>What the business says reaches a screen through the localizer alone, so that another language can follow.</summary>
public sealed partial class WordingTests
{
    [Fact]
    public void Screens_say_labels_in_the_language_of_the_person()
    {
        // The first is the helper itself; the second hands labels over to DraftKeeper, which says them.
        string[] apart = ["Kit/Wording.cs", "Kit/Forms/FormDraft.cs"];

        Assert.Empty(Slips(BareLabel(), apart));
    }

    [Fact]
    public void Screens_say_refusals_in_the_language_of_the_person()
    {
        // Consoles and the log speak French; what an import kept of a row is shown as it was written.
        string[] apart = ["CommandLine.cs", "Startup.cs", "Account/FirstAdministrator.cs", "Imports/ImportPage.razor"];

        Assert.Empty(Slips(BareMessage(), apart));
    }

    private static IEnumerable<string> Slips(Regex slip, string[] apart)
    {
        var web = Path.Combine(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..")), "MedCrm.Web");
        var sources = Directory.EnumerateFiles(web, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(web, path).Replace('\\', '/')))
            .Where(source => source.Name.EndsWith(".cs", StringComparison.Ordinal) || source.Name.EndsWith(".razor", StringComparison.Ordinal))
            .Where(source => !source.Name.StartsWith("obj/", StringComparison.Ordinal) && !source.Name.StartsWith("bin/", StringComparison.Ordinal) && !source.Name.StartsWith("Bench/", StringComparison.Ordinal))
            .ToList();
        Assert.True(sources.Count > 150, $"Only {sources.Count} sources found under {web}.");
        Assert.All(apart, name => Assert.Contains(sources, source => source.Name == name));

        return sources.Where(source => !apart.Contains(source.Name))
            .SelectMany(source => File.ReadLines(source.Path).Index().Where(line => slip.IsMatch(line.Item)).Select(line => $"{source.Name}({line.Index + 1}): {line.Item.Trim()}"));
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"\bLabels\.(Of|Has)\(|[^\[]@\(?\w+\.(Noun|Nouns|ShortLabel)\b|\b[Cc]olumn\.Label\b|[^(]\bDefinition\.Counted\(")]
    private static partial Regex BareLabel();

    // A sentence with names in it is no key: T.Of(refusal), never T[refusal.Message].
    [GeneratedRegex(@"(?<!\bT\.Of\(\w+)\.Message\b")]
    private static partial Regex BareMessage();
}
