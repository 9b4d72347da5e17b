using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Observability.Model;

namespace Observability.Console.Tests;

/// <summary>Snapshots that a test publishes, and charts that it prepares.</summary>
internal sealed class ScriptedFeed(PlatformSnapshot first) : IPlatformFeed
{
    private readonly Lock _gate = new();
    private readonly List<Channel<PlatformSnapshot>> _readers = [];

    public PlatformSnapshot Current { get; private set; } = first;

    public List<(string Expression, DateTimeOffset From, DateTimeOffset To)> Asked { get; } = [];

    public Func<string, ChartData> Chart { get; set; } = _ => new ChartData([], null);

    public NoiseReport Report { get; set; } = new() { To = ConsoleContext.Now };

    public int ReportsAsked { get; private set; }

    public NoiseReport Noise()
    {
        ReportsAsked++;
        return Report;
    }

    public void Publish(PlatformSnapshot snapshot)
    {
        lock (_gate)
        {
            Current = snapshot;
            foreach (var reader in _readers)
                reader.Writer.TryWrite(snapshot);
        }
    }

    public async IAsyncEnumerable<PlatformSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var queue = Channel.CreateBounded<PlatformSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _readers.Add(queue);
            queue.Writer.TryWrite(Current);
        }

        await foreach (var snapshot in queue.Reader.ReadAllAsync(cancellationToken))
            yield return snapshot;
    }

    public ValueTask<ChartData> ChartAsync(string expression, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellationToken)
    {
        lock (_gate)
            Asked.Add((expression, from, to));
        return ValueTask.FromResult(Chart(expression));
    }
}
