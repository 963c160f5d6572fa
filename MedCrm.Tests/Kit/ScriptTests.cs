using MedCrm.Web.Kit;
using Microsoft.JSInterop;

namespace MedCrm.Tests.Kit;

public sealed class ScriptTests
{
    private readonly Browser _browser = new();

    [Fact]
    public async Task The_script_is_imported_once_and_its_functions_take_their_arguments()
    {
        await using var script = new Script(_browser, "./x.js");
        _browser.Answer = 42;

        await script.InvokeAsync("watch", "a", 1);
        Assert.Equal(42, await script.AskAsync("count", 0, "b"));
        Assert.Equal(42, await script.AskAsync<int?>("count"));

        Assert.Equal(["import(./x.js)", "watch(a, 1)", "count(b)", "count()"], _browser.Calls);
    }

    [Fact]
    public async Task An_error_of_the_script_is_told()
    {
        await using var script = new Script(_browser, "./x.js");
        _browser.Failure = new JSException("Cannot read properties of null");

        Assert.Equal("Cannot read properties of null", (await Assert.ThrowsAsync<JSException>(() => script.InvokeAsync("watch"))).Message);
        await Assert.ThrowsAsync<JSException>(() => script.AskAsync("count", 0));
        await Assert.ThrowsAsync<JSException>(() => script.OpenAsync("open"));
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_told()
    {
        await using var script = new Script(_browser, "./x.js");
        _browser.Import = Task.FromException(new JSException("Failed to fetch dynamically imported module"));

        await Assert.ThrowsAsync<JSException>(() => script.InvokeAsync("watch"));
    }

    [Theory]
    [InlineData(typeof(JSDisconnectedException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_browser_that_has_left_is_silence(Type gone)
    {
        await using var script = new Script(_browser, "./x.js");
        _browser.Failure = (Exception)Activator.CreateInstance(gone, "gone")!;

        await script.InvokeAsync("watch");
        Assert.Equal(7, await script.AskAsync("count", 7));
        Assert.Null(await script.OpenAsync("open"));
    }

    [Fact]
    public async Task What_waited_for_the_script_is_dropped_once_the_component_is_taken_away()
    {
        var arrival = new TaskCompletionSource();
        _browser.Import = arrival.Task;
        var script = new Script(_browser, "./x.js");

        var watch = script.InvokeAsync("watch");
        var count = script.AskAsync("count", 7);
        var leave = script.LetGoAsync("leave");
        arrival.SetResult();
        await leave;
        await watch;

        Assert.Equal(7, await count);
        Assert.Equal(["import(./x.js)", "let go"], _browser.Calls);
    }

    [Fact]
    public async Task What_the_script_was_doing_when_the_component_was_taken_away_may_fail()
    {
        var answer = new TaskCompletionSource();
        _browser.Work = answer.Task;
        var script = new Script(_browser, "./x.js");

        var watch = script.InvokeAsync("watch");
        await script.DisposeAsync();
        answer.SetException(new JSException("Cannot read properties of null"));

        await watch;
    }

    [Fact]
    public async Task The_last_word_is_said_to_a_script_that_stood_whatever_comes_of_it()
    {
        var script = new Script(_browser, "./x.js");
        await script.InvokeAsync("watch");
        _browser.Failure = new JSException("Cannot read properties of null");

        await script.LetGoAsync("leave", "now");

        Assert.Equal(["import(./x.js)", "watch()", "leave(now)", "let go"], _browser.Calls);
    }

    [Fact]
    public async Task A_script_that_never_came_is_let_go_in_silence()
    {
        var script = new Script(_browser, "./x.js");
        await script.LetGoAsync("leave");
        Assert.Empty(_browser.Calls);

        _browser.Import = Task.FromException(new JSException("Failed to fetch dynamically imported module"));
        var other = new Script(_browser, "./y.js");
        await Assert.ThrowsAsync<JSException>(() => other.InvokeAsync("watch"));
        await other.LetGoAsync("leave");

        Assert.Equal(["import(./y.js)"], _browser.Calls);
    }

    /// <summary>A browser that keeps what it is asked, and answers or fails as a test says. It is the imported script too.</summary>
    private sealed class Browser : IJSRuntime, IJSObjectReference
    {
        public List<string> Calls { get; } = [];

        public Task Import { get; set; } = Task.CompletedTask;

        public Task Work { get; set; } = Task.CompletedTask;

        public Exception? Failure { get; set; }

        public object? Answer { get; set; }

        public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args)
        {
            Calls.Add($"{identifier}({string.Join(", ", args ?? [])})");
            if (identifier == "import")
            {
                await Import;
                return (TValue)(object)this;
            }

            await Work;
            return Failure is not null ? throw Failure : Answer is TValue answer ? answer : default!;
        }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);

        public ValueTask DisposeAsync()
        {
            Calls.Add("let go");
            return ValueTask.CompletedTask;
        }
    }
}
