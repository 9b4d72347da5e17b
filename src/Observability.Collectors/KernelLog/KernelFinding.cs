using Observability.Model;

namespace Observability.Collectors;

/// <summary>What a kernel message tells, before node, time and boot are known.</summary>
internal sealed record KernelFinding(EventSource Source, string Code, EventSeverity Severity)
{
    /// <summary>PCI address as <c>dddd:bb:dd.f</c>, or an empty string.</summary>
    public string PciBusId { get; init; } = "";

    /// <summary>RDMA device, or an empty string.</summary>
    public string Device { get; init; } = "";

    /// <summary>Further parts of what was read.</summary>
    public LabelSet Fields { get; init; } = LabelSet.Empty;

    /// <summary>What else, beside code and device, tells two of them apart.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The code of the opposite state, where the event is a change of state.</summary>
    public string Opposite { get; init; } = "";
}
