using Observability.Model;

namespace Observability.Console;

/// <summary>What the console reads. The Server implements it; nothing here can change anything.</summary>
public interface IPlatformFeed
{
    /// <summary>The newest snapshot.</summary>
    PlatformSnapshot Current { get; }

    /// <summary>The newest snapshot, then each newer one; a slow reader sees fewer of them, never old ones.</summary>
    IAsyncEnumerable<PlatformSnapshot> WatchAsync(CancellationToken cancellationToken);

    /// <summary>What every rule was worth until now. It is worked out when it is asked for; do not ask with every snapshot.</summary>
    NoiseReport Noise();

    /// <summary>
    /// Evaluates PromQL over a range for a chart. An unusable expression gives a series-less answer with a message.
    /// </summary>
    ValueTask<ChartData> ChartAsync(
        string expression, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellationToken);
}
