namespace Observability.EndToEnd.Tests;

/// <summary>What a simulated series stands for.</summary>
internal enum MetricSource
{
    /// <summary>A GPU of a node.</summary>
    Gpu,

    /// <summary>A network adapter of a node.</summary>
    Nic,

    /// <summary>A scraped target as a whole.</summary>
    Target,

    /// <summary>A training job or one of its ranks.</summary>
    Job,
}
