using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Data.Backup;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Mail;

/// <summary>Messages on their way, with a real mail server on loopback: never lost, never twice.</summary>
public sealed class OutboxTests
{
    [Fact]
    public async Task A_message_is_saved_with_its_act_and_given_up_with_it()
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var fails in new[] { true, false })
        {
            await using var db = world.Open();
            db.Begin(world.Claire, "Test");
            var act = db.InTransactionAsync(async () =>
            {
                db.Institutions.Add(new Institution(new InstitutionDetails { Name = "Clinique du Parc" }, world.Now()));
                await Outbox.QueueAsync(db, new MessageDetails { Key = "act", To = [new Correspondent("a@b.test")], Subject = "S", Text = "T" }, world.Claire, world.Now());
                await db.SaveChangesAsync();
                if (fails)
                {
                    throw new BusinessRuleException("Non.");
                }
            });
            if (fails)
            {
                await Assert.ThrowsAsync<BusinessRuleException>(() => act);
            }
            else
            {
                await act;
            }

            await using var after = world.Open();
            Assert.Equal(fails ? (0, 0) : (1, 1), (await after.Institutions.CountAsync(i => i.Name == "Clinique du Parc"), await after.OutgoingMessages.CountAsync()));
        }
    }

    [Fact]
    public async Task The_same_act_queues_once()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.QueueAsync("meeting:1");
        await using var db = world.Open();

        Assert.Null(await Outbox.QueueAsync(db, Details("meeting:1"), world.Claire, world.Now()));
        Assert.NotNull(await Outbox.QueueAsync(db, Details("meeting:2"), world.Claire, world.Now()));
        Assert.Null(await Outbox.QueueAsync(db, Details("meeting:2"), world.Claire, world.Now()));

        // Two people who act at the same moment both find nothing: the second save is refused whole.
        await using var other = world.Open();
        await Outbox.QueueAsync(other, Details("meeting:2"), world.Paul, world.Now());
        await db.SaveChangesAsync();
        await Assert.ThrowsAsync<DbUpdateException>(() => other.SaveChangesAsync());
        Assert.Equal(2, await db.OutgoingMessages.CountAsync());

        static MessageDetails Details(string key) => new() { Key = key, To = [new Correspondent("a@b.test")], Subject = "S", Text = "T" };
    }

    [Fact]
    public async Task A_server_that_is_down_for_an_hour_gets_every_message_once()
    {
        await using var sink = SmtpSink.Start();
        await sink.StopAsync();
        await using var world = await Posted.WorldAsync(sink);
        for (var i = 0; i < 5; i++)
        {
            await world.QueueAsync($"first:{i}", details => details with { Subject = $"Message {i}" });
        }

        await world.PassAsync(60);
        await using (var db = world.Open())
        {
            Assert.All(await db.OutgoingMessages.ToListAsync(), message => Assert.Equal((MessageStatus.Waiting, true), (message.Status, message.Attempts > 0 && message.LastError!.Contains("injoignable", StringComparison.Ordinal))));
        }

        Assert.NotNull(world.Get<OutboxSender>().Trouble);
        sink.Restart();
        await world.PassAsync(70);

        Assert.Equal(["Message 0", "Message 1", "Message 2", "Message 3", "Message 4"], sink.Mails.Select(mail => mail.Text.Split("Subject: ")[1].Split("\r\n")[0]).Order());
        Assert.Null(world.Get<OutboxSender>().Trouble);
        await using var after = world.Open();
        Assert.All(await after.OutgoingMessages.ToListAsync(), message => Assert.Equal((MessageStatus.Sent, true), (message.Status, message.SentAt is not null)));
    }

    [Fact]
    public async Task A_message_cut_off_after_its_end_is_not_sent_again_by_itself()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync();
        sink.HangsUp = HangUp.AfterTheDot;

        await world.SendAsync();
        await world.PassAsync(300);

        Assert.Single(sink.Mails);
        var seen = await world.LookAsync(message);
        Assert.Equal((MessageStatus.ToCheck, 1), (seen.Status, seen.Attempts));
        Assert.Contains("il a pu arriver", seen.LastError, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Outbox>().RetryNowAsync(message.Id));

        // Only a person sends it again, under the same Message-ID.
        await world.Get<Outbox>().ResendAsync(message.Id);
        await world.SendAsync();
        Assert.Equal(2, sink.Mails.Count);
        Assert.Single(sink.Mails.Select(mail => mail.Text.Split("Message-ID: ")[1].Split("\r\n")[0]).Distinct());
        Assert.Equal(MessageStatus.Sent, (await world.LookAsync(message)).Status);
    }

    [Fact]
    public async Task A_message_in_doubt_that_arrived_is_marked_by_hand()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync();
        sink.HangsUp = HangUp.AfterTheDot;
        await world.SendAsync();

        await world.Get<Outbox>().MarkSentAsync(message.Id);
        await world.PassAsync(10);

        Assert.Single(sink.Mails);
        var seen = await world.LookAsync(message);
        Assert.Equal((MessageStatus.Sent, "Alice Admin"), (seen.Status, seen.Steps.OrderBy(step => step.At).ThenBy(step => step.Id).Last().ByName));
    }

    [Fact]
    public async Task A_message_cut_off_before_its_end_is_sent_again_and_arrives_once()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync(with: details => details with { Files = [new MailFile("gros.bin", "application/octet-stream", new byte[12_000_000])] });
        sink.HangsUp = HangUp.InTheMiddle;

        await world.SendAsync();
        Assert.Empty(sink.Mails);
        Assert.Equal((MessageStatus.Waiting, world.Now().AddMinutes(1)), ((await world.LookAsync(message)).Status, (await world.LookAsync(message)).NextTryAt));
        await world.PassAsync(1);

        Assert.Single(sink.Mails);
        Assert.Equal((MessageStatus.Sent, 2), ((await world.LookAsync(message)).Status, (await world.LookAsync(message)).Attempts));
    }

    [Fact]
    public async Task A_message_the_database_could_not_note_is_not_handed_over()
    {
        await using var sink = SmtpSink.Start();
        await using (var session = await SmtpSession.OpenAsync(Posted.SettingsFor(sink.Port), Posted.Hurried))
        {
            await Assert.ThrowsAsync<BusinessRuleException>(() => session.SendAsync(["a@b.test"], "Subject: x\r\n\r\nx\r\n"u8.ToArray(), () => throw new BusinessRuleException("Le disque est plein.")));
            Assert.False(session.IsOpen);
        }

        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task Two_senders_at_once_send_every_message_once()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        for (var i = 0; i < 20; i++)
        {
            await world.QueueAsync($"both:{i}", details => details with { Subject = $"Message {i}" });
        }

        using var other = world.AnotherSender();
        var sent = await Task.WhenAll(Task.Run(() => world.SendAsync()), Task.Run(() => other.SendDueAsync()));

        Assert.Equal(20, sent.Sum());
        Assert.Equal(20, sink.Mails.Select(mail => mail.Text.Split("Subject: ")[1].Split("\r\n")[0]).Distinct().Count());
        Assert.Equal(20, sink.Mails.Count);
    }

    [Fact]
    public async Task After_a_crash_only_what_the_server_cannot_have_taken_is_sent_again()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var (early, late) = (await world.QueueAsync("early", d => d with { Subject = "Avant" }), await world.QueueAsync("late", d => d with { Subject = "Après" }));
        await using (var db = world.Open())
        {
            foreach (var message in await db.OutgoingMessages.ToListAsync())
            {
                message.Claim("medcrm.test", world.Now());
                if (message.Id == late.Id)
                {
                    message.HandOver(world.Now());
                }
            }

            await db.SaveChangesAsync();
        }

        using var restarted = world.AnotherSender();
        await restarted.RecoverAsync();
        await restarted.SendDueAsync();

        Assert.Equal("Avant", Assert.Single(sink.Mails).Text.Split("Subject: ")[1].Split("\r\n")[0]);
        Assert.Equal((MessageStatus.Sent, MessageStatus.ToCheck), ((await world.LookAsync(early)).Status, (await world.LookAsync(late)).Status));
    }

    [Theory]
    [InlineData("MAIL", MessageStatus.Waiting, 0)]
    [InlineData(".", MessageStatus.Sent, 1)]
    public async Task A_program_told_to_stop_hears_the_verdict_it_waits_for_and_begins_nothing_more(string during, MessageStatus status, int attempts)
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var (first, second) = (await world.QueueAsync("1"), await world.QueueAsync("2"));
        using var stop = new CancellationTokenSource();
        sink.Says = said =>
        {
            if (said.StartsWith(during, StringComparison.Ordinal))
            {
                // Whoever listens to it has heard when this returns.
                stop.Cancel();
            }

            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Get<OutboxSender>().SendDueAsync(stop.Token));

        Assert.Equal((status, attempts), ((await world.LookAsync(first)).Status, (await world.LookAsync(first)).Attempts));
        Assert.Equal(MessageStatus.Waiting, (await world.LookAsync(second)).Status);
        Assert.Equal(attempts, sink.Mails.Count);
    }

    [Fact]
    public async Task A_server_that_says_later_is_asked_less_and_less_often_for_three_days()
    {
        await using var sink = SmtpSink.Start();
        sink.Says = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back" : null;
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync();
        var start = world.Now();
        var tries = new List<double>();
        while ((await world.LookAsync(message)) is { Status: MessageStatus.Waiting, NextTryAt: { } next })
        {
            world.Time.MoveTo(next);
            tries.Add((next - start).TotalMinutes);
            await world.SendAsync();
        }

        Assert.Equal([0, 1, 3, 8, 23, 53, 113, 173], tries.Take(8));
        Assert.InRange(tries[^1], (TimeSpan.FromDays(3) - TimeSpan.FromHours(1)).TotalMinutes, TimeSpan.FromDays(3).TotalMinutes);
        var seen = await world.LookAsync(message);
        Assert.Equal((MessageStatus.Abandoned, tries.Count), (seen.Status, seen.Attempts));
        Assert.Contains("« 451 4.7.1 come back »", seen.LastError, StringComparison.Ordinal);

        // An administrator may still insist.
        sink.Says = _ => null;
        await world.Get<Outbox>().RetryNowAsync(message.Id);
        await world.SendAsync();
        Assert.Equal(MessageStatus.Sent, (await world.LookAsync(message)).Status);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user")]
    [InlineData("DATA", "554 5.7.1 spam")]
    [InlineData(".", "552 5.3.4 too large")]
    public async Task A_message_refused_for_good_fails_with_the_words_of_the_server(string command, string answer)
    {
        await using var sink = SmtpSink.Start();
        sink.Says = said => said.StartsWith(command, StringComparison.Ordinal) ? answer : null;
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync();

        await world.SendAsync();
        await world.PassAsync(5);

        var seen = await world.LookAsync(message);
        Assert.Equal((MessageStatus.Failed, 1, $"Le serveur de messagerie a refusé le message. Sa réponse : « {answer} »."), (seen.Status, seen.Attempts, seen.LastError));
        Assert.Empty(sink.Mails);
        Assert.Null(world.Get<OutboxSender>().Trouble);
    }

    [Fact]
    public async Task Wrong_settings_fail_no_message()
    {
        await using var sink = SmtpSink.Start();
        sink.Offers = ["AUTH PLAIN LOGIN"];
        sink.Says = said => said.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.8 wrong password" : null;
        await using var world = await Posted.WorldAsync(sink, ("User", "crm"), ("Password", "secret"));
        var message = await world.QueueAsync();

        await world.SendAsync();

        var seen = await world.LookAsync(message);
        Assert.Equal(MessageStatus.Waiting, seen.Status);
        Assert.Contains("refuse l'identifiant ou le mot de passe", seen.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_got_the_message_does_not_get_it_again_when_others_are_put_off()
    {
        await using var sink = SmtpSink.Start();
        sink.Says = said => said.Contains("plus-tard", StringComparison.Ordinal) ? "450 greylisted" : said.Contains("inconnu", StringComparison.Ordinal) ? "550 no such user" : null;
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync(with: d => d with { To = [new("ok@chu.test"), new("plus-tard@chu.test")], Cc = [new("inconnu@chu.test"), new("OK@chu.test")] });

        await world.SendAsync();
        Assert.Equal(["ok@chu.test"], Assert.Single(sink.Mails).To);
        Assert.Equal(MessageStatus.Waiting, (await world.LookAsync(message)).Status);
        sink.Says = _ => null;
        await world.PassAsync(1);

        Assert.Equal([["ok@chu.test"], ["plus-tard@chu.test"]], sink.Mails.Select(mail => mail.To.ToArray()));
        var seen = await world.LookAsync(message);
        Assert.Equal(MessageStatus.Sent, seen.Status);
        Assert.Equal([("ok@chu.test", true), ("plus-tard@chu.test", true), ("inconnu@chu.test", false)], seen.Recipients.OrderBy(r => r.Place).Select(r => (r.Address, r.DeliveredAt is not null)));
    }

    [Fact]
    public async Task Nothing_leaves_without_a_server_in_the_settings()
    {
        await using var world = await TestWorld.CreateAsync();
        var message = await world.QueueAsync();

        Assert.Equal(0, await world.SendAsync());
        var seen = await world.LookAsync(message);
        Assert.Equal((MessageStatus.Waiting, 0), (seen.Status, seen.Attempts));
        Assert.False((await world.Get<Outbox>().StateAsync()).IsUsable);
    }

    [Fact]
    public async Task A_cancelled_message_does_not_leave()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync();

        await world.Get<Outbox>().CancelAsync(message.Id);
        await world.PassAsync(2);

        Assert.Empty(sink.Mails);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Outbox>().CancelAsync(message.Id));
    }

    [Fact]
    public async Task Only_administrators_look_into_the_outbox()
    {
        await using var world = await TestWorld.CreateAsync();
        var message = await world.QueueAsync();
        world.As(world.Manager);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Outbox>().StateAsync());
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Outbox>().FindAsync(message.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Outbox>().CancelAsync(message.Id));
        Assert.Equal(0, (await world.Get<OutboxList>().CountAsync(Core.Foundation.Lists.ListQuery.Everything)).Total);
    }

    [Fact]
    public async Task Contents_are_kept_ninety_days_after_the_end_and_no_longer()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var sent = await world.QueueAsync("sent", d => d with { Html = "<p>x</p>", Files = [new MailFile("a.pdf", "application/pdf", [1, 2, 3])] });
        await world.SendAsync();
        await sink.StopAsync();
        var waiting = await world.QueueAsync("waiting");
        world.Time.Advance(TimeSpan.FromDays(89));
        await world.Get<Jobs>().RunNowAsync("purge-bin");
        Assert.Equal("Bonjour Docteur.", (await world.LookAsync(sent)).Text);

        world.Time.Advance(TimeSpan.FromDays(2));
        await world.Get<Jobs>().RunNowAsync("purge-bin");

        var seen = await world.LookAsync(sent);
        Assert.Equal((null, null, 0, 3), (seen.Text, seen.Html, seen.Files[0].Content.Length, seen.Files[0].Length));
        Assert.Equal(("Bonjour", "Hélène Renaud", MessageStatus.Sent), (seen.Subject, seen.RecipientText, seen.Status));
        Assert.Equal("Bonjour Docteur.", (await world.LookAsync(waiting)).Text);
    }

    [Fact]
    public async Task What_a_restored_backup_takes_for_waiting_waits_for_somebody_to_look()
    {
        await using var sink = SmtpSink.Start();
        await using var world = await Posted.WorldAsync(sink);
        var message = await world.QueueAsync();
        var archive = await world.Get<BackupArchives>().CreateAsync(world.Folder.Backups);
        await world.SendAsync();

        await world.Get<BackupArchives>().RestoreAsync(archive);
        await world.PassAsync(3);

        Assert.Single(sink.Mails);
        Assert.Equal(MessageStatus.ToCheck, (await world.LookAsync(message)).Status);
    }

    [Fact]
    public async Task Open_screens_hear_of_a_message_once_it_is_saved()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var heard = new List<(bool, bool)>();
        using var ear = world.Get<Core.History.ChangeNews>().Subscribe(change => heard.Add((change.Touches(nameof(OutgoingMessage)), change.Concerns(institution.Id))));

        await world.QueueAsync(with: d => d with { InstitutionId = institution.Id });

        Assert.Equal([(true, true)], heard);
    }
}
