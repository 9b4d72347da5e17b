using System.Xml;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads an <c>NCCL_TOPO_FILE</c>: which GPU and which adapter of a node hang on the same PCIe switch and processor. It names devices by
/// PCI address only, so it gives series to join with, no entities: <c>nccl_topology_pci_info{node,pci_bus_id,class,numa,switch}</c> and
/// <c>nccl_topology_pci_link_width</c>.
/// <code>
/// &lt;system version="1"&gt;&lt;cpu numaid="0" …&gt;&lt;pci busid="ffff:ff:01.0" class="0x060400" …&gt;&lt;pci busid="0001:00:00.0" class="0x030200" link_width="16"/&gt;
/// </code>
/// </summary>
internal static class NcclTopologyReader
{
    private const int DeviceLimit = 4_096;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = 16L * 1_024 * 1_024 };

    public static (List<SeriesSample> Samples, List<string> Refused) Read(string text, string node, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var refused = new List<string>();
        using var reader = XmlReader.Create(new StringReader(text), Settings);
        try
        {
            var numa = "";
            var path = new Stack<(int Depth, string Address)>();
            while (reader.Read() && samples.Count < DeviceLimit)
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                while (path.Count > 0 && path.Peek().Depth >= reader.Depth)
                    path.Pop();
                if (reader.Name == "cpu")
                    numa = reader.GetAttribute("numaid") ?? "";
                else if (reader.Name == "pci" && reader.GetAttribute("busid") is { Length: > 0 } address)
                    Add(reader, address, numa, path);
            }
        }
        catch (XmlException fault)
        {
            refused.Add($"line {fault.LineNumber}: not well-formed XML: {fault.Message}");
        }

        return (samples, refused);

        void Add(XmlReader element, string address, string numa, Stack<(int Depth, string Address)> path)
        {
            var kind = element.GetAttribute("class") switch
            {
                { } code when code.StartsWith("0x0302", StringComparison.Ordinal) || code.StartsWith("0x0300", StringComparison.Ordinal) => "gpu",
                { } code when code.StartsWith("0x0207", StringComparison.Ordinal) || code.StartsWith("0x0200", StringComparison.Ordinal) => "nic",
                { } code when code.StartsWith("0x0604", StringComparison.Ordinal) => "bridge",
                { } code when code.StartsWith("0x0680", StringComparison.Ordinal) => "nvswitch",
                _ => "other",
            };
            var bus = PciAddress.Normalise(address);
            if (kind != "bridge")
            {
                var labels = LabelSet.Of(
                    ("node", node), ("pci_bus_id", bus), ("class", kind), ("numa", numa), ("switch", path.Count > 0 ? path.Peek().Address : ""));
                Put("nccl_topology_pci_info", 1, labels);
                if (int.TryParse(element.GetAttribute("link_width"), out var width))
                    Put("nccl_topology_pci_link_width", width, labels.Keep("node", "pci_bus_id"));
            }

            if (!element.IsEmptyElement)
                path.Push((element.Depth, bus));
        }

        void Put(string metric, double value, LabelSet labels) =>
            samples.Add(new SeriesSample(labels.With(LabelSet.MetricNameLabel, metric), new Sample(at.ToUnixTimeMilliseconds(), value)));
    }
}
