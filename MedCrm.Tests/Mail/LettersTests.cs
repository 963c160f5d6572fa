using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using MedCrm.Core.Timeline;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Mail;

public sealed class LettersTests
{
    [Fact]
    public async Task Each_contact_gets_a_message_of_their_own_and_answers_go_to_who_wrote()
    {
        await using var world = await TestWorld.CreateAsync();
        var (one, other) = (await ContactAsync(world, "Hélène"), await ContactAsync(world, "Yann"));
        var deal = await world.OpportunityAsync();
        world.Time.Advance(TimeSpan.FromDays(2));
        var letter = new LetterDetails { ContactIds = [one, other], Subject = "Références", Text = "Bonjour", OpportunityId = deal.Id };

        var done = await world.As(world.Claire).Get<Letters>().SendAsync(letter);
        await world.Get<Letters>().SendAsync(letter);

        Assert.Equal("E-mail à 2 contacts mis à l'envoi", done.Sentence);
        await using var db = world.Open();
        var messages = await db.OutgoingMessages.Include(message => message.Recipients).ToListAsync();
        Assert.Equal(2, messages.Count);
        Assert.All(messages, message => Assert.Equal(("sales1@demo.test", 1, deal.InstitutionId, deal.Id), (message.ReplyToAddress, message.Recipients.Count, message.InstitutionId!.Value, message.OpportunityId!.Value)));
        Assert.Equal(world.Now(), (await db.Opportunities.SingleAsync()).LastInteractionAt);
    }

    [Fact]
    public async Task What_is_missing_is_told_beside_its_field_and_nothing_leaves()
    {
        await using var world = await TestWorld.CreateAsync();
        var (reachable, mute) = (await ContactAsync(world, "Hélène"), (await world.ContactAsync()).Id);
        var whole = new LetterDetails { ContactIds = [reachable], Subject = "Références", Text = "Bonjour" };
        Assert.Equal(nameof(LetterDetails.ContactIds), await RefusedAsync(whole with { ContactIds = [] }));
        Assert.Equal(nameof(LetterDetails.ContactIds), await RefusedAsync(whole with { ContactIds = [reachable, mute] }));
        Assert.Equal(nameof(LetterDetails.Subject), await RefusedAsync(whole with { Subject = " " }));
        Assert.Equal(nameof(LetterDetails.Text), await RefusedAsync(whole with { Text = null }));
        await using var db = world.Open();
        Assert.False(await db.OutgoingMessages.AnyAsync());

        async Task<string?> RefusedAsync(LetterDetails letter) => (await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Letters>().SendAsync(letter))).Field;
    }

    [Fact]
    public async Task An_email_of_a_feed_is_read_whole_by_those_who_see_it_there_and_by_nobody_else()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await ContactAsync(world, "Hélène");
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var deal = await world.OpportunityAsync(institution: hospital);
        var (whole, feed) = (new string('a', 5_000), TimelineSubject.Institution(hospital.Id));
        await world.As(world.Claire).Get<Letters>().SendAsync(new LetterDetails { ContactIds = [contact], Subject = "Références", Text = whole, InstitutionId = hospital.Id, OpportunityId = deal.Id });
        var id = Assert.Single((await world.Get<Timelines>().PageAsync(feed, new TimelineFilter(["email"]))).Entries).Id;

        var letter = (await world.As(world.Paul).Get<Letters>().FindAsync(feed, id))!;

        Assert.Equal(("Références", "Claire Martin", "Hélène Test", whole), (letter.Subject, letter.FromName, letter.To, letter.Text));
        // The contact is everybody's; the deal, and so the letter, is not Léa's.
        world.As(world.Lea);
        Assert.Null(await world.Get<Letters>().FindAsync(feed, id));
        Assert.Null(await world.Get<Letters>().FindAsync(TimelineSubject.Contact(contact), id));
        Assert.Null(await world.As(world.Claire).Get<Letters>().FindAsync(TimelineSubject.Institution((await world.InstitutionAsync("Ailleurs")).Id), id));
    }

    private static async Task<Guid> ContactAsync(TestWorld world, string name)
    {
        var contact = new Contact(new ContactDetails { FirstName = name, LastName = "Test", Email = $"{SearchKey.Fold(name)}@chu.test" }, world.Now());
        await world.SaveAsync(db => db.Contacts.Add(contact));
        return contact.Id;
    }
}
