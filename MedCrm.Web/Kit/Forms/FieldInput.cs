using System.Linq.Expressions;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Kit.Forms;

/// <summary>What every form control shares: its name and label from the property it is bound to, its error from the form, the attributes that tie them together.</summary>
public abstract class FieldInput<TValue> : ComponentBase, IDisposable
{
    private FormState? _subscribed;

    /// <summary>The form around it.</summary>
    [CascadingParameter] public FormState? Form { get; set; }

    [Parameter] public TValue? Value { get; set; }
    [Parameter] public EventCallback<TValue> ValueChanged { get; set; }
    [Parameter] public Expression<Func<TValue>>? ValueExpression { get; set; }

    /// <summary>The name in <c>field-…</c> and <c>error-…</c>; the bound property's unless given.</summary>
    [Parameter] public string? Name { get; set; }

    /// <summary>The label; the French name of the bound property unless given.</summary>
    [Parameter] public string? Label { get; set; }

    /// <summary>A line of help under the control.</summary>
    [Parameter] public string? Help { get; set; }

    /// <summary>Shows the required mark. The rule itself is the entity's.</summary>
    [Parameter] public bool Required { get; set; }

    [Parameter] public bool Disabled { get; set; }
    [Parameter] public string? Placeholder { get; set; }

    /// <summary>Classes of the field around the control: <c>wide</c> takes the whole row of a grid.</summary>
    [Parameter] public string? Class { get; set; }

    /// <summary>Replaces <c>field-…</c>, for a control that is not part of a form.</summary>
    [Parameter] public string? TestId { get; set; }

    /// <summary>
    /// A form that does not exist, for a field whose script gives Enter a meaning of its own: until the script stands and takes this away,
    /// Enter saves nothing.
    /// </summary>
    protected const string Unheard = "unheard";

    /// <summary>The id of the control.</summary>
    protected string Id { get; } = $"f-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>The name of the property it edits.</summary>
    protected string Property => Name ?? Member?.Name ?? GetType().Name;

    /// <summary>The label shown.</summary>
    protected string Caption => Label ?? (Member is { } member ? Localizer.Of(member.DeclaringType!, member.Name) : Property);

    /// <summary>What is wrong with the value.</summary>
    protected virtual string? Error => Form?.ErrorOf(Property) is { } sentence ? Localizer.Of(sentence) : null;

    /// <summary>What ties the control to its label, help and error.</summary>
    protected IReadOnlyDictionary<string, object> Attributes
    {
        get
        {
            var attributes = new Dictionary<string, object> { ["id"] = Id, ["data-testid"] = TestId ?? $"field-{Property}" };
            if (Error is not null)
            {
                attributes["aria-invalid"] = "true";
            }

            var descriptions = string.Join(' ', new[] { Error is null ? null : $"{Id}-error", Help is null ? null : $"{Id}-help" }.Where(id => id is not null));
            if (descriptions.Length > 0)
            {
                attributes["aria-describedby"] = descriptions;
            }

            if (Required)
            {
                attributes["aria-required"] = "true";
            }

            if (Disabled)
            {
                attributes["disabled"] = true;
            }

            if (Placeholder is not null)
            {
                attributes["placeholder"] = Placeholder;
            }

            return attributes;
        }
    }

    // The razor controls that derive from this have their own, as T.
    [Inject] private IStringLocalizer<Texts> Localizer { get; set; } = null!;

    private System.Reflection.MemberInfo? Member => (ValueExpression?.Body as MemberExpression)?.Member;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_subscribed == Form)
        {
            return;
        }

        Leave();
        _subscribed = Form;
        if (_subscribed is not null)
        {
            _subscribed.Add(Property);
            _subscribed.Changed += OnFormChanged;
        }
    }

    /// <summary>Hands a new value to the form.</summary>
    protected async Task TakeAsync(TValue? value)
    {
        Value = value;
        Form?.Took(Property);
        await ValueChanged.InvokeAsync(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave();
        GC.SuppressFinalize(this);
    }

    private void OnFormChanged() => _ = InvokeAsync(StateHasChanged);

    private void Leave()
    {
        if (_subscribed is not null)
        {
            _subscribed.Changed -= OnFormChanged;
            _subscribed.Remove(Property);
        }
    }
}
