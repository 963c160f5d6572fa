using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Scoring;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Scoring;

public sealed class SuggestionsTests
{
    [Fact]
    public async Task What_presses_most_comes_first_and_each_tells_why()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        Assert.Equal("Trouver un interlocuteur : aucun contact en poste n'est connu", await SayAsync());

        var contact = await world.ContactAsync(hospital);
        Assert.Equal("Passer un premier appel : aucun échange noté", await SayAsync());

        await world.As(world.Claire).Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Call, Subject = "x", At = world.Now().AddDays(-20), InstitutionId = hospital.Id });
        Assert.Equal("Identifier qui décide : aucun décideur n'est connu", await SayAsync());

        await world.OpportunityAsync(institution: hospital);
        Assert.Equal("Planifier la suite de « IRM du CHU de Nantes » : affaire de 10 000 € HT sans prochaine action", (await SayAsync())!.Replace('\u202f', ' ').Replace('\u00a0', ' '));

        await world.OpportunityAsync("Proposal", institution: hospital, with: details => details with { Name = "Scanner", NextAction = "Attendre", NextActionOn = new DateOnly(2026, 12, 30) });
        world.Time.Advance(TimeSpan.FromDays(9));
        Assert.Equal("Relancer « Scanner » : proposition sans réponse depuis 9 j", await SayAsync());

        await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id, DueOn = new DateOnly(2026, 11, 27) });
        Assert.Equal("Rappeler Dr Renaud : en retard de 3 j", await SayAsync());

        await world.Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Meeting, Subject = "Comité", At = world.Now().AddDays(-1), InstitutionId = hospital.Id });
        Assert.Equal("Rendre compte de « Comité » : réunion prévue hier", await SayAsync());

        await world.Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Call, Direction = CallDirection.Missed, Subject = "x", At = world.Now(), InstitutionId = hospital.Id, ContactIds = [contact.Id] });
        Assert.Equal("Rappeler Hélène Renaud : appel manqué aujourd'hui", await SayAsync());

        async Task<string?> SayAsync()
            => await world.As(world.Claire).Get<Suggestions>().OfInstitutionAsync(hospital.Id) is { } suggestion ? $"{suggestion.Text} : {suggestion.Reason}" : null;
    }

    [Fact]
    public async Task A_silent_customer_is_called_and_an_institution_in_order_leaves_in_peace()
    {
        await using var world = await TestWorld.CreateAsync();
        var customer = await world.InstitutionAsync(with: details => details with { Status = CustomerStatus.Customer });
        await world.ContactAsync(customer);
        await world.SaveAsync(db => db.ContactRoles.Single().Edit(db.ContactRoles.Single().Details() with { Influence = Influence.DecisionMaker }));
        await ScoresTests.CallAsync(world, customer, daysAgo: 0);
        Assert.Null(await world.Get<Suggestions>().OfInstitutionAsync(customer.Id));

        world.Time.Advance(TimeSpan.FromDays(91));
        Assert.Equal("aucun échange depuis 91 j", (await world.Get<Suggestions>().OfInstitutionAsync(customer.Id))!.Reason.ToString());
        Assert.Null(await world.As(world.Lea).Get<Suggestions>().OfInstitutionAsync(Guid.NewGuid()));
    }
}
