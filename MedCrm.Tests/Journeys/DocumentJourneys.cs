using MedCrm.Core.Customers;
using MedCrm.Tests.Documents;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>Files from a desk to a record, and back.</summary>
[Collection(JourneyGroup.Name)]
public sealed class DocumentJourneys(RunningApp app)
{
    private const string Claire = "sales1@demo.test";

    [JourneyFact]
    public async Task A_contract_is_chosen_read_replaced_put_back_in_force_and_binned()
    {
        var id = await GiveInstitutionAsync("Clinique du Dossier");
        var page = await OpenAsync(id);
        await Expect(page.GetByTestId("empty")).ToBeVisibleAsync();

        await page.GetByTestId("upload-input").SetInputFilesAsync(Given("Contrat.pdf", FileSample.Pdf("1")));
        var row = page.GetByTestId("document-row");
        await Expect(row).ToContainTextAsync("Contrat");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Document « Contrat » ajouté");
        await Expect(page.GetByTestId("upload-file")).ToHaveCountAsync(0);

        await row.GetByTestId("document-open").ClickAsync();
        var preview = page.GetByTestId("document-preview");
        await Expect(preview.Locator("iframe")).ToBeVisibleAsync();
        await Expect(preview).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(preview).ToHaveCountAsync(0);

        await row.GetByTestId("document-menu").ClickAsync();
        var chooser = await page.RunAndWaitForFileChooserAsync(() => row.GetByTestId("new-version").ClickAsync());
        await chooser.SetFilesAsync(Given("Contrat signé.pdf", FileSample.Pdf("2")));
        await Expect(row.GetByTestId("document-version")).ToHaveAttributeAsync("data-value", "2");

        await row.GetByTestId("document-menu").ClickAsync();
        await row.GetByTestId("edit").ClickAsync();
        await Expect(page.GetByTestId("field-Name")).ToBeFocusedAsync();
        await page.GetByTestId("field-Category").SelectOptionAsync("Contract");
        await page.Locator("[data-testid=version][data-value='1']").GetByTestId("version-restore").ClickAsync();
        await Expect(page.Locator("[data-testid=version][data-value='1']").GetByTestId("version-current")).ToBeVisibleAsync();
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("versions")).ToHaveCountAsync(0);
        await Expect(row).ToContainTextAsync("Contrat");
        await Expect(row.GetByTestId("document-version")).ToHaveTextAsync("v1 sur 2");
        await Expect(row.Locator("[data-value=Contract]")).ToBeVisibleAsync();

        await row.GetByTestId("document-menu").ClickAsync();
        await row.GetByTestId("delete").ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        await page.UndoAsync("Document « Contrat » supprimé");
        await Expect(row).ToHaveCountAsync(1);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Files_are_dropped_pasted_read_one_after_the_other_and_taken_home_in_an_archive()
    {
        var id = await GiveInstitutionAsync("Clinique du Bureau");
        var page = await OpenAsync(id);

        await DropAsync(page, ("Plan.png", FileSample.Png()), ("Notes.txt", "Bonjour"u8.ToArray()));
        await Expect(page.GetByTestId("document-row")).ToHaveCountAsync(2);
        await page.ReadToastAsync("2 documents ajoutés");
        await page.EvaluateAsync(
            """
            octets => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(octets)], 'image.png', { type: 'image/png' }));
                document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
            }
            """,
            FileSample.Png(2, 2).Select(octet => (int)octet).ToArray());
        await Expect(page.GetByTestId("document-row").Filter(new() { HasText = "Collé le" })).ToHaveCountAsync(1);

        // The same picture again is offered where it is.
        await DropAsync(page, ("Autre nom.png", FileSample.Png()));
        await Expect(page.GetByTestId("upload-file")).ToContainTextAsync("Déjà là : « Plan », version 1.");
        await page.GetByTestId("upload-show").ClickAsync();
        var preview = page.GetByTestId("document-preview");
        await Expect(preview.Locator("img")).ToHaveJSPropertyAsync("complete", true);
        await Expect(preview).ToBeFocusedAsync();
        var place = await preview.GetByTestId("preview-place").TextContentAsync();
        await page.Keyboard.PressAsync(place!.StartsWith('3') ? "ArrowLeft" : "ArrowRight");
        await Expect(preview.GetByTestId("preview-place")).Not.ToHaveTextAsync(place);
        await page.Keyboard.PressAsync("Escape");
        await Expect(preview).ToHaveCountAsync(0);

        await page.GetByTestId("pick-all").CheckAsync();
        await Expect(page.GetByTestId("bulk-count")).ToHaveAttributeAsync("data-value", "3");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("document-zip").ClickAsync());
        await using (var archive = await System.IO.Compression.ZipFile.OpenReadAsync(await download.PathAsync()))
        {
            Assert.Equal(3, archive.Entries.Count);
        }

        await page.GetByTestId("bulk-delete").ClickAsync();
        await Expect(page.GetByTestId("document-row")).ToHaveCountAsync(0);
        await page.UndoAsync("3 documents supprimés");
        await Expect(page.GetByTestId("document-row")).ToHaveCountAsync(3);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_refused_file_says_why_beside_it_and_a_cut_one_is_sent_again()
    {
        var id = await GiveInstitutionAsync("Clinique de la Ligne");
        await using var line = Line.To(app.Url);
        var page = await app.SignInAsync(Claire);
        await page.GotoAsync($"{line.Url}/institutions/{id}?tab=documents");
        await page.Locator("[data-testid=documents][data-ready]").WaitForAsync();

        await page.GetByTestId("upload-input").SetInputFilesAsync([Given("facture.pdf", "<html>"u8.ToArray()), Given("vide.pdf", [])]);
        await Expect(page.GetByTestId("upload-file").Filter(new() { HasText = "facture.pdf" })).ToContainTextAsync("Les pages web");
        await Expect(page.GetByTestId("upload-file").Filter(new() { HasText = "vide.pdf" })).ToContainTextAsync("Ce fichier est vide.");
        await page.GetByTestId("upload-close").First.ClickAsync();
        await page.GetByTestId("upload-close").First.ClickAsync();

        await page.RouteAsync("**/documents/upload*", route => route.AbortAsync("connectionreset"));
        await page.GetByTestId("upload-input").SetInputFilesAsync(Given("Contrat.pdf", FileSample.Pdf()));
        await Expect(page.GetByTestId("upload-file")).ToContainTextAsync("L'envoi a été coupé");
        await page.UnrouteAsync("**/documents/upload*");

        // One that takes for ever is stopped, and another waits no longer.
        var held = new TaskCompletionSource<IRoute>();
        await page.RouteAsync("**/documents/upload*", held.SetResult);
        await page.GetByTestId("upload-input").SetInputFilesAsync(Given("Lent.pdf", FileSample.Pdf("lent")));
        await page.GetByTestId("upload-file").Filter(new() { HasText = "Lent.pdf" }).GetByTestId("upload-cancel").ClickAsync();
        await Expect(page.GetByTestId("upload-file")).ToHaveCountAsync(1);

        // What is still held when the route goes would be let through.
        await (await held.Task).AbortAsync();
        await page.UnrouteAsync("**/documents/upload*");
        await page.GetByTestId("upload-retry").ClickAsync();
        await Expect(page.GetByTestId("document-row")).ToContainTextAsync("Contrat");
        await Expect(page.GetByTestId("upload-file")).ToHaveCountAsync(0);
    }

    [JourneyFact]
    public async Task A_deal_shows_its_documents_which_its_institution_shows_too()
    {
        await using var db = app.Open();
        var deal = await db.Opportunities.SingleAsync(candidate => candidate.Name == "Renouvellement de six respirateurs de réanimation");
        var page = await app.SignInAsync(Claire, $"/opportunities/{deal.Id}?tab=documents");
        await Expect(page.GetByTestId("document-row").Filter(new() { HasText = "Proposition technique" })).ToBeVisibleAsync();
        await Expect(page.GetByTestId("document-deal")).ToHaveCountAsync(0);

        await app.GoAsync(page, $"/institutions/{deal.InstitutionId}?tab=documents");
        var row = page.GetByTestId("document-row").Filter(new() { HasText = "Proposition technique" });
        await Expect(row.GetByTestId("document-deal")).ToHaveTextAsync(deal.Name);
        var document = await db.Documents.SingleAsync(candidate => candidate.Name == "Proposition technique");
        await app.GoAsync(page, $"/documents/{document.Id}/place");
        await Expect(page.GetByTestId("document-preview")).ToHaveAttributeAsync("data-id", document.Id.ToString());
        await Expect(page.GetByTestId("document-preview")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("document-preview")).ToHaveCountAsync(0);

        // From the palette, on a page that is no list of documents.
        await page.Locator("nav.nav a[href='/tasks']").ClickAsync();
        await Expect(page.GetByTestId("documents")).ToHaveCountAsync(0);
        await page.GetByTestId("search").ClickAsync();
        await Expect(page.GetByTestId("palette-input")).ToBeFocusedAsync();
        await page.GetByTestId("palette-input").FillAsync("proposition tech");
        await page.Locator($"[data-testid=palette-item][data-id='{document.Id}']").ClickAsync();
        await Expect(page.GetByTestId("document-preview")).ToHaveAttributeAsync("data-id", document.Id.ToString());
        app.AssertNoProblems(page);
    }

    private static FilePayload Given(string name, byte[] content) => new() { Name = name, MimeType = "application/octet-stream", Buffer = content };

    private static async Task DropAsync(IPage page, params (string Name, byte[] Content)[] files)
        => await page.EvaluateAsync(
            """
            files => {
                const transfer = new DataTransfer();
                for (const { name, content } of files) {
                    transfer.items.add(new File([new Uint8Array(content)], name));
                }
                const zone = document.querySelector('[data-testid=documents]');
                for (const kind of ['dragenter', 'dragover', 'drop']) {
                    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
                }
            }
            """,
            files.Select(file => new { name = file.Name, content = file.Content.Select(octet => (int)octet).ToArray() }).ToArray());

    private async Task<IPage> OpenAsync(Guid institutionId)
    {
        var page = await app.SignInAsync(Claire, $"/institutions/{institutionId}?tab=documents");
        await page.Locator("[data-testid=documents][data-ready]").WaitForAsync();
        return page;
    }

    private async Task<Guid> GiveInstitutionAsync(string name)
    {
        await using var db = app.Open();
        var claire = await db.Users.SingleAsync(user => user.Email == Claire);
        var institution = new Institution(new InstitutionDetails { Name = name, City = "Nantes", OwnerId = claire.Id, TeamId = claire.TeamId }, DateTime.UtcNow);
        db.Begin(Core.Access.Actor.System, "Test");
        db.Institutions.Add(institution);
        await db.SaveChangesAsync();
        return institution.Id;
    }
}
