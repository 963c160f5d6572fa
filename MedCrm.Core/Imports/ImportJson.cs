using System.Text.Encodings.Web;
using System.Text.Json;

namespace MedCrm.Core.Imports;

/// <summary>How cells and mappings are kept as JSON: accents as they are.</summary>
internal static class ImportJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
