using System.Collections.Concurrent;
using System.Threading.Channels;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// The one bounded queue in front of the pipeline. Changes of the topology overtake everything else: alerts are located when they are admitted,
/// so those that were pushed before the fleet's shape was read must wait behind it.
/// </summary>
public sealed class PipelineInlet(int capacity)
{
    // A change of the topology is told once only, so it must not be refused because alerts storm.
    private const int ShapeLimit = 100_000;

    private readonly ConcurrentQueue<TopologyChange> _shapes = new();
    private readonly Channel<PipelineInput> _queue = Channel.CreateBounded<PipelineInput>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>Inputs that wait.</summary>
    public int Depth => _queue.Reader.Count + _shapes.Count;

    /// <summary>Queues an input; false, and counted, where the queue is full. The sender must repeat or answer 503.</summary>
    public bool TryPost(PipelineInput input)
    {
        if (_queue.Writer.TryWrite(input))
            return true;
        Refuse(input.GetType().Name);
        return false;
    }

    /// <summary>Queues an input, waiting for room: for senders that must not lose it.</summary>
    public ValueTask PostAsync(PipelineInput input, CancellationToken cancellationToken) =>
        _queue.Writer.WriteAsync(input, cancellationToken);

    /// <summary>Queues a change of the fleet's shape.</summary>
    public void Reshape(TopologyChange change)
    {
        if (_shapes.Count < ShapeLimit)
            _shapes.Enqueue(change);
        else
            Refuse(nameof(TopologyChange));
    }

    internal bool TryTakeShape(out TopologyChange change) => _shapes.TryDequeue(out change!);

    internal bool TryTake(out PipelineInput input) => _queue.Reader.TryRead(out input!);

    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _queue.Reader.WaitToReadAsync(cancellationToken);

    private static void Refuse(string input) => ServerMetrics.InletRefused.Add(1, new KeyValuePair<string, object?>("input", input));
}
