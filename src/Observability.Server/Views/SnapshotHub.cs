using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Holds the newest snapshot and tells subscribers of newer ones. A subscriber has a queue of one: a slow one skips to
/// the newest, so that it can neither fall behind nor hold anybody up.
/// </summary>
public sealed class SnapshotHub(PlatformSnapshot first)
{
    private readonly Lock _gate = new();
    private readonly List<Channel<PlatformSnapshot>> _subscribers = [];
    private volatile PlatformSnapshot _current = first;

    /// <summary>The newest snapshot.</summary>
    public PlatformSnapshot Current => _current;

    /// <summary>Makes a snapshot the newest.</summary>
    public void Publish(PlatformSnapshot snapshot)
    {
        lock (_gate)
        {
            _current = snapshot;
            foreach (var subscriber in _subscribers)
                subscriber.Writer.TryWrite(snapshot);
        }
    }

    /// <summary>The newest snapshot, then each newer one.</summary>
    public async IAsyncEnumerable<PlatformSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var queue = Channel.CreateBounded<PlatformSnapshot>(new BoundedChannelOptions(1)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
        });
        lock (_gate)
        {
            // Registered before the first read, in one step, so that no change falls between the two.
            _subscribers.Add(queue);
            queue.Writer.TryWrite(_current);
        }

        try
        {
            await foreach (var snapshot in queue.Reader.ReadAllAsync(cancellationToken))
                yield return snapshot;
        }
        finally
        {
            lock (_gate)
                _subscribers.Remove(queue);
        }
    }
}
