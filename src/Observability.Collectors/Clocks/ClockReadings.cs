using Observability.Model;

namespace Observability.Collectors;

/// <summary>Hands samples on and learns from scrapes what the nodes' clocks show.</summary>
/// <param name="clocks">Where that is kept.</param>
/// <param name="next">Takes every sample.</param>
public sealed class ClockReadings(NodeClocks clocks, ISampleSink next) : ISampleSink
{
    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.NodeClock is { } told)
            clocks.See(told.Node, batch.At, told.UnixSeconds);
        next.Append(batch);
    }
}
