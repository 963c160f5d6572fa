using System.Text.RegularExpressions;
using MedCrm.Tests.Support;
using Microsoft.Playwright;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed partial class BackupJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task An_administrator_takes_a_backup_and_tries_its_restore()
    {
        var page = await app.SignInAsync("admin@demo.test", "/admin/backups");

        await page.GetByTestId("backup-now").ClickAsync();
        await Assertions.Expect(page.GetByTestId("toast")).ToContainTextAsync("Sauvegarde faite et vérifiée");
        await page.ReloadAsync();
        await page.GetByTestId("backup-test").First.ClickAsync();

        await Assertions.Expect(page.GetByTestId("backup-trial").First).ToHaveTextAsync(RestorableText());
        await Assertions.Expect(page.GetByTestId("backup-late")).ToHaveCountAsync(0);
        Assert.NotEmpty(Directory.GetFiles(app.Folder.Backups, "*.zip"));
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_salesperson_does_not_reach_the_backups()
    {
        var page = await app.SignInAsync("sales1@demo.test");

        await page.GotoAsync(app.Url + "/admin/backups");

        await Assertions.Expect(page.GetByTestId("backup-now")).ToHaveCountAsync(0);
    }

    [GeneratedRegex("Restaurable : .* lignes")]
    private static partial Regex RestorableText();
}
