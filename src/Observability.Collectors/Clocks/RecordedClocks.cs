using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What the clocks of a recording's nodes showed, over time. Kernel lines of a recording carry the node's clock; where its node_exporter was
/// recorded too, they are put where they belong by the reading of the clock that was nearest.
/// </summary>
internal sealed class RecordedClocks
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    // By node, in the order of what the node's clock showed.
    private readonly Dictionary<string, List<(double Shown, double Offset)>> _readings = new(StringComparer.Ordinal);

    public static (IReadOnlyList<RecordedItem> Items, int Corrected) SetRight(List<RecordedItem> items)
    {
        var clocks = new RecordedClocks();
        foreach (var item in items)
            clocks.See(item.Samples?.NodeClock, item.At);
        if (clocks._readings.Count == 0)
            return (items, 0);
        foreach (var readings in clocks._readings.Values)
            readings.Sort();
        var corrected = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Event is not { Source: EventSource.Kmsg or EventSource.Mlx5 or EventSource.FabricManager } told || clocks.OffsetAt(told) is not { } offset)
                continue;
            corrected++;
            CollectorsMetrics.Corrected("kernel");
            items[i] = items[i] with { At = told.At - offset, Event = told with { At = told.At - offset } };
        }

        return (items, corrected);
    }

    private void See((string Node, double UnixSeconds)? told, DateTimeOffset at)
    {
        if (told is not { Node.Length: > 0 } clock || NodeClocks.OffsetOf(clock.UnixSeconds, at) is not { } offset)
            return;
        if (!_readings.TryGetValue(clock.Node, out var readings))
            _readings[clock.Node] = readings = [];
        readings.Add((clock.UnixSeconds, offset.TotalSeconds));
    }

    private TimeSpan? OffsetAt(TelemetryEvent told)
    {
        if (!_readings.TryGetValue(told.Labels["node"], out var readings))
            return null;
        var shown = told.At.ToUnixTimeMilliseconds() / 1_000.0;
        var next = readings.BinarySearch((shown, double.NegativeInfinity));
        next = next < 0 ? ~next : next;
        var nearest = next == 0 ? readings[0]
            : next == readings.Count ? readings[^1]
            : readings[next].Shown - shown < shown - readings[next - 1].Shown ? readings[next] : readings[next - 1];
        var offset = TimeSpan.FromSeconds(nearest.Offset);
        return offset.Duration() > Tolerance ? offset : null;
    }
}
