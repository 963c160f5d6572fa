using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Core.Segments;

/// <summary>The conditions of a segment as one text: JSON with a version number. Reading never fails: what cannot be read is said in its place.</summary>
public static class SegmentText
{
    private const int Current = 1;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of some conditions.</summary>
    public static string Write(SegmentGroup conditions) => new JsonObject { ["version"] = Current, ["root"] = Node(conditions) }.ToJsonString(s_json);

    /// <summary>The conditions of a text.</summary>
    public static SegmentGroup Read(string text)
    {
        try
        {
            var document = JsonNode.Parse(text) as JsonObject;
            return (document?["version"], document?["root"]) switch
            {
                (JsonValue version, _) when Number(version) is > Current => Unreadable("Ces conditions ont été écrites par une version plus récente de MedCRM."),
                (JsonValue version, JsonObject root) when Number(version) is Current && Part(root) is SegmentGroup group => group,
                _ => Unreadable("Les conditions enregistrées sont illisibles : effacez-les et recommencez."),
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            return Unreadable("Les conditions enregistrées sont illisibles : effacez-les et recommencez.");
        }

        SegmentGroup Unreadable(Sentence reason) => SegmentGroup.All(new SegmentUnreadable(reason, Clean.Shortened(text, 200)));
    }

    private static JsonObject Node(SegmentPart part) => part switch
    {
        SegmentGroup group => new JsonObject
        {
            ["match"] = group.IsAny ? "any" : "all",
            ["not"] = group.IsNegated ? true : null,
            ["parts"] = Array(group.Parts.Select(Node)),
        },
        SegmentCondition condition => Node(condition),
        SegmentRelated related => new JsonObject
        {
            ["related"] = related.Relation,
            ["count"] = related.Count.ToString(),
            ["number"] = related.Number,
            ["filters"] = Array(related.Filters.Select(Node)),
            ["period"] = related.Period is { } period ? Node(new SegmentCondition(period)) : null,
        },
        SegmentUnreadable unreadable => new JsonObject { ["unreadable"] = unreadable.Text },
        _ => throw new InvalidOperationException($"Unknown part {part}"),
    };

    private static JsonObject Node(SegmentCondition condition)
    {
        var node = new JsonObject { ["field"] = condition.Field };
        if (condition.Filter is { } filter)
        {
            node["operator"] = filter.Operator.ToString();
            node["values"] = Array(filter.Values.Select(value => (JsonNode)value));
        }

        return node;
    }

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);

    private static SegmentPart Part(JsonNode? node)
    {
        if (node is not JsonObject part)
        {
            return Lost(node, "Cette condition est illisible.");
        }

        if (part["parts"] is JsonArray parts)
        {
            var match = Text(part["match"]);
            return match is "all" or "any"
                ? new SegmentGroup(match is "any", Flag(part["not"]), [.. parts.Select(Part)])
                : Lost(part, $"« {match} » ne dit pas si toutes les conditions sont demandées, ou l'une d'elles.");
        }

        if (Text(part["related"]) is { } relation)
        {
            return Related(part, relation);
        }

        return Text(part["field"]) is { } field ? Condition(part, field) : Lost(part, "Cette condition est illisible.");
    }

    private static SegmentPart Related(JsonObject part, string relation)
    {
        if (!Enum.TryParse<RelatedCount>(Text(part["count"]), out var count) || !Enum.IsDefined(count))
        {
            return Lost(part, $"La comparaison « {Text(part["count"])} » n'existe pas.");
        }

        var filters = (part["filters"] as JsonArray ?? []).Select(Part).ToList();
        var period = part["period"] is { } node ? Part(node) : null;
        return filters.Concat(period is null ? [] : [period]).FirstOrDefault(filter => filter is not SegmentCondition) switch
        {
            SegmentUnreadable unreadable => Lost(part, unreadable.Reason),
            null => new SegmentRelated(relation, count, Number(part["number"]) ?? 1, [.. filters.Cast<SegmentCondition>()], (period as SegmentCondition)?.Filter),
            _ => Lost(part, "Cette condition est illisible."),
        };
    }

    private static SegmentPart Condition(JsonObject part, string field)
    {
        if (part["operator"] is null)
        {
            return new SegmentCondition(field, null);
        }

        if (!Enum.TryParse<FilterOperator>(Text(part["operator"]), out var comparison) || !Enum.IsDefined(comparison))
        {
            return Lost(part, $"La comparaison « {Text(part["operator"])} » n'existe pas.");
        }

        var values = (part["values"] as JsonArray ?? []).Select(Text).ToList();
        return values.Contains(null)
            ? Lost(part, "Cette condition est illisible.")
            : new SegmentCondition(new ListFilter(field, comparison, values.OfType<string>()));
    }

    private static SegmentUnreadable Lost(JsonNode? node, Sentence reason) => new(reason, Clean.Shortened(node?.ToJsonString(s_json) ?? "null", 200));

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
