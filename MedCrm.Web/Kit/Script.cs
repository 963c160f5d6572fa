using Microsoft.JSInterop;

namespace MedCrm.Web.Kit;

/// <summary>A component's own script: imported when first needed, let go with the component, silent once the browser has left.</summary>
public sealed class Script(IJSRuntime js, string path) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;
    private bool _isLetGo;

    /// <summary>Calls a function of the script.</summary>
    public Task InvokeAsync(string function, params object?[] arguments)
        => CallAsync<object?>(async module =>
        {
            await module.InvokeVoidAsync(function, arguments);
            return null;
        }, null);

    /// <summary>Calls a function that gives an object of the browser back; null once the browser has left.</summary>
    public Task<IJSObjectReference?> OpenAsync(string function, params object?[] arguments)
        => CallAsync<IJSObjectReference?>(async module => await module.InvokeAsync<IJSObjectReference>(function, arguments), null);

    /// <summary>Asks a function of the script for a value; <paramref name="otherwise"/> once the browser has left.</summary>
    public Task<T> AskAsync<T>(string function, T otherwise, params object?[] arguments)
        => CallAsync(async module => await module.InvokeAsync<T>(function, arguments), otherwise);

    /// <summary>Calls a function that answers; the default once the browser has left.</summary>
    public Task<T?> AskAsync<T>(string function, params object?[] arguments)
        => CallAsync<T?>(async module => await module.InvokeAsync<T?>(function, arguments), default);

    /// <summary>Lets the script go, with a last word to it if it ever stood. What was still waiting for it is dropped.</summary>
    public async ValueTask LetGoAsync(string function, params object?[] arguments)
    {
        _isLetGo = true;
        if (_module is { IsCompletedSuccessfully: true } stands)
        {
            try
            {
                await (await stands).InvokeVoidAsync(function, arguments);
            }
            catch (Exception gone) when (IsGone(gone))
            {
                // The browser has left, and what the script held with it.
            }
        }

        await DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isLetGo = true;
        if (_module is null)
        {
            return;
        }

        try
        {
            await (await _module).DisposeAsync();
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // The browser has left and taken the script with it.
        }
    }

    private async Task<T> CallAsync<T>(Func<IJSObjectReference, Task<T>> call, T otherwise)
    {
        try
        {
            var module = await (_module ??= js.InvokeAsync<IJSObjectReference>("import", path).AsTask());

            // A component taken away before its script came has no element left to hand it.
            return _isLetGo ? otherwise : await call(module);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return otherwise;
        }
    }

    // A component that is taken away while its script still answers leaves that script without its element.
    private bool IsGone(Exception failure)
        => failure is JSDisconnectedException or OperationCanceledException || (_isLetGo && failure is (JSException or ObjectDisposedException));
}
