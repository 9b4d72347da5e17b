using Observability.Model;

namespace Observability.Collectors;

/// <summary>State of nodes and scheduler as series, and what changed between two looks as events.</summary>
internal static class SlurmSignals
{
    private static readonly string[] Bad = ["down", "drain", "fail", "not_responding", "error", "invalid_reg"];

    private static readonly string[] Lost = ["node_fail", "boot_fail"];

    /// <summary><c>slurm_node_state{node,state}</c> = 1 for each state and flag, <c>slurm_node_gpus</c>, and <c>slurm_sdiag_*</c> as sdiag names them.</summary>
    public static IEnumerable<SeriesSample> Samples(SlurmReader read, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        foreach (var node in read.Nodes)
        {
            foreach (var state in node.States)
                yield return new SeriesSample(LabelSet.Of((LabelSet.MetricNameLabel, "slurm_node_state"), ("node", node.Name), ("state", state)), new Sample(time, 1));
            yield return new SeriesSample(LabelSet.Of((LabelSet.MetricNameLabel, "slurm_node_gpus"), ("node", node.Name)), new Sample(time, node.Gpus));
        }

        foreach (var (name, number) in read.Statistics)
            yield return new SeriesSample(LabelSet.Of((LabelSet.MetricNameLabel, "slurm_sdiag_" + name)), new Sample(time, number));
    }

    /// <summary>What changed of a node: it became bad, or it restarted.</summary>
    public static IEnumerable<TelemetryEvent> Changes(SlurmNode before, SlurmNode after, DateTimeOffset at)
    {
        var where = LabelSet.Of(("node", after.Name));
        foreach (var state in after.States.Intersect(Bad).Except(before.States))
            yield return Event(EventSource.Slurm, $"slurm:node_{state}", where, at, $"{after.Name} is {string.Join('+', after.States)}: {after.Reason}");
        if (before.Booted is { } then && after.Booted is { } now && now - then > TimeSpan.FromMinutes(1))
            yield return Event(EventSource.Change, "change:reboot", where, now, $"{after.Name} booted at {now:O}, before at {then:O}");
    }

    /// <summary>What changed of a job: its node failed, or it was started again.</summary>
    public static IEnumerable<TelemetryEvent> Changes(SlurmJob before, SlurmJob after, DateTimeOffset at)
    {
        var where = LabelSet.Of(("job_name", after.Name));
        foreach (var state in after.States.Intersect(Lost).Except(before.States))
            yield return Event(EventSource.Slurm, $"slurm:job_{state}", where, at, $"job {after.Id} {after.Name} on {string.Join(',', after.Nodes.Take(16))}");
        if (after.Restarts > before.Restarts)
            yield return Event(EventSource.Slurm, "slurm:job_requeued", where, at, $"job {after.Id} {after.Name} was started again, {after.Restarts} times by now");
    }

    private static TelemetryEvent Event(EventSource source, string code, LabelSet where, DateTimeOffset at, string text) => new()
    {
        At = at,
        Source = source,
        Code = code,
        Raw = text,
        Severity = EventSeverity.Warning,
        Labels = where,
        DedupeKey = $"{code}|{where}|{at:O}",
    };
}
