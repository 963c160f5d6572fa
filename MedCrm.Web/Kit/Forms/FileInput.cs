using Microsoft.AspNetCore.Components.Forms;

namespace MedCrm.Web.Kit.Forms;

/// <summary>A file field that opens once the browser listens to it: what is chosen or dropped before would be lost without a word.</summary>
public sealed class FileInput : InputFile
{
    private IDictionary<string, object>? _given;
    private bool _listens;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        if (!_listens)
        {
            _given = AdditionalAttributes;
            AdditionalAttributes = new Dictionary<string, object>(_given ?? new Dictionary<string, object>()) { ["disabled"] = true };
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (firstRender)
        {
            _listens = true;
            AdditionalAttributes = _given;
            StateHasChanged();
        }
    }
}
