using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace MedCrm.Web.Kit;

/// <summary>
/// The query of the address, for a component inside a page. Parameters supplied from the query are for pages alone: a component that comes in
/// with the very change of address would join those being told of it, which ends the circuit.
/// </summary>
public sealed class AddressPart : IDisposable
{
    private readonly NavigationManager _navigation;
    private readonly Func<Func<Task>, Task> _invoke;
    private readonly Func<Task> _changed;

    /// <summary>Listens until it is disposed of. <paramref name="changed"/> runs on the component's own thread through <paramref name="invoke"/>, its <c>InvokeAsync</c>.</summary>
    public AddressPart(NavigationManager navigation, Func<Func<Task>, Task> invoke, Func<Task> changed)
    {
        (_navigation, _invoke, _changed) = (navigation, invoke, changed);
        _navigation.LocationChanged += OnLocationChanged;
    }

    /// <summary>The value of a name in the query; null when it is not there.</summary>
    public string? this[string name] => QueryHelpers.ParseQuery(_navigation.ToAbsoluteUri(_navigation.Uri).Query).TryGetValue(name, out var values) ? values.ToString() : null;

    /// <inheritdoc/>
    public void Dispose() => _navigation.LocationChanged -= OnLocationChanged;

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => _ = _invoke(_changed);
}
