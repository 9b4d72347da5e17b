using System.Threading.Channels;

namespace Observability.Server;

/// <summary>The one bounded queue in front of the pipeline.</summary>
public sealed class PipelineInlet(int capacity)
{
    private readonly Channel<PipelineInput> _queue = Channel.CreateBounded<PipelineInput>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>Inputs that wait.</summary>
    public int Depth => _queue.Reader.Count;

    /// <summary>Queues an input; false, and counted, where the queue is full. The sender must repeat or answer 503.</summary>
    public bool TryPost(PipelineInput input)
    {
        if (_queue.Writer.TryWrite(input))
            return true;
        ServerMetrics.InletRefused.Add(1, new KeyValuePair<string, object?>("input", input.GetType().Name));
        return false;
    }

    /// <summary>Queues an input, waiting for room: for senders that must not lose it.</summary>
    public ValueTask PostAsync(PipelineInput input, CancellationToken cancellationToken) =>
        _queue.Writer.WriteAsync(input, cancellationToken);

    internal bool TryTake(out PipelineInput input) => _queue.Reader.TryRead(out input!);

    internal bool TryPeek(out PipelineInput input) => _queue.Reader.TryPeek(out input!);

    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _queue.Reader.WaitToReadAsync(cancellationToken);
}
