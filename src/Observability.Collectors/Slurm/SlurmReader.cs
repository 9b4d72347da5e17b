using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Reads what <c>scontrol</c>, <c>squeue</c>, <c>sinfo</c> and <c>sdiag</c> print with <c>--json</c> and slurmrestd answers, of both generations: up to
/// v0.0.39 states are text and times numbers, from v0.0.40 states are lists and numbers <c>{"set":true,"infinite":false,"number":7}</c>.
/// <code>
/// {"nodes":[{"name":"gpu017","state":"mixed","state_flags":["DRAIN"],"boot_time":1766000000,"gres":"gpu:h100:8(S:0-1)","reason":"xid 79"}],"errors":[]}
/// {"nodes":[{"name":"gpu017","state":["MIXED","DRAIN"],"boot_time":{"set":true,"infinite":false,"number":1766000000},…}]}
/// {"jobs":[{"job_id":7,"name":"llm","job_state":["RUNNING"],"nodes":"gpu[017-018]","gres_detail":["gpu:h100:8(IDX:0-7)","gpu:h100:8(IDX:0-7)"],…}]}
/// </code>
/// An answer with status 200 may carry errors.
/// </summary>
internal sealed class SlurmReader
{
    /// <summary>Host lists of what is read.</summary>
    public HostNames Hosts { get; } = new();

    /// <summary>Nodes read so far.</summary>
    public List<SlurmNode> Nodes { get; } = [];

    /// <summary>Jobs read so far.</summary>
    public List<SlurmJob> Jobs { get; } = [];

    /// <summary>Numbers of the scheduler's diagnosis by name.</summary>
    public SortedDictionary<string, double> Statistics { get; } = new(StringComparer.Ordinal);

    /// <summary>What was refused, and what Slurm itself called an error.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>True where a document begins like one of Slurm's.</summary>
    public static bool Recognises(ReadOnlySpan<byte> document) =>
        document.TrimStart(" \r\n\t"u8).StartsWith("{"u8) && document.IndexOf("\"meta\""u8) >= 0 && document.IndexOf("\"Slurm\""u8) >= 0
        || (document.IndexOf("\"nodes\""u8) >= 0 && document.IndexOf("\"gres\""u8) >= 0 && document.IndexOf("\"meta\""u8) >= 0)
        || (document.IndexOf("\"jobs\""u8) >= 0 && document.IndexOf("\"job_state\""u8) >= 0)
        || (document.IndexOf("\"statistics\""u8) >= 0 && document.IndexOf("\"schedule_cycle_last\""u8) >= 0);

    /// <summary>Reads one document.</summary>
    public void Read(JsonElement root)
    {
        foreach (var error in root.Items("errors"))
            Refused.Add($"Slurm: {(error.Text("description") is { Length: > 0 } text ? text : error.Text("error"))} ({error.Text("error_number")})");
        var index = 0;
        foreach (var node in root.Items("nodes"))
            AddNode(node, $"nodes[{index++}]");
        index = 0;
        foreach (var job in root.Items("jobs"))
            AddJob(job, $"jobs[{index++}]");
        if (root.Get("statistics") is not { ValueKind: JsonValueKind.Object } statistics)
            return;
        foreach (var one in statistics.EnumerateObject())
        {
            if (Number(statistics, one.Name) is { } number)
                Statistics[one.Name] = number;
        }
    }

    private void AddNode(JsonElement node, string where)
    {
        var name = node.Text("name") is { Length: > 0 } own ? own : node.Text("hostname");
        if (name.Length == 0)
        {
            Refused.Add($"{where} has neither name nor hostname");
            return;
        }

        Nodes.Add(new SlurmNode(name)
        {
            States = [.. States(node, "state"), .. States(node, "state_flags")],
            Reason = node.Text("reason"),
            Booted = Time(node, "boot_time"),
            Gpus = GpuGres.Count(node.Text("gres")),
        });
    }

    private void AddJob(JsonElement job, string where)
    {
        if (Number(job, "job_id") is not { } id)
        {
            Refused.Add($"{where} has no job_id");
            return;
        }

        if (Hosts.Expand(job.Text("nodes")) is not { } nodes)
        {
            Refused.Add($"{where}.nodes: '{Excerpt.Of(job.Text("nodes"))}' {HostNames.Refusal}");
            return;
        }

        Jobs.Add(new SlurmJob((long)id, job.Text("name"))
        {
            States = States(job, "job_state"),
            Nodes = nodes,
            Gpus = [.. job.Items("gres_detail").Select(detail => GpuGres.Indices(detail.ToString()))],
            User = job.Text("user_name"),
            Partition = job.Text("partition"),
            Started = Time(job, "start_time"),
            Restarts = (long)(Number(job, "restart_cnt") ?? 0),
        });
    }

#pragma warning disable CA1308 // states are compared in lower case; the generations differ
    private static List<string> States(JsonElement element, string name) => element.Get(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(state => state.ToString().ToLowerInvariant())],
        { ValueKind: JsonValueKind.String } text => [.. text.ToString().ToLowerInvariant().Split('+', StringSplitOptions.RemoveEmptyEntries)],
        _ => [],
    };
#pragma warning restore CA1308

    private static double? Number(JsonElement element, string name)
    {
        var value = element.Get(name);
        if (value.ValueKind == JsonValueKind.Object)
            return value.Text("set") == "true" && value.Text("infinite") != "true" ? value.Number("number") : null;
        if (value.ValueKind == JsonValueKind.String)
            return double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
        return element.Number(name);
    }

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        Number(element, name) is > 0 and < 253_402_300_799 and var seconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
}
