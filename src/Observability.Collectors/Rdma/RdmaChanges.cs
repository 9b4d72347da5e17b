using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Turns two readings of a node's adapters into events: a port that went down or came up, a rate or width that fell or came back, a link
/// that was down between two reads, an adapter that is gone. The first reading of a port tells nothing: many ports are down for good.
/// </summary>
internal sealed class RdmaChanges(string node, IEventSink sink)
{
    private const double Active = 4;
    private const int MissingAfter = 3;

    private readonly Dictionary<(string Device, string Port), Seen> _ports = [];
    private readonly Dictionary<string, int> _missing = new(StringComparer.Ordinal);

    private sealed record Seen(double? State, double? Rate, double? Lanes, double? Downed)
    {
        public double BestRate { get; init; }

        public double BestLanes { get; init; }
    }

    public void See(IReadOnlyDictionary<string, RdmaDevice> devices, DateTimeOffset at)
    {
        foreach (var device in devices.Values)
        {
            if (_missing.Remove(device.Name, out var missed) && missed >= MissingAfter)
                Tell("rdma:device_back", EventSeverity.Info, device.Name, "", "the adapter is listed again", at);
            foreach (var (port, fields) in device.Ports)
                See(device.Name, port, fields, at);
        }

        // The driver takes a device away for a moment when it resets it: only several reads in a row count.
        foreach (var name in _ports.Keys.Select(key => key.Device).Distinct().Where(name => !devices.ContainsKey(name)).ToList())
        {
            _missing[name] = _missing.GetValueOrDefault(name) + 1;
            if (_missing[name] == MissingAfter)
                Tell("rdma:device_gone", EventSeverity.HardwareFatal, name, "", $"the adapter was missing in {MissingAfter} reads", at);
        }
    }

    private void See(string device, string port, Dictionary<string, string> fields, DateTimeOffset at)
    {
        var rate = RdmaReader.Rate(fields.GetValueOrDefault("rate", ""));
        var now = new Seen(
            RdmaReader.State(fields.GetValueOrDefault("state", "")), rate?.BitsPerSecond, rate?.Lanes, RdmaReader.Counter(fields.GetValueOrDefault("counters/link_downed", "")));
        if (!_ports.TryGetValue((device, port), out var before))
        {
            _ports[(device, port)] = Best(now, null);
            return;
        }

        _ports[(device, port)] = Best(now, before);
        if (before.State is { } was && now.State is { } state && was != state && (was == Active || state == Active))
        {
            Tell(
                state == Active ? "rdma:port_up" : "rdma:port_down", state == Active ? EventSeverity.Info : EventSeverity.Warning, device, port,
                $"state: {fields.GetValueOrDefault("state", "")}, phys_state: {fields.GetValueOrDefault("phys_state", "")}", at);
        }
        else if (CounterStep.Of(before.Downed, now.Downed) is > 0 and var times)
        {
            // Down and up again between two reads: only the counter tells.
            Tell("rdma:link_flap", EventSeverity.Warning, device, port, $"link_downed grew by {Text(times)} to {Text(now.Downed)}", at);
        }

        // A port without a link shows the lowest rate: only what it does while it is active counts.
        if (now.State == Active)
        {
            Compare("rdma:rate", before.Rate, now.Rate, before.BestRate, device, port, fields, at);
            Compare("rdma:width", before.Lanes, now.Lanes, before.BestLanes, device, port, fields, at);
        }
    }

    private void Compare(string code, double? before, double? now, double best, string device, string port, Dictionary<string, string> fields, DateTimeOffset at)
    {
        if (now is not { } value || before is not { } was || value == was)
            return;
        var dropped = value < best;
        if (dropped && value > was)
            return;
        Tell(
            code + (dropped ? "_dropped" : "_restored"), dropped ? EventSeverity.HardwareDegraded : EventSeverity.Info, device, port,
            $"rate: {fields.GetValueOrDefault("rate", "")}, before {Text(was)}, at best {Text(best)}", at);
    }

    private static Seen Best(Seen now, Seen? before)
    {
        var active = now.State == Active;
        return now with
        {
            Rate = active ? now.Rate : before?.Rate,
            Lanes = active ? now.Lanes : before?.Lanes,
            Downed = now.Downed ?? before?.Downed,
            State = now.State ?? before?.State,
            BestRate = Math.Max(before?.BestRate ?? 0, active ? now.Rate ?? 0 : 0),
            BestLanes = Math.Max(before?.BestLanes ?? 0, active ? now.Lanes ?? 0 : 0),
        };
    }

    private void Tell(string code, EventSeverity severity, string device, string port, string words, DateTimeOffset at)
    {
        CollectorsMetrics.Events("rdma");
        sink.Publish(new TelemetryEvent
        {
            At = at,
            Source = EventSource.InfiniBand,
            Code = code,
            Severity = severity,
            Raw = $"{node}/{device} port {port}: {words}",
            Labels = LabelSet.Of(("node", node), ("device", device), ("port", port)),
            Fields = LabelSet.Of(("message", words)),
            DedupeKey = $"{code}|{node}|{device}|{port}|{at.ToUnixTimeMilliseconds()}",
        });
    }

    private static string Text(double? value) => value is { } known ? known.ToString("0.###", CultureInfo.InvariantCulture) : "unknown";
}
