using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What dcgmi found on a node, as samples and events. Health watches go by dcgm-exporter's <c>DCGM_EXP_GPU_HEALTH_STATUS</c>; results
/// of tests are <c>dcgm_diag_test_status{node,gpu,category,test}</c>: 0 passed, 10 warned, 20 failed. A skipped test gives nothing.
/// </summary>
internal sealed class DcgmiSamples(string node, DateTimeOffset at)
{
    private readonly List<SeriesSample> _samples = [];
    private readonly List<TelemetryEvent> _events = [];

    /// <summary>Every sample.</summary>
    public IReadOnlyList<SeriesSample> Samples => _samples;

    /// <summary>Warnings and failures.</summary>
    public IReadOnlyList<TelemetryEvent> Events => _events;

    public void Add(DcgmiReading reading)
    {
        foreach (var finding in reading.Findings)
        {
            Put(finding.IsHealth ? HealthOf(finding) : TestOf(finding), finding.Status);
            // The overall word repeats what a watch says.
            if (finding.Status > 0 && (finding.Name != "ALL" || reading.Findings.Count == 1))
                Publish(finding);
        }

        foreach (var (gpu, link, kind, count) in reading.LinkErrors)
        {
            var metric = kind switch
            {
                "CRC FLIT Error" => "CRC_FLIT",
                "CRC Data Error" => "CRC_DATA",
                "Replay Error" => "REPLAY",
                "Recovery Error" => "RECOVERY",
                _ => "",
            };
            if (metric.Length > 0)
                Put(LabelSet.Of(("__name__", $"DCGM_FI_DEV_NVLINK_{metric}_ERROR_COUNT_TOTAL"), ("node", node), ("Hostname", node), ("gpu", gpu), ("nvlink", link)), count);
        }
    }

    private LabelSet HealthOf(DcgmiFinding finding) => LabelSet.Of(
        ("__name__", "DCGM_EXP_GPU_HEALTH_STATUS"), ("node", node), ("Hostname", node), ("gpu", finding.Gpu),
        ("health_watch", WatchOf(finding.Name)),
        ("health_error_code", finding.Messages.Select(message => DcgmErrors.CodeOf(message.ErrorId, message.Text, "")).FirstOrDefault(code => code.Length > 0) is { } code
            ? code.Replace("dcgm:", "DCGM_FR_", StringComparison.Ordinal)
            : ""));

    private LabelSet TestOf(DcgmiFinding finding) => LabelSet.Of(
        ("__name__", "dcgm_diag_test_status"), ("node", node), ("gpu", finding.Gpu), ("category", finding.Category), ("test", finding.Name));

    private void Publish(DcgmiFinding finding)
    {
        var otherwise = (finding.IsHealth ? "dcgm:health_" : "dcgm:diag_") + (finding.Status >= 20 ? "failure" : "warning");
        foreach (var (errorId, text) in finding.Messages.DefaultIfEmpty((null, $"{finding.Name}: {(finding.Status >= 20 ? "failed" : "warning")}")))
        {
            var code = DcgmErrors.CodeOf(errorId, text, otherwise);
            _events.Add(new TelemetryEvent
            {
                At = at,
                Source = EventSource.Dcgm,
                Code = code,
                Severity = code == DcgmErrors.Configuration ? EventSeverity.Info : finding.Status >= 20 ? EventSeverity.HardwareFatal : EventSeverity.Warning,
                Raw = text.Length > 4_096 ? text[..4_096] : text,
                Labels = LabelSet.Of(("node", node), ("gpu", finding.Gpu)),
                Fields = LabelSet.Of(("message", text.Length > 1_024 ? text[..1_024] : text), ("test", finding.Name), ("category", finding.Category)),
                DedupeKey = $"{code}|{node}|{finding.Gpu}|{finding.Name}",
            });
        }
    }

    // As the exporter spells them: "Memory system" is MEM, "NvSwitch non-fatal" is NVSWITCH_NONFATAL.
    private static string WatchOf(string name)
    {
        var word = name.ToUpperInvariant();
        return word.StartsWith("MEM", StringComparison.Ordinal) ? "MEM"
            : word.StartsWith("NVSWITCH", StringComparison.Ordinal) ? word.Contains("NON", StringComparison.Ordinal) ? "NVSWITCH_NONFATAL" : "NVSWITCH_FATAL"
            : word.Split(' ')[0];
    }

    private void Put(LabelSet labels, double value) => _samples.Add(new SeriesSample(labels, new Sample(at.ToUnixTimeMilliseconds(), value)));
}
