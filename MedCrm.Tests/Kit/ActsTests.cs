using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using MedCrm.Web.Kit;

namespace MedCrm.Tests.Kit;

public sealed class ActsTests
{
    private readonly Toasts _toasts = new();
    private readonly Acts _acts;

    public ActsTests() => _acts = new Acts(_toasts, new Glossary());

    [Fact]
    public async Task A_double_click_acts_once()
    {
        var (times, end) = (0, new TaskCompletionSource<Done>());

        var first = _acts.DoAsync(ActAsync);
        var second = _acts.DoAsync(ActAsync);
        Assert.True(_acts.IsActing);
        end.SetResult(new Done(Guid.NewGuid(), "Équipe supprimée", null));

        Assert.Equal((true, false, 1), (await first, await second, times));
        Assert.Equal("Équipe supprimée", _toasts.Current!.Text);
        Assert.False(_acts.IsActing);

        Task<Done> ActAsync()
        {
            times++;
            return end.Task;
        }
    }

    [Fact]
    public async Task A_refusal_is_told_in_a_toast_and_frees_the_buttons()
    {
        var isDone = await _acts.DoAsync(() => throw new BusinessRuleException("Cette équipe a des membres."));

        Assert.Equal((false, false), (isDone, _acts.IsActing));
        Assert.Equal(("Cette équipe a des membres.", true), (_toasts.Current!.Text, _toasts.Current.IsRefusal));
    }

    [Fact]
    public async Task A_page_may_tell_a_refusal_where_it_wants()
    {
        string? told = null;

        await _acts.DoAsync(() => throw new BusinessRuleException("Ce geste est déjà annulé."), refusal => told = refusal.Message);

        Assert.Equal("Ce geste est déjà annulé.", told);
        Assert.Null(_toasts.Current);
    }

    [Fact]
    public async Task What_is_not_a_refusal_travels_on_and_frees_the_buttons()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _acts.DoAsync(() => throw new InvalidOperationException()));

        Assert.False(_acts.IsActing);
        Assert.Null(_toasts.Current);
    }
}
