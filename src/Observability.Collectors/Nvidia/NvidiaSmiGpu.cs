namespace Observability.Collectors;

/// <summary>One GPU as nvidia-smi tells of it. Fields have the names of <c>--query-gpu</c> columns, whatever the output was.</summary>
/// <param name="Index">Its place in the output, which is nvidia-smi's index where no column states one.</param>
internal sealed record NvidiaSmiGpu(int Index)
{
    /// <summary>Texts by column, as printed: <c>27 C</c>, <c>Not Active</c>, <c>[N/A]</c>.</summary>
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>MIG devices, each with the names of its XML elements: <c>gpu_instance_id</c>, <c>fb_memory_usage/used</c>.</summary>
    public List<Dictionary<string, string>> Partitions { get; } = [];

    /// <summary>When the GPU was asked, where the output says it; without a zone it counts as UTC.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The text of a column, or an empty string.</summary>
    public string this[string column] => Fields.GetValueOrDefault(column, "");

    /// <summary>The UUID; the PCI address where the driver no longer tells the UUID.</summary>
    public string Uuid => NvidiaSmiValue.IsStated(this["uuid"]) ? this["uuid"] : this["pci.bus_id"];
}
