using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.History;

public sealed class MergingTests
{
    [Fact]
    public async Task A_conflict_names_who_saved_the_other_value_and_gives_ids_their_names()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        var seen = institution.Details();
        await using (var paul = world.Open())
        {
            paul.Begin(world.Paul, "Établissement modifié");
            var record = await paul.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == institution.Id);
            record.Edit(record.Details() with { OwnerId = world.Paul.Id }, world.Now());
            await paul.SaveChangesAsync();
        }

        await using var db = world.Open();
        var current = await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == institution.Id);
        var conflict = await Assert.ThrowsAsync<EditConflictException>(() => db.MergeAsync(current, seen, seen with { OwnerId = world.Lea.Id }, current.Details()));

        var field = Assert.Single(conflict.Conflicts);
        Assert.Equal(("Claire Martin", "Léa Dubois", "Paul Bernard"), (field.Seen, field.Mine, field.Theirs));
        Assert.Equal(("Paul Bernard", world.Now()), (field.By, field.At));
        Assert.Equal(current.Version, conflict.CurrentVersion);
    }

    [Fact]
    public async Task An_act_beaten_by_another_save_is_done_again_once()
    {
        var tries = 0;

        Assert.Equal(2, await StaleRecordException.RetryOnceAsync(() => ++tries == 1 ? throw new StaleRecordException() : Task.FromResult(tries)));
        await Assert.ThrowsAsync<StaleRecordException>(() => StaleRecordException.RetryOnceAsync<int>(() => throw new StaleRecordException()));
    }
}
