using System.Text;
using System.Text.RegularExpressions;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Signing;
using MedCrm.Tests.Mail;
using MedCrm.Tests.Printing;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Signing;

/// <summary>A quote on its way to a customer and back: sent once, answered once, proved for good (domain.md 9).</summary>
public sealed partial class SigningTests
{
    private static readonly Uri s_here = new("http://127.0.0.1:5080/");
    private static readonly Visitor s_visitor = new("192.0.2.7", "Mozilla/5.0 (test)");

    [Fact]
    public async Task A_quote_leaves_with_its_pdf_and_a_secret_that_the_database_does_not_hold()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, _) = await SentAsync(world, sink);

        var mail = Assert.Single(sink.Mails);
        Assert.Equal(["renaud@chu.test"], mail.To);
        Assert.Contains("application/pdf", mail.Text, StringComparison.Ordinal);
        var secret = SecretIn(mail);
        Assert.True(secret.Length >= 43, "256 bits in base 64.");
        Assert.False(await HoldsAsync(world, secret));

        await using var db = world.Open();
        var sent = await db.Quotes.SingleAsync(q => q.Id == quote.Id);
        Assert.Equal((QuoteStatus.Sent, true), (sent.Status, sent.PdfPath!.StartsWith("devis/2026/", StringComparison.Ordinal)));
        Assert.Equal("Claire Martin", (await db.SignatureLinks.SingleAsync()).SentByName);
        Assert.Contains("[confidentiel]", (await db.OutgoingMessages.SingleAsync()).Text, StringComparison.Ordinal);
        Assert.Null((await db.OutgoingMessages.SingleAsync()).SealedSecret);
        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);
    }

    [Fact]
    public async Task Before_it_leaves_the_secret_is_sealed_in_the_queue_and_in_its_copies()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world);
        await SendAsync(world, quote, contact);
        var url = await world.Get<QuoteSending>().NewLinkAsync(quote.Id, contact.Id, s_here);

        await using var db = world.Open();
        Assert.NotNull((await db.OutgoingMessages.SingleAsync()).SealedSecret);
        Assert.False(await HoldsAsync(world, url.Segments[^1]));
    }

    [Fact]
    public async Task A_quote_marked_as_sent_without_its_file_has_nothing_to_sign_nor_to_send_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world);
        var today = world.Get<BusinessClock>().Today;
        var secret = SignatureLink.NewSecret();
        await using (var db = world.Open())
        {
            db.Begin(world.Claire, "Test");
            (await db.Quotes.Include(q => q.Lines).SingleAsync(q => q.Id == quote.Id)).Send(null, null, world.Now(), today);
            db.SignatureLinks.Add(new SignatureLink(quote.Id, secret, "Hélène Renaud", contact.Email, contact.Id, world.Claire.Id, "Claire Martin", world.Now(), 30));
            await db.SaveChangesAsync();
        }

        Assert.Equal(CustomerPageState.Altered, (await world.Get<CustomerQuotes>().OpenAsync(secret, s_visitor)).State);
        var sending = world.As(world.Claire).Get<QuoteSending>();
        var draft = (await sending.DraftAsync(quote.Id))!;
        const string Told = "Ce devis a été marqué comme envoyé sans son PDF : il ne peut être ni renvoyé ni signé en ligne. Commencez une nouvelle version.";
        Assert.Equal(Told, (await Assert.ThrowsAsync<BusinessRuleException>(() => sending.SendAsync(quote.Id, draft.Version, draft.Details, s_here))).Message);
        Assert.Equal(Told, (await Assert.ThrowsAsync<BusinessRuleException>(() => sending.NewLinkAsync(quote.Id, contact.Id, s_here))).Message);
    }

    [Fact]
    public async Task What_was_not_printed_does_not_leave_and_what_was_changed_meanwhile_neither()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world);
        world.Printer.IsAvailable = false;
        await Assert.ThrowsAsync<BusinessRuleException>(() => SendAsync(world, quote, contact));
        world.Printer.IsAvailable = true;
        world.Printer.OnPrint = async (_, id) =>
        {
            // Somebody saves another price while the browser prints.
            await using var other = world.Open();
            other.Begin(world.Paul, "Test");
            var draft = await other.Quotes.Include(q => q.Lines).SingleAsync(q => q.Id == id);
            draft.Edit(draft.Details() with { Title = "Autre objet" }, world.Now());
            await other.SaveChangesAsync();
        };

        await Assert.ThrowsAsync<StaleRecordException>(() => SendAsync(world, quote, contact));

        await using var db = world.Open();
        Assert.Equal(QuoteStatus.Draft, (await db.Quotes.SingleAsync(q => q.Id == quote.Id)).Status);
        Assert.Empty(await db.OutgoingMessages.ToListAsync());
        Assert.Empty(await db.SignatureLinks.ToListAsync());
        Assert.Empty((await world.Get<StoredFiles>().LookAsync()).Strays);
    }

    [Fact]
    public async Task A_quote_whose_last_day_ends_while_it_is_sent_again_does_not_go_out()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world);
        await SendAsync(world, quote, contact);
        var sending = world.As(world.Claire).Get<QuoteSending>();
        var draft = (await sending.DraftAsync(quote.Id))!;
        draft.Details.WithLink = true;

        // The first look at the clock finds the quote in force, the second, in the transaction, after its last day.
        var looks = 0;
        world.Time.OnLook = () =>
        {
            if (++looks == 2)
            {
                world.Time.Advance(TimeSpan.FromDays(60));
            }
        };

        Assert.StartsWith("La validité de ce devis est passée", (await Assert.ThrowsAsync<BusinessRuleException>(() => sending.SendAsync(quote.Id, draft.Version, draft.Details, s_here))).Message, StringComparison.Ordinal);

        await using var db = world.Open();
        Assert.Single(await db.OutgoingMessages.ToListAsync());
        Assert.Null((await db.SignatureLinks.SingleAsync()).ReplacedAt);
    }

    [Fact]
    public async Task Of_two_who_send_at_once_the_second_does_not_take_the_file_of_the_first_away()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world);
        world.Printer.IsSteady = true;
        world.Printer.OnPrint = async (_, _) =>
        {
            world.Printer.OnPrint = null;
            await SendAsync(world, quote, contact);
        };

        await Assert.ThrowsAsync<StaleRecordException>(() => SendAsync(world, quote, contact));

        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);
        await using var db = world.Open();
        Assert.Single(await db.OutgoingMessages.ToListAsync());
    }

    [Fact]
    public async Task A_signer_learns_nothing_of_the_other_readers_and_the_team_everything()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink, other: "secretariat@chu.test");
        var other = SecretIn(sink.Mails.Single(mail => mail.To.Contains("secretariat@chu.test")));
        var customer = world.Get<CustomerQuotes>();
        await customer.OpenAsync(other, new Visitor("203.0.113.9", "Safari (autre)"));
        await customer.OpenAsync(secret, s_visitor);

        // Sent again, the signer signs under another link: what was done under the first is theirs as well.
        var again = (await world.As(world.Claire).Get<QuoteSending>().NewLinkAsync(quote.Id, await ContactOfAsync(world, secret), s_here)).Segments[^1];
        await world.Get<Signatures>().FinishAsync(await customer.AcceptAsync(again, Signature(), new Visitor("192.0.2.8", "Firefox")));

        Assert.Null(await customer.FileAsync(other, s_visitor));
        Assert.NotNull(await customer.FileAsync(again, s_visitor));

        string[] theirs = ["secretariat@chu.test", "203.0.113.9", "Safari (autre)"];
        string[] own = ["renaud@chu.test", "192.0.2.7", "Mozilla/5.0 (test)", "192.0.2.8", "un autre lecteur"];
        await using var db = world.Open();
        var signatures = world.Get<Signatures>();
        var mailed = await db.OutgoingMessages.Where(message => message.Key.StartsWith("signature-done")).SelectMany(message => message.Files).SingleAsync(file => file.ContentType == "application/json");
        foreach (var text in new[] { Text(mailed.Content), Text((await signatures.SignerEvidenceAsync(quote.Id))!.Content), await PrintedAsync(PrintedKind.SignerEvidence) })
        {
            Assert.All(theirs, said => Assert.DoesNotContain(said, text, StringComparison.Ordinal));
            Assert.All(own, said => Assert.Contains(said, text, StringComparison.Ordinal));
        }

        foreach (var text in new[] { Text((await signatures.EvidenceAsync(quote.Id))!.Content), await PrintedAsync(PrintedKind.Evidence) })
        {
            Assert.All(theirs, said => Assert.Contains(said, text, StringComparison.Ordinal));
            Assert.DoesNotContain("un autre lecteur", text, StringComparison.Ordinal);
        }

        Assert.Contains("SignerEvidence", Text((await signatures.SignerCertificateAsync(quote.Id))!.Content), StringComparison.Ordinal);
        Assert.DoesNotContain("SignerEvidence", Text((await signatures.CertificateAsync(quote.Id))!.Content), StringComparison.Ordinal);
        Assert.Null(await world.As(world.Lea).Get<Signatures>().CertificateAsync(quote.Id));
        Assert.Null(await world.As(world.Lea).Get<Signatures>().EvidenceAsync(quote.Id));
        Assert.Null(await customer.SignedUnderAsync(other));
        Assert.Equal(quote.Id, await customer.SignedUnderAsync(again));

        async Task<string> PrintedAsync(PrintedKind kind)
            => string.Join('\n', Assert.IsType<EvidencePrint>(await world.Get<PrintReader>().ReadAsync(kind, quote.Id, Core.Access.Actor.System)).Steps.Select(step => step.ToString()));
        static string Text(byte[] content) => Encoding.UTF8.GetString(content);
    }

    [Fact]
    public async Task What_the_signer_is_sent_is_read_before_the_database_is_held()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        var evidence = await world.Get<CustomerQuotes>().AcceptAsync(secret, Signature(), s_visitor);
        string path;
        await using (var db = world.Open())
        {
            path = Path.Combine(world.Folder.Files, (await db.Quotes.SingleAsync(q => q.Id == quote.Id)).PdfPath!);
        }

        // The clock is looked at inside the transaction for the first time: from then on there is no file to read.
        world.Time.OnLook = () => File.Delete(path);
        await world.Get<Signatures>().FinishAsync(evidence);

        Assert.False(File.Exists(path));
        await using var after = world.Open();
        Assert.Equal(3, await after.OutgoingMessages.Where(message => message.Key.StartsWith("signature-done")).SelectMany(message => message.Files).CountAsync());
    }

    [Fact]
    public async Task A_signed_quote_wins_its_deal_under_the_name_of_the_signer_and_its_evidence_holds()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();

        var page = await customer.OpenAsync(secret, s_visitor);
        Assert.Equal(CustomerPageState.Open, page.State);
        await using (var db = world.Open())
        {
            Assert.Equal(QuoteStatus.Viewed, (await db.Quotes.SingleAsync(q => q.Id == quote.Id)).Status);
        }

        var evidence = await customer.AcceptAsync(secret, Signature(), s_visitor);
        await world.Get<Signatures>().FinishAsync(evidence);
        await world.Get<Signatures>().FinishAsync(evidence);
        await world.PassAsync(2);

        await using (var db = world.Open())
        {
            var accepted = await db.Quotes.SingleAsync(q => q.Id == quote.Id);
            Assert.Equal((QuoteStatus.Accepted, AcceptanceMeans.Online, "Jean Dupont"), (accepted.Status, accepted.Acceptance, accepted.AcceptedBy));
            var deal = await db.Opportunities.Include(o => o.StageChanges).SingleAsync(o => o.Id == quote.OpportunityId);
            Assert.Equal((StageOutcome.Won, quote.Net), (deal.Outcome, deal.Amount));
            Assert.Equal("Jean Dupont", (await db.ChangeSets.OrderBy(set => set.Id).LastAsync()).ActorName);
            Assert.Equal(["accepted", "viewed"], (await db.Notifications.Where(line => line.UserId == world.Claire.Id && line.RecordId == quote.Id).Select(line => line.OnceKey).ToListAsync()).Select(key => key.Split(':')[^1]).Order());
            var steps = await db.SignatureEvents.OrderBy(step => step.Number).ToListAsync();
            Assert.Equal([SignatureStep.Invited, SignatureStep.Opened, SignatureStep.Consented, SignatureStep.Accepted], steps.Select(step => step.Step));
            Assert.Equal(("192.0.2.7", "Mozilla/5.0 (test)"), (steps[^1].Ip, steps[^1].UserAgent));
        }

        Assert.Equal(2, sink.Mails.Count);
        var confirmation = sink.Mails.Last();
        Assert.Equal(["renaud@chu.test"], confirmation.To);
        Assert.Contains("Signature-", confirmation.Text, StringComparison.Ordinal);
        Assert.Contains("application/json", confirmation.Text, StringComparison.Ordinal);

        var state = await world.Get<Signatures>().StateAsync(quote.Id);
        Assert.Equal(("Jean Dupont, Directeur des achats", true), (state!.Signer, state.IsIntact));
        var json = Encoding.UTF8.GetString((await world.Get<Signatures>().EvidenceAsync(quote.Id))!.Content);
        Assert.Contains("Jean Dupont", json, StringComparison.Ordinal);
        Assert.Contains("192.0.2.7", json, StringComparison.Ordinal);
        Assert.NotNull(await world.Get<Signatures>().CertificateAsync(quote.Id));
        Assert.True((await world.Get<StoredFiles>().LookAsync()).IsRight);
    }

    [Fact]
    public async Task The_options_that_a_signer_takes_count_and_stand_in_the_evidence()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink, details => details with { Lines = [new() { Description = "Mission", UnitPrice = 1000 }, new() { Description = "Audit annuel", UnitPrice = 500, IsOption = true }] });
        var customer = world.Get<CustomerQuotes>();
        var option = Assert.Single((await customer.OpenAsync(secret, s_visitor)).Options);
        Assert.Equal(("Audit annuel", 500m), (option.Description, option.Net));
        var open = await customer.OpenAsync(secret, s_visitor);
        Assert.Equal((1200m, 1800m, 1200m), (open.TotalsWith([]).Gross, open.TotalsWith([option.LineId, Guid.NewGuid()]).Gross, open.TotalsWith([Guid.NewGuid()]).Gross));
        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature() with { OptionIds = [Guid.NewGuid()] }, s_visitor));

        await customer.AcceptAsync(secret, Signature() with { OptionIds = [option.LineId, option.LineId] }, s_visitor);

        await using var db = world.Open();
        Assert.Equal(1500, (await db.Quotes.SingleAsync(q => q.Id == quote.Id)).Net);
        var evidence = await db.SignatureEvidences.SingleAsync();
        Assert.Equal(1800, evidence.Gross);
        Assert.Contains("Audit annuel", evidence.Options, StringComparison.Ordinal);
        Assert.Equal(1500, (await db.Opportunities.SingleAsync(o => o.Id == quote.OpportunityId)).Amount);
        var after = await customer.OpenAsync(secret, s_visitor);
        Assert.Equal((1800m, true), (after.TotalsWith([]).Gross, after.TakenOptions.StartsWith("Audit annuel", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_deal_follows_the_quote_that_leaves()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world, stage: "Qualification");

        await SendAsync(world, quote, contact);

        await using var db = world.Open();
        var deal = await db.Opportunities.Include(o => o.Stage).SingleAsync(o => o.Id == quote.OpportunityId);
        Assert.Equal(("Proposal", quote.Net), (deal.Stage.Code, deal.Amount));
    }

    [Fact]
    public async Task A_link_is_used_once_however_many_tabs_sign()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await customer.AcceptAsync(secret, Signature(), s_visitor);
                return true;
            }
            catch (BusinessRuleException)
            {
                return false;
            }
        }));

        Assert.Single(tries, isDone => isDone);
        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(), s_visitor));
        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.RefuseAsync(secret, "Trop cher", s_visitor));
        Assert.Equal((CustomerPageState.Accepted, true), ((await customer.OpenAsync(secret, s_visitor)).State, (await customer.OpenAsync(secret, s_visitor)).HasCertificate));
        await using var db = world.Open();
        Assert.Single(await db.SignatureEvidences.ToListAsync());
        Assert.Equal(quote.Id, (await db.SignatureEvidences.SingleAsync()).QuoteId);
    }

    [Fact]
    public async Task Refused_then_accepted_stays_refused()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();

        Assert.Equal("RefusalReason", (await Assert.ThrowsAsync<BusinessRuleException>(() => customer.RefuseAsync(secret, " ", s_visitor))).Field);
        await customer.RefuseAsync(secret, "Budget gelé", s_visitor);

        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(), s_visitor));
        Assert.Equal(CustomerPageState.Refused, (await customer.OpenAsync(secret, s_visitor)).State);
        await using var db = world.Open();
        var refused = await db.Quotes.SingleAsync(q => q.Id == quote.Id);
        Assert.Equal((QuoteStatus.Refused, "Budget gelé"), (refused.Status, refused.RefusalReason));
        Assert.Equal(StageOutcome.Open, (await db.Opportunities.SingleAsync(o => o.Id == quote.OpportunityId)).Outcome);
    }

    [Fact]
    public async Task Each_end_of_a_link_is_told_for_what_it_is()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();
        Assert.Equal(CustomerPageState.Unknown, (await customer.OpenAsync("n'importe quoi", s_visitor)).State);

        var again = (await world.As(world.Claire).Get<QuoteSending>().NewLinkAsync(quote.Id, await ContactOfAsync(world, secret), s_here)).Segments[^1];
        Assert.Equal(CustomerPageState.LinkReplaced, (await customer.OpenAsync(secret, s_visitor)).State);
        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(), s_visitor));
        Assert.Null(await customer.FileAsync(secret, s_visitor));
        Assert.Equal(CustomerPageState.Open, (await customer.OpenAsync(again, s_visitor)).State);
        Assert.NotNull(await customer.FileAsync(again, s_visitor));

        world.Time.Advance(TimeSpan.FromDays(15));
        Assert.Equal(CustomerPageState.LinkExpired, (await customer.OpenAsync(again, s_visitor)).State);
        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(again, Signature(), s_visitor));

        world.Time.Advance(TimeSpan.FromDays(16));
        Assert.Equal(CustomerPageState.QuoteExpired, (await customer.OpenAsync(again, s_visitor)).State);
        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(again, Signature(), s_visitor));

        await world.StoreAsync(db => Paper.Write(db, db.Quotes.Single(q => q.Id == quote.Id), [("Status", QuoteStatus.Replaced), ("IsLast", false)]));
        Assert.Equal(CustomerPageState.QuoteReplaced, (await customer.OpenAsync(again, s_visitor)).State);
    }

    [Fact]
    public async Task An_altered_file_is_not_signed()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        await FlipAsync(world, quote.Id);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<CustomerQuotes>().AcceptAsync(secret, Signature(), s_visitor));
        Assert.Equal(CustomerPageState.Altered, (await world.Get<CustomerQuotes>().OpenAsync(secret, s_visitor)).State);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<CustomerQuotes>().FileAsync(secret, s_visitor));
    }

    [Fact]
    public async Task One_changed_byte_or_value_after_the_signature_is_seen()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        await world.Get<CustomerQuotes>().AcceptAsync(secret, Signature(), s_visitor);
        var signatures = world.As(world.Claire).Get<Signatures>();
        Assert.True((await signatures.StateAsync(quote.Id))!.IsIntact);

        await ExecuteAsync(world, "DROP TRIGGER IF EXISTS SignatureEventsKeep", "UPDATE SignatureEvents SET Ip = '203.0.113.1' WHERE Number = 3");
        Assert.False((await signatures.StateAsync(quote.Id))!.IsIntact);
        await ExecuteAsync(world, "UPDATE SignatureEvents SET Ip = '192.0.2.7' WHERE Number = 3");
        Assert.True((await signatures.StateAsync(quote.Id))!.IsIntact);

        await ExecuteAsync(world, "DROP TRIGGER IF EXISTS SignatureEvidencesKeep", "UPDATE SignatureEvidences SET SignerName = 'Jeanne Dupont'");
        Assert.False((await signatures.StateAsync(quote.Id))!.IsIntact);
        await ExecuteAsync(world, "UPDATE SignatureEvidences SET SignerName = 'Jean Dupont'");
        Assert.True((await signatures.StateAsync(quote.Id))!.IsIntact);

        await FlipAsync(world, quote.Id);
        Assert.False((await signatures.StateAsync(quote.Id))!.IsIntact);
        await FlipAsync(world, quote.Id);
        Assert.True((await signatures.StateAsync(quote.Id))!.IsIntact);

        // The first step taken out: those that are left are numbered as if nothing were missing.
        await ExecuteAsync(world, "DROP TRIGGER IF EXISTS SignatureEventsStay", "DELETE FROM SignatureEvents WHERE Number = 1", "UPDATE SignatureEvents SET Number = 1 WHERE Number = 2", "UPDATE SignatureEvents SET Number = 2 WHERE Number = 3");
        Assert.False((await signatures.StateAsync(quote.Id))!.IsIntact);
    }

    [Fact]
    public async Task A_changed_certificate_is_seen_and_not_handed_over()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        var signatures = world.As(world.Claire).Get<Signatures>();
        await signatures.FinishAsync(await world.Get<CustomerQuotes>().AcceptAsync(secret, Signature(), s_visitor));
        Assert.NotNull(await signatures.SignerCertificateAsync(quote.Id));

        await using (var db = world.Open())
        {
            await FlipAsync(Path.Combine(world.Folder.Files, (await db.SignatureEvidences.SingleAsync()).PdfPath!));
        }

        Assert.False((await signatures.StateAsync(quote.Id))!.IsIntact);
        await Assert.ThrowsAsync<BusinessRuleException>(() => signatures.SignerCertificateAsync(quote.Id));
    }

    [Fact]
    public async Task A_step_replaced_by_another_rightly_sealed_breaks_the_chain()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);
        await world.Get<CustomerQuotes>().AcceptAsync(secret, Signature(), s_visitor);
        SignatureEvent first;
        SignatureEvent second;
        await using (var db = world.Open())
        {
            first = await db.SignatureEvents.SingleAsync(step => step.Number == 1);
            second = await db.SignatureEvents.SingleAsync(step => step.Number == 2);
        }

        var another = (SignatureEvent)Activator.CreateInstance(
            typeof(SignatureEvent),
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic,
            null,
            [quote.Id, second.LinkId, first, second.Step, new Visitor("203.0.113.1", "Somebody else"), second.Detail, second.At],
            null)!;
        await ExecuteAsync(world, "DROP TRIGGER IF EXISTS SignatureEventsStay", "DELETE FROM SignatureEvents WHERE Number = 2");
        await world.StoreAsync(db => db.SignatureEvents.Add(another));

        Assert.False((await world.As(world.Claire).Get<Signatures>().StateAsync(quote.Id))!.IsIntact);
    }

    [Fact]
    public async Task Questions_are_taken_ten_times_an_hour()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (_, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();
        for (var i = 0; i < 10; i++)
        {
            await customer.AskAsync(secret, $"Question {i}", s_visitor);
        }

        Assert.Equal("Question", (await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AskAsync(secret, "Encore une", s_visitor))).Field);
        world.Time.Advance(TimeSpan.FromHours(1));
        await customer.AskAsync(secret, "Une heure plus tard", s_visitor);
    }

    [Fact]
    public async Task A_link_is_made_for_a_quote_that_waits_and_for_nobody_else_s()
    {
        await using var world = await TestWorld.CreateAsync();
        var (quote, contact) = await DraftAsync(world);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<QuoteSending>().NewLinkAsync(quote.Id, contact.Id, s_here));
        await SendAsync(world, quote, contact);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Lea).Get<QuoteSending>().NewLinkAsync(quote.Id, contact.Id, s_here));

        await using var db = world.Open();
        Assert.Single(await db.SignatureLinks.ToListAsync());
    }

    [Fact]
    public async Task The_database_refuses_to_change_what_was_proved()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (_, secret) = await SentAsync(world, sink);
        await world.Get<CustomerQuotes>().AcceptAsync(secret, Signature(), s_visitor);

        foreach (var sql in new[] { "UPDATE SignatureEvents SET Ip = 'x'", "DELETE FROM SignatureEvents", "UPDATE SignatureEvidences SET SignerName = 'x'", "DELETE FROM SignatureEvidences" })
        {
            Assert.Contains("append-only", (await Assert.ThrowsAsync<SqliteException>(() => ExecuteAsync(world, sql))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_code_is_asked_for_where_the_company_wants_it_and_five_wrong_ones_are_too_many()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        await world.CompanyAsync(("SignatureAsksCode", true));
        var (_, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();

        Assert.Equal("Code", (await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(), s_visitor))).Field);
        await customer.SendCodeAsync(secret, s_visitor);
        await world.PassAsync(1);
        var code = CodeIn(sink.Mails.Last());
        Assert.False(await HoldsAsync(world, code + "\n"));
        var wrong = code == "000000" ? "000001" : "000000";
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(wrong), s_visitor));
        }

        Assert.Equal("Cinq codes faux : demandez un nouveau code.", (await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(code), s_visitor))).Message);

        await customer.SendCodeAsync(secret, s_visitor);
        await world.PassAsync(1);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith("Ce code a plus de dix minutes", (await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, Signature(CodeIn(sink.Mails.Last())), s_visitor))).Message, StringComparison.Ordinal);

        await customer.SendCodeAsync(secret, s_visitor);
        await world.PassAsync(1);
        await customer.AcceptAsync(secret, Signature(CodeIn(sink.Mails.Last())), s_visitor);
        await using var db = world.Open();
        Assert.True((await db.SignatureEvidences.SingleAsync()).HasCode);
        Assert.Equal(5, await db.SignatureEvents.CountAsync(step => step.Step == SignatureStep.CodeRefused) - 2);
    }

    [Fact]
    public async Task No_more_than_five_codes_leave_in_an_hour()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (_, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();
        for (var i = 0; i < 5; i++)
        {
            await customer.SendCodeAsync(secret, s_visitor);
        }

        await Assert.ThrowsAsync<BusinessRuleException>(() => customer.SendCodeAsync(secret, s_visitor));
        world.Time.Advance(TimeSpan.FromHours(1));
        await customer.SendCodeAsync(secret, s_visitor);
    }

    [Fact]
    public async Task A_question_stands_in_the_feed_of_the_institution_and_rings_its_owner()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (quote, secret) = await SentAsync(world, sink);

        await world.Get<CustomerQuotes>().AskAsync(secret, "Le déplacement est-il compris ?", s_visitor);

        await using var db = world.Open();
        var activity = await db.Activities.SingleAsync();
        Assert.Equal((quote.InstitutionId, quote.OpportunityId, world.Claire.Id), (activity.InstitutionId, activity.OpportunityId, activity.OwnerId));
        Assert.Contains("Le déplacement est-il compris ?", activity.Text, StringComparison.Ordinal);
        Assert.Equal("Le déplacement est-il compris ?", (await db.Notifications.SingleAsync(line => line.UserId == world.Claire.Id && line.Title.StartsWith("Question"))).Body);
    }

    [Fact]
    public async Task What_a_signer_leaves_out_is_told_beside_it()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await WorldAsync(sink);
        var (_, secret) = await SentAsync(world, sink);
        var customer = world.Get<CustomerQuotes>();

        foreach (var (details, field) in new[]
        {
            (new SigningDetails { Quality = "Directeur", Consents = true }, "Name"),
            (new SigningDetails { Name = "Jean Dupont", Consents = true }, "Quality"),
            (new SigningDetails { Name = "Jean Dupont", Quality = "Directeur" }, "Consents"),
            (new SigningDetails { Name = "Jean Dupont", Quality = "Directeur", Consents = true, Drawing = "data:text/html;base64,PGI+" }, "Drawing"),
        })
        {
            Assert.Equal(field, (await Assert.ThrowsAsync<BusinessRuleException>(() => customer.AcceptAsync(secret, details, s_visitor))).Field);
        }
    }

    private static SigningDetails Signature(string? code = null) => new()
    {
        Name = "Jean Dupont",
        Quality = "Directeur des achats",
        Consents = true,
        Code = code,
        Drawing = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    };

    private static Task<TestWorld> WorldAsync(SmtpSink sink) => TestWorld.CreateAsync(services => services.AddSingleton(Posted.SettingsFor(sink.Port)).AddSingleton(Posted.Hurried).AddSingleton(new PublicSite(new Uri("https://crm.example.org/"))));

    private static async Task<(Quote Quote, Contact Contact)> DraftAsync(TestWorld world, Func<QuoteDetails, QuoteDetails>? with = null, string stage = "Proposal")
    {
        var institution = await world.BuyerAsync(owner: world.Claire);
        var contact = new Contact(new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "renaud@chu.test" }, world.Now());
        contact.Join(new ContactRoleDetails { InstitutionId = institution.Id, Title = "Cheffe du bloc" }, world.Now());
        await world.SaveAsync(db => db.Contacts.Add(contact));
        var deal = await world.OpportunityAsync(stage, institution: institution);
        var quote = await world.QuoteAsync(
            details =>
            {
                details = details with { ContactId = contact.Id, OpportunityId = deal.Id };
                return with?.Invoke(details) ?? details;
            },
            institution);
        return (quote, contact);
    }

    private static async Task SendAsync(TestWorld world, Quote quote, Contact contact, string? other = null)
    {
        var sending = world.As(world.Claire).Get<QuoteSending>();
        var draft = await sending.DraftAsync(quote.Id);
        Assert.Equal([contact.Id], draft!.Details.ContactIds);
        draft.Details.WithLink = true;
        draft.Details.OtherEmail = other;
        await sending.SendAsync(quote.Id, draft.Version, draft.Details, s_here);
    }

    private static async Task<(Quote Quote, string Secret)> SentAsync(TestWorld world, SmtpSink sink, Func<QuoteDetails, QuoteDetails>? with = null, string? other = null)
    {
        var (quote, contact) = await DraftAsync(world, with);
        await SendAsync(world, quote, contact, other);
        await world.PassAsync(other is null ? 1 : 2);
        return (quote, SecretIn(sink.Mails.Last(mail => mail.To.Contains(contact.Email!))));
    }

    private static async Task<Guid> ContactOfAsync(TestWorld world, string secret)
    {
        await using var db = world.Open();
        return (await db.SignatureLinks.SingleAsync(link => link.TokenHash == SignatureLink.HashOf(secret))).ContactId!.Value;
    }

    private static string SecretIn(TakenMail mail) => Secret().Match(Unfolded(mail)).Groups[1].Value;

    private static string CodeIn(TakenMail mail) => Code().Match(Unfolded(mail)).Groups[1].Value;

    private static string Unfolded(TakenMail mail) => mail.Text.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);

    private static async Task FlipAsync(TestWorld world, Guid quoteId)
    {
        await using var db = world.Open();
        await FlipAsync(Path.Combine(world.Folder.Files, (await db.Quotes.SingleAsync(q => q.Id == quoteId)).PdfPath!));
    }

    private static async Task FlipAsync(string file)
    {
        var content = await File.ReadAllBytesAsync(file);
        content[10] ^= 1;
        await File.WriteAllBytesAsync(file, content);
    }

    // The whole file of the database and its journal, as somebody with the disk would search them.
    private static async Task<bool> HoldsAsync(TestWorld world, string text)
    {
        var needle = Encoding.UTF8.GetBytes(text);
        foreach (var file in Directory.EnumerateFiles(world.Folder.Root, "medcrm.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content);
            if (content.AsSpan().IndexOf(needle) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task ExecuteAsync(TestWorld world, params string[] statements)
    {
        await using var connection = new SqliteConnection($"Data Source={world.Folder.Database};Pooling=False");
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            await using var command = new SqliteCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [GeneratedRegex("https://crm\\.example\\.org/p/([A-Za-z0-9_-]+)")]
    private static partial Regex Secret();

    [GeneratedRegex("\r\n(\\d{6})\r\n")]
    private static partial Regex Code();
}
