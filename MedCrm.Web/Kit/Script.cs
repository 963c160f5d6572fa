using Microsoft.JSInterop;

namespace MedCrm.Web.Kit;

/// <summary>A component's own script: imported when first needed, let go with the component, silent once the browser has left.</summary>
public sealed class Script(IJSRuntime js, string path) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;
    private bool _isLetGo;

    /// <summary>Calls a function of the script.</summary>
    public async Task InvokeAsync(string function, params object?[] arguments)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync(function, arguments);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // The browser has left: there is nothing to tell it.
        }
    }

    /// <summary>Calls a function that gives an object of the browser back; null once the browser has left.</summary>
    public async Task<IJSObjectReference?> OpenAsync(string function, params object?[] arguments)
    {
        try
        {
            return await (await ModuleAsync()).InvokeAsync<IJSObjectReference>(function, arguments);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return null;
        }
    }

    /// <summary>Asks a function of the script for a value; <paramref name="otherwise"/> once the browser has left.</summary>
    public async Task<T> AskAsync<T>(string function, T otherwise, params object?[] arguments)
    {
        try
        {
            return await (await ModuleAsync()).InvokeAsync<T>(function, arguments);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return otherwise;
        }
    }

    /// <summary>Calls a function that answers; the default once the browser has left.</summary>
    public async Task<T?> AskAsync<T>(string function, params object?[] arguments)
    {
        try
        {
            return await (await ModuleAsync()).InvokeAsync<T?>(function, arguments);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return default;
        }
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
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or JSException)
        {
            // The browser has left and taken the script with it.
        }
    }

    // A component that is taken away while its script still answers leaves that script without its element.
    private bool IsGone(Exception failure)
        => failure is JSDisconnectedException or OperationCanceledException || (_isLetGo && failure is (JSException or ObjectDisposedException));

    private Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", path).AsTask();
}
