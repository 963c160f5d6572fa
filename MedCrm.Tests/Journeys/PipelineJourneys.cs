using MedCrm.Core.Access;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class PipelineJourneys(RunningApp app)
{
    private const string Sales = "sales1@demo.test";
    private const string Manager = "manager@demo.test";

    [JourneyFact]
    public async Task A_drag_lands_at_once_survives_a_reload_and_can_be_undone()
    {
        var page = await BoardAsync(Sales);
        var before = await FiguresAsync(page);
        await page.EvaluateAsync(
            """
            () => addEventListener('pointerup', () => {
                document.body.dataset.landed = document.querySelector('[data-stage=Proposal] [data-testid=board-card][data-id][aria-label="Moniteurs de surveillance"]') !== null;
            }, { once: true })
            """);

        await DragAsync(page, "Moniteurs de surveillance", "[data-stage=Proposal]");

        await Expect(page.GetByTestId("toast")).ToContainTextAsync("« Moniteurs de surveillance » déplacée en Proposition");
        await Expect(CardIn(page, "Proposal", "Moniteurs de surveillance")).ToHaveCountAsync(1);

        // It stood there within the very gesture: no server can have answered by then.
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-landed", "true");
        await MatchesDatabaseAsync(page);
        await page.ReloadAsync();
        await Expect(CardIn(page, "Proposal", "Moniteurs de surveillance")).ToBeVisibleAsync();
        app.AssertNoProblems(page);

        await ReadyAsync(page);
        await DragAsync(page, "Moniteurs de surveillance", "[data-stage=Negotiation]");
        await page.UndoAsync("déplacée en Négociation");
        await Expect(CardIn(page, "Proposal", "Moniteurs de surveillance")).ToBeVisibleAsync();
        await MatchesDatabaseAsync(page);

        await DragAsync(page, "Moniteurs de surveillance", "[data-stage=Qualification]");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("déplacée en Qualification");
        Assert.Equal(before, await FiguresAsync(page));
    }

    [JourneyFact]
    public async Task A_refused_card_returns_to_its_exact_place_and_says_why()
    {
        var page = await BoardAsync(Sales);
        var before = await ColumnAsync(page, "Qualification");
        var figures = await FiguresAsync(page);
        await ChangeAsideAsync("Deux tables d'opération");

        await DragAsync(page, "Deux tables d'opération", "[data-stage=Proposal]");

        await Expect(page.GetByTestId("toast")).ToContainTextAsync("modifiée entre-temps");
        await Expect(CardIn(page, "Qualification", "Deux tables d'opération")).ToBeVisibleAsync();
        await Expect(page.Locator(".card.lift")).ToHaveCountAsync(0);
        Assert.Equal(before, await ColumnAsync(page, "Qualification"));
        Assert.Equal(figures, await FiguresAsync(page));
    }

    [JourneyFact]
    public async Task Escape_puts_a_lifted_card_down_where_it_was()
    {
        var page = await BoardAsync(Sales);
        var before = await ColumnAsync(page, "Qualification");

        await DragAsync(page, "Laser d'urologie", "[data-stage=Negotiation]", drop: false);
        await Expect(page.GetByTestId("drop-lost")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Mouse.UpAsync();

        await Expect(page.GetByTestId("drop-lost")).ToBeHiddenAsync();
        await Expect(page.Locator(".card.lift")).ToHaveCountAsync(0);
        Assert.Equal(before, await ColumnAsync(page, "Qualification"));
        Assert.EndsWith("/opportunities", page.Url, StringComparison.Ordinal);
    }

    [JourneyFact]
    public async Task Losing_asks_why_where_the_card_was_dropped()
    {
        var page = await BoardAsync(Sales);

        await DragAsync(page, "Échographe portable", "[data-testid=drop-lost]");
        await Expect(page.GetByTestId("lost-reason")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("lost-reason")).ToHaveCountAsync(0);
        await Expect(CardIn(page, "Qualification", "Échographe portable")).ToBeVisibleAsync();

        await DragAsync(page, "Échographe portable", "[data-testid=drop-lost]");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("error-LossReason")).ToHaveTextAsync("Indiquez le motif de la perte.");
        await page.GetByTestId("lost-reason").SelectOptionAsync("NoBudget");
        await page.GetByTestId("revive-6").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();

        await page.ReadToastAsync("« Échographe portable » perdue");
        await Expect(page.GetByTestId("board-card").Filter(new() { HasText = "Échographe portable" })).ToHaveCountAsync(0);
        await MatchesDatabaseAsync(page);
        await using (var db = app.Open())
        {
            Assert.True(await db.FollowUpTasks.AnyAsync(task => task.Title == "Relancer : Échographe portable"));
        }

        await page.UndoAsync("« Échographe portable » perdue");
        await Expect(CardIn(page, "Qualification", "Échographe portable")).ToBeVisibleAsync();
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task The_keyboard_does_what_the_mouse_does()
    {
        var page = await BoardAsync(Sales);

        await Card(page, "Formation des équipes du bloc").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Card(page, "Armoires chaudes")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("m");
        await Expect(page.GetByTestId("move-to").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");

        await Expect(CardIn(page, "Negotiation", "Armoires chaudes")).ToBeFocusedAsync();
        await page.UndoAsync("« Armoires chaudes » déplacée en Négociation");
        await Expect(CardIn(page, "Prospecting", "Armoires chaudes")).ToBeVisibleAsync();
        await Card(page, "Armoires chaudes").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/opportunities/[0-9a-f]+-"));
    }

    [JourneyFact]
    public async Task A_colleague_sees_the_card_move_and_keeps_the_one_in_hand()
    {
        var page = await BoardAsync(Sales);
        var colleague = await BoardAsync(Manager);

        await DragAsync(colleague, "Angiographe", "[data-stage=Proposal]", drop: false);
        await DragAsync(page, "Traçabilité des dispositifs implantables", "[data-stage=Negotiation]");
        await page.ReadToastAsync("déplacée en Négociation");

        // The colleague's board has heard of it, and waits for the hand to be empty.
        await Expect(colleague.Locator("[data-testid=board][data-waiting]")).ToBeVisibleAsync();
        await Expect(colleague.Locator("body > .card.lift")).ToBeVisibleAsync();
        await Expect(CardIn(colleague, "Proposal", "Traçabilité des dispositifs implantables")).ToBeVisibleAsync();
        await colleague.Mouse.UpAsync();

        await Expect(CardIn(colleague, "Negotiation", "Traçabilité des dispositifs implantables")).ToBeVisibleAsync();
        await Expect(CardIn(colleague, "Proposal", "Angiographe")).ToBeVisibleAsync();
        await colleague.UndoAsync("« Angiographe » déplacée en Proposition");
        await page.UndoAsync("déplacée en Négociation");
        await Expect(CardIn(colleague, "Qualification", "Angiographe")).ToBeVisibleAsync();
        await Expect(CardIn(colleague, "Proposal", "Traçabilité des dispositifs implantables")).ToBeVisibleAsync();
    }

    [JourneyFact]
    public async Task A_finger_drags_after_a_long_press()
    {
        var page = await BoardAsync(Sales, (390, 844));
        var touch = await page.Context.NewCDPSessionAsync(page);
        var box = (await Card(page, "Formation des équipes du bloc").BoundingBoxAsync())!;

        await TouchAsync("touchStart", box.X + 60, box.Y + 30);
        await Expect(page.Locator("body > .card.lift")).ToBeVisibleAsync();
        await TouchAsync("touchMove", 388, box.Y + 60);
        await page.WaitForFunctionAsync("() => document.querySelector('[data-stage=Qualification]').getBoundingClientRect().left < 200");
        await TouchAsync("touchMove", 195, box.Y + 60);

        // Away from the edge the board stands still: the finger goes to the middle of the column that shows most.
        var (stage, middle) = await WidestColumnAsync(page);
        await TouchAsync("touchMove", middle, box.Y + 60);
        await Expect(page.Locator($"[data-testid=board-column][data-stage={stage}].over")).ToBeVisibleAsync();
        await TouchAsync("touchEnd", null, null);

        await Expect(CardIn(page, stage, "Formation des équipes du bloc")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-stage=Prospecting]").GetByLabel("Formation des équipes du bloc")).ToHaveCountAsync(0);
        await page.UndoAsync("« Formation des équipes du bloc » déplacée");
        await Expect(CardIn(page, "Prospecting", "Formation des équipes du bloc")).ToBeVisibleAsync();

        Task TouchAsync(string type, float? x, float? y)
            => touch.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = type, ["touchPoints"] = x is null ? Array.Empty<object>() : new object[] { new { x, y } } });
    }

    private static ILocator Card(IPage page, string name) => page.Locator($"[data-testid=board-card][aria-label=\"{name}\"]");

    private static ILocator CardIn(IPage page, string stage, string name) => page.Locator($"[data-testid=board-column][data-stage={stage}] [data-testid=board-card][aria-label=\"{name}\"]");

    private static Task<string[]> ColumnAsync(IPage page, string stage)
        => page.EvaluateAsync<string[]>($"() => [...document.querySelectorAll('[data-stage={stage}] [data-testid=board-card]')].map(card => card.getAttribute('aria-label'))");

    private static Task<string[]> FiguresAsync(IPage page)
        => page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[data-testid=column-count], [data-testid=column-total], [data-testid=column-weighted]')].map(figure => figure.dataset.value)");

    private static async Task<(string Stage, float Middle)> WidestColumnAsync(IPage page)
    {
        var widest = (await page.EvaluateAsync(
            """
            () => [...document.querySelectorAll('[data-testid=board-column]')].map(column => {
                const box = column.getBoundingClientRect();
                const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
                return { stage: column.dataset.stage, width: right - left, middle: (left + right) / 2 };
            }).reduce((best, column) => column.width > best.width ? column : best)
            """))!.Value;
        return (widest.GetProperty("stage").GetString()!, widest.GetProperty("middle").GetSingle());
    }

    private static async Task DragAsync(IPage page, string name, string target, bool drop = true)
    {
        // Only a card that the server has drawn can be taken: not a copy on its way, nor one that waits for an answer or is gliding back.
        var card = page.Locator($"[data-testid=board-card][tabindex]:not(.ghost)[aria-label=\"{name}\"]");
        await Expect(card).ToBeVisibleAsync();
        var from = (await card.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(from.X + 60, from.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from.X + 80, from.Y + 40, new() { Steps = 3 });
        await Expect(page.Locator("body > .card.lift")).ToBeVisibleAsync();
        var to = (await page.Locator(target).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(to.X + (to.Width / 2), to.Y + Math.Min(to.Height / 2, 240), new() { Steps = 8 });
        if (drop)
        {
            await page.Mouse.UpAsync();
        }
    }

    [JourneyFact]
    public async Task The_end_of_a_column_brings_the_next_cards_once_and_stays_where_it_was()
    {
        await using var own = await RunningApp.StartAsync();
        await using (var db = own.Open())
        {
            var claire = await db.Users.SingleAsync(user => user.Email == Sales);
            var actor = new Actor(claire.Id, claire.DisplayName, Role.Sales, claire.TeamId, Visibility.Team);
            var stage = await db.Stages.Include(s => s.Requirements).SingleAsync(s => s.Code == "Prospecting");
            var institution = await db.Institutions.FirstAsync();
            db.Begin(actor, "Test");
            db.Opportunities.AddRange(Enumerable.Range(0, 190).Select(i => new Opportunity(
                new OpportunityDetails { Name = $"Défilement {i:000}", InstitutionId = institution.Id, OwnerId = claire.Id, TeamId = claire.TeamId, Amount = 1 }, stage, i, actor, DateTime.UtcNow)));
            await db.SaveChangesAsync();
        }

        var page = await own.SignInAsync(Sales, "/opportunities?q=defilement");
        await ReadyAsync(page);
        var body = page.Locator("[data-stage=Prospecting] .column-body");
        var cards = body.GetByTestId("board-card");
        await Expect(cards).ToHaveCountAsync(60);

        // A scroll to the very end tells itself several times over.
        await body.EvaluateAsync("body => { window.asked = 0; body.addEventListener('click', event => { window.asked += event.target.closest('.column-more') ? 1 : 0; }, { capture: true }); }");
        await body.EvaluateAsync("async body => { const end = body.scrollHeight - body.clientHeight; for (let i = 0; i < 5; i++) { body.scrollTop = end - i; await new Promise(requestAnimationFrame); } }");
        await Expect(cards).ToHaveCountAsync(120);
        await Expect(body.GetByText("Afficher plus (70)")).ToHaveCountAsync(1);
        Assert.True(await body.EvaluateAsync<bool>("body => body.scrollTop + body.clientHeight < body.scrollHeight - 1000"));

        Assert.Equal(1, await page.EvaluateAsync<int>("window.asked"));
        // Another filter and back: the column starts again, and its end brings the next cards as before.
        await page.GetByPlaceholder("Chercher une affaire").FillAsync("rien de tel");
        await Expect(cards).ToHaveCountAsync(0);
        await page.GetByPlaceholder("Chercher une affaire").FillAsync("defilement");
        await Expect(cards).ToHaveCountAsync(60);
        await body.EvaluateAsync("body => { body.scrollTop = body.scrollHeight; }");
        await Expect(cards).ToHaveCountAsync(120);
        await body.EvaluateAsync("body => { body.scrollTop = body.scrollHeight; }");
        await Expect(cards).ToHaveCountAsync(180);
        own.AssertNoProblems(page);
    }

    private static async Task ReadyAsync(IPage page) => await page.Locator("[data-testid=board][data-ready]").WaitForAsync();

    private async Task<IPage> BoardAsync(string email, (int Width, int Height)? viewport = null)
    {
        var page = await app.SignInAsync(email, "/opportunities", viewport);
        await ReadyAsync(page);
        return page;
    }

    // The columns on screen against the database's own sums for team Ouest.
    private async Task MatchesDatabaseAsync(IPage page)
    {
        await using var db = app.Open();
        var team = await db.Users.Where(user => user.Email == Sales).Select(user => user.TeamId).SingleAsync();
        foreach (var stage in await db.Stages.Where(stage => stage.Outcome == StageOutcome.Open).ToListAsync())
        {
            var deals = await db.Opportunities.Where(deal => deal.StageId == stage.Id && deal.TeamId == team).ToListAsync();
            var column = page.Locator($"[data-testid=board-column][data-stage={stage.Code}]");
            await Expect(column.GetByTestId("column-count")).ToHaveAttributeAsync("data-value", $"{deals.Count}");
            await Expect(column.GetByTestId("column-total")).ToHaveAttributeAsync("data-value", deals.Sum(deal => deal.Amount).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
            await Expect(column.GetByTestId("column-weighted")).ToHaveAttributeAsync("data-value", deals.Sum(deal => deal.WeightedAmount).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    // Written straight into the database, as by another process: open boards hear nothing of it.
    private async Task ChangeAsideAsync(string name)
    {
        await using var db = app.Open();
        await db.Opportunities.Where(deal => deal.Name == name).ExecuteUpdateAsync(set => set.SetProperty(deal => deal.Version, Guid.NewGuid()));
    }
}
