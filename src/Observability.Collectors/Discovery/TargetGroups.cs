using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Target groups of file_sd and http_sd, <c>[{"targets":["10.0.0.7:9400"],"labels":{"job":"dcgm"}}]</c>, and the same in the block form of YAML
/// that Prometheus's own examples use:
/// <code>
/// - targets: ['10.0.0.7:9400', '10.0.0.8:9400']
///   labels:
///     job: dcgm
/// </code>
/// </summary>
internal static class TargetGroups
{
    /// <summary>The labels of each target; what is wrong, or an empty string.</summary>
    public static (List<LabelSet> Found, string Error) Read(ReadOnlyMemory<byte> bytes, string name) =>
        Path.GetExtension(name).ToUpperInvariant() is ".YML" or ".YAML" ? ReadYaml(System.Text.Encoding.UTF8.GetString(bytes.Span)) : ReadJson(bytes);

    private static (List<LabelSet> Found, string Error) ReadJson(ReadOnlyMemory<byte> bytes)
    {
        var found = new List<LabelSet>();
        try
        {
            using var document = JsonText.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return (found, "it must be a list of {targets, labels}");
            foreach (var group in document.RootElement.EnumerateArray())
            {
                var labels = group.Get("labels") is { ValueKind: JsonValueKind.Object } map
                    ? LabelSet.From(map.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, map.Text(label.Name)))) : LabelSet.Empty;
                found.AddRange(group.Items("targets").Select(target => labels.With("__address__", target.ToString())));
            }
        }
        catch (JsonException fault)
        {
            return (found, $"it is not JSON: {fault.Message}");
        }

        return (found, "");
    }

    // The part of YAML that target files are written in; anything else is refused with its line, never guessed at.
    private static (List<LabelSet> Found, string Error) ReadYaml(string text)
    {
        var found = new List<LabelSet>();
        var (addresses, labels, within, number) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal), "", 0);
        void End()
        {
            found.AddRange(addresses.Select(address => LabelSet.From(labels).With("__address__", address)));
            addresses.Clear();
            labels.Clear();
        }

        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd();
            var content = line.TrimStart(' ');
            if (content.Length == 0 || content[0] == '#' || content is "---" or "...")
                continue;
            var isGroup = line.StartsWith("- ", StringComparison.Ordinal);
            if (isGroup)
            {
                End();
                (content, within) = (content[2..].TrimStart(), "");
            }

            if (!isGroup && within == "targets" && content.StartsWith("- ", StringComparison.Ordinal))
                addresses.Add(Plain(content[2..]));
            else if (content.StartsWith("targets:", StringComparison.Ordinal))
            {
                within = "targets";
                if (content[8..].Trim() is { Length: > 0 } list && !AddList(list, addresses))
                    return (found, $"line {number}: targets must be a list");
            }
            else if (content == "labels:")
                within = "labels";
            else if (within == "labels" && content.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                labels[Plain(content[..colon])] = Plain(content[(colon + 1)..]);
            else
                return (found, $"line {number}: '{content}' is neither targets nor labels");
        }

        End();
        return (found, "");
    }

    private static bool AddList(string list, List<string> into)
    {
        if (list[0] != '[' || list[^1] != ']')
            return false;
        into.AddRange(list[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain));
        return true;
    }

    private static string Plain(string text) => text.Trim() is ['\'' or '"', .. var inner, '\'' or '"'] ? inner : text.Trim();
}
