using Observability.Model;

namespace Observability.Console;

/// <summary>What the console reads. The Server implements it; nothing here can change anything.</summary>
public interface IPlatformFeed
{
    /// <summary>The newest snapshot.</summary>
    PlatformSnapshot Current { get; }

    /// <summary>The newest snapshot, then each newer one; a slow reader sees fewer of them, never old ones.</summary>
    IAsyncEnumerable<PlatformSnapshot> WatchAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Evaluates PromQL over a range for a chart. An unusable expression gives a series-less answer with a message.
    /// </summary>
    ValueTask<ChartData> ChartAsync(
        string expression, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellationToken);
}
