namespace Observability.Collectors;

/// <summary>One adapter of <c>/sys/class/infiniband</c>: its files by name, as they read.</summary>
internal sealed record RdmaDevice(string Name)
{
    /// <summary>Files of the device: <c>fw_ver</c>, <c>board_id</c>, <c>hca_type</c>, <c>node_guid</c>.</summary>
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Files of each port by its number: <c>state</c>, <c>counters/link_downed</c>, <c>hw_counters/out_of_sequence</c>.</summary>
    public SortedDictionary<string, Dictionary<string, string>> Ports { get; } = new(StringComparer.Ordinal);
}
