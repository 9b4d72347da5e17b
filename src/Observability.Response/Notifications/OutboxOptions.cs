using System.Collections.Immutable;

namespace Observability.Response;

/// <summary>How patient the outbox is, and when it folds messages together.</summary>
public sealed class OutboxOptions
{
    /// <summary>Most messages that wait per channel; the oldest is given up for a new one.</summary>
    public int MaximumWaiting { get; set; } = 20_000;

    /// <summary>From so many due messages on that the channel's rate does not carry, they leave as one digest.</summary>
    public int DigestFrom { get; set; } = 5;

    /// <summary>Most messages in one digest.</summary>
    public int MaximumDigest { get; set; } = 200;

    /// <summary>How often the digest leaves: on whole multiples of it, so that one that a restart interrupts leaves when it would have.</summary>
    public TimeSpan DigestEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest time one attempt may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Wait before each attempt, counted from the one before. Standard Webhooks' schedule without its last days: an
    /// incident is over by then. A resolve whose firing was delivered goes on at the last interval until it is taken.
    /// </summary>
    public ImmutableArray<TimeSpan> Retries { get; set; } =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
    ];
}
