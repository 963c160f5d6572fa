using System.Text.Json;
using System.Text.Json.Nodes;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Kit.Forms;

/// <summary>
/// What somebody changed in a form and has not saved, as text that a browser keeps: for each field its value when the form was opened
/// and its value now. Going back to it touches only those fields, so that what others saved meanwhile stays.
/// </summary>
public sealed class FormDraft
{
    private const string Seen = "seen";
    private const string Mine = "mine";

    private readonly IReadOnlyList<object> _parts;
    private IReadOnlyList<JsonObject> _opened = [];

    /// <summary>Remembers how a form stands when it opens. <paramref name="parts"/> are the details it edits.</summary>
    public FormDraft(IReadOnlyList<object> parts)
    {
        _parts = parts;
        Open();
    }

    /// <summary>What the form holds now is how it opened: its page has finished filling it.</summary>
    public void Open() => _opened = [.. _parts.Select(Write)];

    /// <summary>The fields that differ from the opening; null when none does.</summary>
    public string? Changes()
    {
        var parts = _parts.Zip(_opened, (part, opened) => Changed(Write(part), opened)).ToArray();
        return parts.All(part => part.Count == 0) ? null : new JsonArray([.. parts]).ToJsonString();
    }

    /// <summary>Puts kept changes back into the form. Returns the labels of those fields that somebody else changed since the draft was written.</summary>
    public IReadOnlyList<string> Resume(string changes)
    {
        var overtaken = new List<string>();
        foreach (var (part, kept, opened) in _parts.Zip(JsonNode.Parse(changes)!.AsArray(), _opened).Select(row => (row.First, row.Second!.AsObject(), row.Third)))
        {
            foreach (var (name, values) in kept)
            {
                // A field that a newer program no longer has is let go.
                if (part.GetType().GetProperty(name) is not { SetMethod.IsPublic: true } property || values is null)
                {
                    continue;
                }

                property.SetValue(part, values[Mine].Deserialize(property.PropertyType));
                if (!JsonNode.DeepEquals(values[Seen], opened[name]) && !JsonNode.DeepEquals(values[Mine], opened[name]))
                {
                    overtaken.Add(Labels.Of(part.GetType(), name));
                }
            }
        }

        return overtaken;
    }

    private static JsonObject Changed(JsonObject now, JsonObject opened)
    {
        var changed = new JsonObject();
        foreach (var (name, value) in now)
        {
            if (!JsonNode.DeepEquals(value, opened[name]))
            {
                changed[name] = new JsonObject { [Seen] = opened[name]?.DeepClone(), [Mine] = value?.DeepClone() };
            }
        }

        return changed;
    }

    private static JsonObject Write(object part) => JsonSerializer.SerializeToNode(part, part.GetType())!.AsObject();
}
