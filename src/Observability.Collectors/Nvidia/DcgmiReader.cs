using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Reads the JSON of <c>dcgmi diag -j</c>, <c>dcgmi health -c -j</c> and <c>dcgmi nvlink -e -j</c>. Text may stand before the JSON.
/// <code>
/// {"DCGM GPU Diagnostic":{"test_categories":[{"category":"Deployment","tests":[{"name":"Inforom","results":[{"status":"Pass"}]}]}]}}   before 4.0
/// {"DCGM Diagnostic":{…"results":[{"entity_group":"GPU","entity_id":3,"status":"Fail","warnings":[{"error_id":80,"warning":"…"}]}]…   from 4.0
/// {"header":["Health Monitor Report"],"body":{"Overall Health":{"value":"Warning"},"GPU":{"children":{"3":{"children":{"Errors":{…
/// {"header":["NVLINK Error Counts","GPU 0"],"body":{"Link 0":{"children":{"CRC Data Error":{"value":"12"}}}}}
/// </code>
/// </summary>
internal static class DcgmiReader
{
    private const int StartsTried = 16;
    private const int FindingLimit = 10_000;
    private static readonly string[] DiagKeys = ["DCGM Diagnostic", "DCGM GPU Diagnostic"];

    public static DcgmiReading Read(string text)
    {
        var findings = new List<DcgmiFinding>();
        var links = new List<(string, string, string, double)>();
        var refused = new List<string>();
        using var document = Document(text);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
            refused.Add("no JSON object of dcgmi begins at the start of a line");
        else if (DiagKeys.FirstOrDefault(key => root.TryGetProperty(key, out _)) is { } known)
            ReadDiag(root.GetProperty(known), findings, refused);
        else if (Header(root).StartsWith("NVLINK Error Counts", StringComparison.Ordinal))
            ReadLinks(root, links);
        else if (root.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object && body.TryGetProperty("Overall Health", out var overall))
            ReadHealth(body, StatusOf(overall.Text("value")), findings);
        else
            refused.Add($"neither a diagnostic, a health report nor NVLink error counts; its keys are {string.Join(", ", root.EnumerateObject().Take(5).Select(property => property.Name))}");
        if (findings.Count > FindingLimit)
        {
            refused.Add($"more than {FindingLimit} results");
            findings.RemoveRange(FindingLimit, findings.Count - FindingLimit);
        }

        return new DcgmiReading(findings, links, refused);
    }

    // dcgmi prints warnings before the JSON at times: the first line that begins with a brace and parses is the document.
    private static JsonDocument? Document(string text)
    {
        var from = 0;
        for (var i = 0; i < StartsTried && from < text.Length; i++)
        {
            var brace = text.IndexOf('{', from);
            if (brace < 0)
                return null;
            from = brace + 1;
            if (brace > 0 && text[..brace].TrimEnd(' ', '\t') is { Length: > 0 } before && before[^1] is not ('\n' or '\r'))
                continue;
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text[brace..]));
            try
            {
                if (JsonDocument.TryParseValue(ref reader, out var document))
                    return document;
            }
            catch (JsonException)
            {
                // Not this brace: a log line before the document may hold one.
                continue;
            }
        }

        return null;
    }

    private static void ReadDiag(JsonElement diag, List<DcgmiFinding> findings, List<string> refused)
    {
        if (diag.Text("runtime_error") is { Length: > 0 } error)
            refused.Add($"dcgmi could not run its tests: {error}");
        foreach (var category in diag.Items("test_categories"))
        {
            foreach (var test in category.Items("tests"))
            {
                foreach (var result in test.Items("results"))
                    AddResult(result, category.Text("category"), test.Text("name"), findings, refused);
            }
        }
    }

    private static void AddResult(JsonElement result, string category, string test, List<DcgmiFinding> findings, List<string> refused)
    {
        if (StatusOf(result.Text("status")) is not { } status)
        {
            // A test that was skipped says nothing about the hardware.
            if (!result.Text("status").StartsWith("Skip", StringComparison.OrdinalIgnoreCase) && result.Text("status") is not ("Not Run" or "NotRun" or ""))
                refused.Add($"test '{test}' has the unknown status '{result.Text("status")}'");
            return;
        }

        var messages = result.Items("warnings")
            .Select(warning => warning.ValueKind == JsonValueKind.String
                ? ((int?)null, warning.GetString() ?? "")
                : (Number(warning, "error_id"), warning.Text("warning")))
            .ToArray();
        foreach (var gpu in Gpus(result))
            findings.Add(new DcgmiFinding(gpu, category.Length > 0 ? category : "diag", test, status) { Messages = messages });
    }

    private static string[] Gpus(JsonElement result)
    {
        if (result.Text("entity_group") is { Length: > 0 } group)
            return [group == "GPU" ? result.Text("entity_id") : ""];
        var stated = result.Text("gpu_id") is { Length: > 0 } one ? one : result.Text("gpu_ids");
        return stated.Length == 0 ? [""] : stated.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static void ReadHealth(JsonElement body, int? overall, List<DcgmiFinding> findings)
    {
        if (overall is { } all)
            findings.Add(new DcgmiFinding("", "", "ALL", all));
        foreach (var group in body.EnumerateObject().Where(group => group.Name != "Overall Health"))
        {
            foreach (var (id, entity) in Children(group.Value))
            {
                if (entity.ValueKind != JsonValueKind.Object || !entity.TryGetProperty("children", out var parts))
                    continue;
                foreach (var (watch, state) in parts.ValueKind == JsonValueKind.Object && parts.TryGetProperty("Errors", out var errors) ? Children(errors) : [])
                {
                    var messages = new List<(int?, string)>();
                    Collect(state, messages, 0);
                    findings.Add(new DcgmiFinding(group.Name == "GPU" ? id : "", "", watch, StatusOf(state.Text("value")) ?? 10) { Messages = messages });
                }
            }
        }
    }

    // Where the messages stand differs between versions: "overflow" beside the value, or further children.
    private static void Collect(JsonElement element, List<(int?, string)> messages, int depth)
    {
        if (depth > 4 || element.ValueKind != JsonValueKind.Object || messages.Count >= 64)
            return;
        foreach (var line in element.Items("overflow").Where(line => line.ValueKind == JsonValueKind.String))
            messages.Add((null, line.GetString() ?? ""));
        foreach (var (_, child) in Children(element))
        {
            if (child.Text("value") is { Length: > 0 } text)
                messages.Add((null, text));
            Collect(child, messages, depth + 1);
        }
    }

    private static void ReadLinks(JsonElement root, List<(string, string, string, double)> links)
    {
        var gpu = root.GetProperty("header").EnumerateArray().Select(line => line.ValueKind == JsonValueKind.String ? line.GetString()! : "")
            .FirstOrDefault(line => line.StartsWith("GPU ", StringComparison.Ordinal))?[4..].Trim() ?? "";
        if (!root.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
            return;
        foreach (var link in body.EnumerateObject())
        {
            foreach (var (kind, counter) in Children(link.Value))
            {
                if (links.Count < FindingLimit && double.TryParse(counter.Text("value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var count))
                    links.Add((gpu, link.Name.Replace("Link ", "", StringComparison.Ordinal), kind, count));
            }
        }
    }

    private static int? StatusOf(string word) => word.ToUpperInvariant() switch
    {
        "PASS" or "PASSED" or "HEALTHY" => 0,
        "WARN" or "WARNING" => 10,
        "FAIL" or "FAILED" or "FAILURE" or "UNHEALTHY" => 20,
        _ => null,
    };

    private static string Header(JsonElement root) =>
        root.TryGetProperty("header", out var header) && header.ValueKind == JsonValueKind.Array && header.GetArrayLength() > 0
            && header[0].ValueKind == JsonValueKind.String
            ? header[0].GetString()!
            : "";

    private static IEnumerable<(string Name, JsonElement Value)> Children(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("children", out var children) && children.ValueKind == JsonValueKind.Object
            ? children.EnumerateObject().Select(child => (child.Name, child.Value))
            : [];

    private static int? Number(JsonElement element, string name) =>
        int.TryParse(element.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
