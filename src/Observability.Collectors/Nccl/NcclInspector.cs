using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// One collective as NCCL's Inspector plugin writes it, under the names that the plugin's own exposition uses.
/// <code>{"header":{"id":"0x7f8c496ae9f661","rank":2,"n_ranks":8,"nnodes":1},"metadata":{"dump_timestamp_us":1748030377748202,"hostname":"node-7","pid":1639453},"coll_perf":{"coll":"AllReduce","coll_sn":1407,"coll_msg_size_bytes":17179869184,"coll_exec_time_us":61974,"coll_algobw_gbs":277.2,"coll_busbw_gbs":485.1}}</code>
/// </summary>
internal static class NcclInspector
{
    /// <summary>True where a value is one.</summary>
    public static bool Recognises(JsonElement value) => value.Get("coll_perf").ValueKind == JsonValueKind.Object;

    /// <summary>Samples of bus bandwidth (GB/s) and duration (µs); none where the record lacks them.</summary>
    public static IEnumerable<SeriesSample> Samples(JsonElement value, DateTimeOffset now)
    {
        var (header, metadata, collective) = (value.Get("header"), value.Get("metadata"), value.Get("coll_perf"));
        var at = metadata.Number("dump_timestamp_us") is > 0 and < 9e18 and var stated ? (long)(stated / 1_000) : now.ToUnixTimeMilliseconds();
        var labels = LabelSet.Of(
            ("node", metadata.Text("hostname")), ("rank", header.Text("rank")), ("comm_id", header.Text("id")),
            ("nranks", header.Text("n_ranks")), ("n_nodes", header.Text("nnodes")), ("collective", collective.Text("coll")));
        foreach (var (name, field) in ((string, string)[])[
            ("nccl_bus_bandwidth_gbs", "coll_busbw_gbs"), ("nccl_collective_exec_time_microseconds", "coll_exec_time_us")])
        {
            if (collective.Number(field) is { } number)
                yield return new SeriesSample(labels.With(LabelSet.MetricNameLabel, name), new Sample(at, number));
        }
    }
}
