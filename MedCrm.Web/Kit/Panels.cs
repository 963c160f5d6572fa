using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Kit;

/// <summary>A panel opened over the page; it tells its opener what it created.</summary>
public sealed class OpenPanel(Type component, Dictionary<string, object> parameters)
{
    private readonly TaskCompletionSource<Guid?> _result = new();

    /// <summary>The component to show.</summary>
    public Type Component { get; } = component;

    /// <summary>Its parameters.</summary>
    public Dictionary<string, object> Parameters { get; } = parameters;

    /// <summary>The record created, or null when the person left.</summary>
    public Task<Guid?> Result => _result.Task;

    internal bool Shows(Type component, Dictionary<string, object> parameters)
        => Component == component && Parameters.Count == parameters.Count && parameters.All(parameter => Equals(Parameters.GetValueOrDefault(parameter.Key), parameter.Value));

    internal void Finish(Guid? recordId) => _result.TrySetResult(recordId);
}

/// <summary>The panels of one window, opened from anywhere: a list, the quick add, a lookup inside another form. They stand outside the page, so that a form never holds another.</summary>
public sealed class Panels
{
    private readonly List<OpenPanel> _open = [];

    /// <summary>Raised when a panel opens or closes.</summary>
    public event Action? Changed;

    /// <summary>Those on show, the last one on top.</summary>
    public IReadOnlyList<OpenPanel> Open => _open;

    /// <summary>Opens a panel and waits for what it creates; null when the person left. The same panel asked for twice, by a double click, opens once.</summary>
    public Task<Guid?> OpenAsync<TPanel>(params (string Name, object? Value)[] parameters)
        where TPanel : IComponent
    {
        var given = parameters.Where(parameter => parameter.Value is not null).ToDictionary(parameter => parameter.Name, parameter => parameter.Value!);
        if (_open.Find(panel => panel.Shows(typeof(TPanel), given)) is { } already)
        {
            return already.Result;
        }

        var panel = new OpenPanel(typeof(TPanel), given);
        _open.Add(panel);
        Changed?.Invoke();
        return panel.Result;
    }

    /// <summary>Closes a panel, with what it created.</summary>
    public void Close(OpenPanel panel, Guid? recordId = null)
    {
        _open.Remove(panel);
        panel.Finish(recordId);
        Changed?.Invoke();
    }
}
