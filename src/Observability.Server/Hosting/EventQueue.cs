using System.Threading.Channels;
using Observability.Collectors;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Events from every reader, in the order they came, for the alerter that is single-threaded. Full means the oldest go,
/// counted: in a line storm the newest say more.
/// </summary>
internal sealed class EventQueue(int capacity) : IEventSink
{
    private readonly Channel<TelemetryEvent> _queue = Channel.CreateBounded<TelemetryEvent>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest },
        _ => ServerMetrics.EventsDropped.Add(1));

    public void Publish(TelemetryEvent telemetryEvent) => _queue.Writer.TryWrite(telemetryEvent);

    public bool TryTake(out TelemetryEvent telemetryEvent) => _queue.Reader.TryRead(out telemetryEvent!);
}
