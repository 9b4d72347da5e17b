namespace Observability.Model;

/// <summary>One thing that happened, read from a log or announced by a system.</summary>
public sealed record TelemetryEvent
{
    private const int RawLength = 4_096;

    /// <summary>When it happened according to its source, or when it was read where the source gives no time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it was read.</summary>
    public required EventSource Source { get; init; }

    /// <summary>The code in its source's own spelling: <c>xid:79</c>, <c>sxid:20034</c>, <c>mlx5:link_down</c>, <c>nccl:timeout</c>, <c>change:maintenance_start</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The line or document as it was read; beyond 4,096 characters it is cut.</summary>
    public required string Raw { get; init => field = value.Length > RawLength ? value[..RawLength] : value; }

    /// <summary>Severity by the source's own word, before the fault catalogue speaks.</summary>
    public EventSeverity Severity { get; init; } = EventSeverity.Info;

    /// <summary>
    /// What it is about in the labels of its source: <c>node</c>, <c>pci_bus_id</c>, <c>UUID</c>, <c>gpu</c>,
    /// <c>device</c>, <c>job</c>, <c>rank</c>, <c>switch</c>. The topology turns them into an entity.
    /// </summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Fields parsed from the text: <c>pid</c>, <c>name</c>, <c>message</c>, <c>previous_xid</c>.</summary>
    public LabelSet Fields { get; init; } = LabelSet.Empty;

    /// <summary>Identity of the node's boot; stale lines of an earlier boot never fire again.</summary>
    public string BootId { get; init; } = "";

    /// <summary>Events with the same key within the source's window are one event.</summary>
    public string DedupeKey { get; init; } = "";
}
