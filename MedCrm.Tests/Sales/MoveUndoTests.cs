using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Sales;

/// <summary>A move on the board taken back after colleagues went on working on it.</summary>
public sealed class MoveUndoTests : IAsyncLifetime
{
    private TestWorld _world = null!;

    public async Task InitializeAsync() => _world = await TestWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_card_returns_between_its_neighbours_whatever_a_colleague_did_with_the_other_cards()
    {
        var (top, moved, bottom) = (await CardAsync("haut", 10), await CardAsync("carte", 20), await CardAsync("bas", 30));
        var other = await CardAsync("autre", 40);
        var move = await MoveAsync(_world.Claire, moved, "Qualification");

        await MoveAsync(_world.Paul, other, "Prospecting", new CardPlace(null, top.Id));
        await MoveAsync(_world.Paul, bottom, "Qualification", new CardPlace(moved.Id, null));
        await UndoAsync(_world.Claire, move);

        Assert.Equal(["autre", "haut", "carte"], await NamesAsync("Prospecting"));
        Assert.Equal(["bas"], await NamesAsync("Qualification"));
    }

    [Fact]
    public async Task A_card_returns_to_its_column_even_when_that_was_numbered_afresh()
    {
        var (top, moved) = (await CardAsync("haut", 0), await CardAsync("carte", 1));
        await CardAsync("bas", 2);
        var move = await MoveAsync(_world.Claire, moved, "Qualification");

        // No room under the first card: the whole column takes new numbers.
        await MoveAsync(_world.Paul, await CardAsync("glissée", 0, "Negotiation"), "Prospecting", new CardPlace(top.Id, null));
        await MoveAsync(_world.Paul, await CardAsync("encore", 1, "Negotiation"), "Prospecting", new CardPlace(top.Id, null));
        await UndoAsync(_world.Claire, move);

        var column = await NamesAsync("Prospecting");
        Assert.Equal(["haut", "encore", "glissée", "bas"], column.Where(name => name != "carte"));
        Assert.Contains("carte", column);
        Assert.Empty(await NamesAsync("Qualification"));
    }

    [Fact]
    public async Task A_card_that_a_colleague_moved_on_stays_and_the_refusal_says_who_when_and_what()
    {
        var card = await CardAsync("carte", 10);
        var move = await MoveAsync(_world.Claire, card, "Qualification");
        _world.Time.Advance(TimeSpan.FromHours(1));
        await MoveAsync(_world.Paul, card, "Negotiation");

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => UndoAsync(_world.Claire, move));

        Assert.Equal("« carte » : Étape, Probabilité (%) ont été modifiés depuis par Paul Bernard le 21/11/2026 à 10:30. Annuler écraserait cette modification.", refusal.Message);
        Assert.Equal(["carte"], await NamesAsync("Negotiation"));
    }

    [Fact]
    public async Task A_card_moved_on_and_back_by_a_colleague_is_where_the_colleague_wants_it()
    {
        var card = await CardAsync("carte", 10);
        var move = await MoveAsync(_world.Claire, card, "Qualification");
        await MoveAsync(_world.Paul, card, "Negotiation");
        await MoveAsync(_world.Paul, card, "Qualification");

        await Assert.ThrowsAsync<BusinessRuleException>(() => UndoAsync(_world.Claire, move));

        Assert.Equal(["carte"], await NamesAsync("Qualification"));
    }

    [Fact]
    public async Task A_move_that_a_colleague_took_back_no_longer_stands_in_the_way()
    {
        var card = await CardAsync("carte", 10);
        var move = await MoveAsync(_world.Claire, card, "Qualification");
        await UndoAsync(_world.Paul, await MoveAsync(_world.Paul, card, "Negotiation"));

        await UndoAsync(_world.Claire, move);

        Assert.Equal(["carte"], await NamesAsync("Prospecting"));
    }

    [Fact]
    public async Task What_a_colleague_changed_beside_the_stage_stays_and_the_weight_follows_both()
    {
        var card = await CardAsync("carte", 10);
        var move = await MoveAsync(_world.Claire, card, "Negotiation");
        var seen = (await ReadAsync(card)).Details();
        await _world.As(_world.Paul).Get<Opportunities>().EditAsync(card.Id, seen, seen with { Amount = 50_000 });

        await UndoAsync(_world.Claire, move);

        var deal = await ReadAsync(card);
        Assert.Equal(("Prospecting", 50_000m, 10, 5_000m), (deal.Stage.Code, deal.Amount, deal.ProbabilityPercent, deal.WeightedAmount));
    }

    [Fact]
    public async Task A_move_is_taken_back_although_a_colleague_put_the_card_elsewhere_in_its_new_column()
    {
        var card = await CardAsync("carte", 10);
        var first = await CardAsync("première", 10, "Qualification");
        var move = await MoveAsync(_world.Claire, card, "Qualification");
        await MoveAsync(_world.Paul, card, "Qualification", new CardPlace(first.Id, null));

        await UndoAsync(_world.Claire, move);

        Assert.Equal(["carte"], await NamesAsync("Prospecting"));
        Assert.Equal(["première"], await NamesAsync("Qualification"));
    }

    [Fact]
    public async Task A_card_put_elsewhere_in_its_column_returns_to_its_place()
    {
        var (_, _, bottom) = (await CardAsync("haut", 10), await CardAsync("milieu", 20), await CardAsync("bas", 30));
        var move = await MoveAsync(_world.Claire, bottom, "Prospecting");
        Assert.Equal(["bas", "haut", "milieu"], await NamesAsync("Prospecting"));

        await UndoAsync(_world.Claire, move);

        Assert.Equal(["haut", "milieu", "bas"], await NamesAsync("Prospecting"));
    }

    [Fact]
    public async Task A_place_that_a_colleague_chose_since_is_not_taken_back_and_the_refusal_says_so()
    {
        var (top, _, bottom) = (await CardAsync("haut", 10), await CardAsync("milieu", 20), await CardAsync("bas", 30));
        var move = await MoveAsync(_world.Claire, bottom, "Prospecting");
        _world.Time.Advance(TimeSpan.FromHours(1));
        await MoveAsync(_world.Paul, bottom, "Prospecting", new CardPlace(top.Id, null));

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => UndoAsync(_world.Claire, move));

        Assert.Equal("« bas » a bougé depuis, par Paul Bernard le 21/11/2026 à 10:30 : il n'y a plus rien à annuler.", refusal.Message);
        Assert.Equal(["haut", "bas", "milieu"], await NamesAsync("Prospecting"));
    }

    private async Task<Opportunity> CardAsync(string name, long rank, string stage = "Prospecting")
        => await _world.OpportunityAsync(stage, with: details => details with { Name = name }, rank: rank);

    private async Task<Done> MoveAsync(Actor actor, Opportunity card, string stage, CardPlace? place = null)
        => await _world.As(actor).Get<Opportunities>().MoveAsync(card.Id, (await _world.StageAsync(stage)).Id, (await ReadAsync(card)).Version, place);

    private Task<Done> UndoAsync(Actor actor, Done gesture) => _world.As(actor).Get<Changes>().UndoAsync(gesture.ChangeSetId!.Value);

    private async Task<IReadOnlyList<string>> NamesAsync(string stage)
        => [.. (await _world.As(_world.Admin).Get<Board>().LoadAsync(ListQuery.Everything)).Columns.Single(column => column.Code == stage).Cards.Select(card => card.Name)];

    private async Task<Opportunity> ReadAsync(Opportunity card)
    {
        await using var db = _world.Open();
        return await db.Opportunities.AsNoTracking().Include(deal => deal.Stage).Include(deal => deal.Labels).SingleAsync(deal => deal.Id == card.Id);
    }
}
