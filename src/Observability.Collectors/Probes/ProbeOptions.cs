using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>What is probed from outside.</summary>
public sealed class ProbeOptions
{
    /// <summary>The targets.</summary>
    public ImmutableArray<ProbeTarget> Targets { get; set; } = [];

    /// <summary>Time between two probes of a target.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a probe may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Probes at the same time.</summary>
    public int Concurrency { get; set; } = 32;
}
