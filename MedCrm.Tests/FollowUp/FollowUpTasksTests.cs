using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.FollowUp;

public sealed class FollowUpTasksTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public async Task A_new_task_is_mine_for_today_and_a_deal_brings_its_institution_and_contact()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var contact = await world.ContactAsync(hospital);
        var deal = await world.OpportunityAsync(institution: hospital, with: details => details with { ContactId = contact.Id });

        var sheet = await world.As(world.Claire).Get<FollowUpTasks>().NewAsync(opportunityId: deal.Id);

        Assert.Equal(
            (world.Claire.Id, s_today, deal.Id, hospital.Id, contact.Id),
            (sheet.Details.OwnerId, sheet.Details.DueOn!.Value, sheet.Details.OpportunityId!.Value, sheet.Details.InstitutionId!.Value, sheet.Details.ContactId!.Value));
        Assert.Equal(("CHU de Nantes", "IRM du CHU de Nantes"), (sheet.InstitutionName, sheet.OpportunityName));
    }

    [Fact]
    public async Task A_task_goes_to_the_team_of_its_assignee()
    {
        await using var world = await TestWorld.CreateAsync();
        var tasks = world.As(world.Manager).Get<FollowUpTasks>();

        var done = await tasks.CreateAsync(new FollowUpTaskDetails { Title = "Relancer", OwnerId = world.Lea.Id });
        Assert.Equal(world.Lea.TeamId, (await SavedAsync(world, done.RecordId)).TeamId);

        var seen = (await tasks.FindAsync(done.RecordId))!.Details;
        await tasks.EditAsync(done.RecordId, seen, seen with { OwnerId = world.Claire.Id });
        Assert.Equal(world.Claire.TeamId, (await SavedAsync(world, done.RecordId)).TeamId);
    }

    [Fact]
    public async Task A_task_of_another_team_is_neither_seen_nor_touched()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        var tasks = world.As(world.Lea).Get<FollowUpTasks>();

        Assert.Null(await tasks.FindAsync(task.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.CompleteAsync(task.Id, "Fait"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.PutOffAsync(task.Id, s_today.AddDays(1)));
        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.DeleteAsync(task.Id));
        Assert.NotNull(await world.As(world.Paul).Get<FollowUpTasks>().FindAsync(task.Id));
    }

    [Fact]
    public async Task A_task_is_not_tied_to_what_its_author_does_not_see()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var deal = await world.OpportunityAsync(institution: hospital);
        var tasks = world.As(world.Lea).Get<FollowUpTasks>();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.CreateAsync(new FollowUpTaskDetails { Title = "Relancer", InstitutionId = hospital.Id }));
        Assert.Equal(nameof(FollowUpTaskDetails.InstitutionId), refusal.Field);
        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.CreateAsync(new FollowUpTaskDetails { Title = "Relancer", OpportunityId = deal.Id }));
        Assert.Null((await tasks.NewAsync(opportunityId: deal.Id)).Details.OpportunityId);
    }

    [Fact]
    public async Task Finishing_keeps_the_result_touches_the_deal_and_plans_the_next_step_in_one_gesture()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        var task = await world.TaskAsync(with: details => details with { OpportunityId = deal.Id, InstitutionId = deal.InstitutionId, Priority = TaskPriority.High, Notes = "Le matin", DueTime = new TimeOnly(9, 0) });
        world.Time.Advance(TimeSpan.FromDays(2));

        var done = await world.As(world.Claire).Get<FollowUpTasks>().CompleteAsync(task.Id, "Intéressée", new NextStep("Envoyer le devis", new DateOnly(2026, 11, 30)));

        Assert.Equal("Tâche « Rappeler Dr Renaud » terminée, suite : « Envoyer le devis » le 30/11/2026", done.Sentence);
        var saved = await SavedAsync(world, task.Id);
        Assert.Equal((FollowUpStatus.Done, false, "Intéressée", world.Now()), (saved.Status, saved.IsOpen, saved.Result, saved.CompletedAt));
        await using var db = world.Open();
        Assert.Equal(world.Now(), (await db.Opportunities.SingleAsync(o => o.Id == deal.Id)).LastInteractionAt);
        var next = await db.FollowUpTasks.SingleAsync(t => t.Title == "Envoyer le devis");
        Assert.Equal(
            new FollowUpTaskDetails { Title = "Envoyer le devis", DueOn = new DateOnly(2026, 11, 30), Priority = TaskPriority.High, OwnerId = task.OwnerId, TeamId = task.TeamId, InstitutionId = deal.InstitutionId, OpportunityId = deal.Id },
            next.Details());

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        saved = await SavedAsync(world, task.Id);
        Assert.Equal((FollowUpStatus.ToDo, true, (string?)null, (DateTime?)null), (saved.Status, saved.IsOpen, saved.Result, saved.CompletedAt));
        await using var after = world.Open();
        Assert.False(await after.FollowUpTasks.AnyAsync(t => t.Title == "Envoyer le devis"));
        Assert.Equal(deal.LastInteractionAt, (await after.Opportunities.SingleAsync(o => o.Id == deal.Id)).LastInteractionAt);
    }

    [Fact]
    public async Task A_finished_task_is_not_finished_twice_and_opens_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        var tasks = world.As(world.Claire).Get<FollowUpTasks>();
        await tasks.CompleteAsync(task.Id, null);

        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.CompleteAsync(task.Id, null));
        await tasks.ReopenAsync(task.Id);

        Assert.True((await SavedAsync(world, task.Id)).IsOpen);
    }

    [Fact]
    public async Task The_next_action_of_a_deal_leaves_a_finished_task_and_gives_way_to_the_next()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync(with: details => details with { NextAction = "Appeler les achats", NextActionOn = s_today });
        world.Time.Advance(TimeSpan.FromHours(1));
        var tasks = world.As(world.Claire).Get<FollowUpTasks>();

        await tasks.CompleteNextActionAsync(deal.Id, "Budget confirmé", new NextStep("Visite du bloc", s_today.AddDays(9)));

        await using var db = world.Open();
        var saved = await db.Opportunities.SingleAsync(o => o.Id == deal.Id);
        Assert.Equal(("Visite du bloc", s_today.AddDays(9), world.Now()), (saved.NextAction, saved.NextActionOn, saved.LastInteractionAt));
        var trace = await db.FollowUpTasks.SingleAsync(task => task.OpportunityId == deal.Id);
        Assert.Equal(("Appeler les achats", "Budget confirmé", FollowUpStatus.Done), (trace.Title, trace.Result, trace.Status));

        await tasks.PutOffNextActionAsync(deal.Id, s_today.AddDays(12));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Lea).Get<FollowUpTasks>().PutOffNextActionAsync(deal.Id, s_today));
        await using var later = world.Open();
        Assert.Equal(s_today.AddDays(12), (await later.Opportunities.SingleAsync(o => o.Id == deal.Id)).NextActionOn);
    }

    [Fact]
    public async Task Two_people_on_one_task_both_win_on_different_fields()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        var seen = task.Details();
        await world.As(world.Paul).Get<FollowUpTasks>().EditAsync(task.Id, seen, seen with { Priority = TaskPriority.High });

        await world.As(world.Claire).Get<FollowUpTasks>().EditAsync(task.Id, seen, seen with { Notes = "Avant midi" });

        var saved = await SavedAsync(world, task.Id);
        Assert.Equal((TaskPriority.High, "Avant midi"), (saved.Priority, saved.Notes));
        await Assert.ThrowsAsync<EditConflictException>(() => world.Get<FollowUpTasks>().EditAsync(task.Id, seen, seen with { Priority = TaskPriority.Low }));
    }

    private static async Task<FollowUpTask> SavedAsync(TestWorld world, Guid id)
    {
        await using var db = world.Open();
        return await db.FollowUpTasks.AsNoTracking().SingleAsync(task => task.Id == id);
    }
}
