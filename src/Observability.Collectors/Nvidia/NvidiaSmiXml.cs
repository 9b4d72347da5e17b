using System.Globalization;
using System.Xml;

namespace Observability.Collectors;

/// <summary>
/// The XML of <c>nvidia-smi -q -x</c>, document types v11 to v13 or none. It is read as a stream: a document that breaks off still gives
/// the GPUs before the break.
/// <code>
/// &lt;gpu id="00000000:01:00.0"&gt;&lt;product_name&gt;NVIDIA H100&lt;/product_name&gt;…&lt;temperature&gt;&lt;gpu_temp&gt;27 C&lt;/gpu_temp&gt;…
/// </code>
/// </summary>
internal static class NvidiaSmiXml
{
    private const int GpuLimit = 256;
    private const int PartitionLimit = 64;
    private const int DepthLimit = 16;

    private static readonly XmlReaderSettings Settings = new()
    {
        // The document names its DTD; nothing is ever loaded for it.
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        CheckCharacters = false,
        MaxCharactersInDocument = 256L * 1_024 * 1_024,
    };

    public static void Read(string text, List<NvidiaSmiGpu> gpus, List<string> refused)
    {
        var start = text.IndexOf("<?xml", StringComparison.Ordinal);
        if (start < 0)
            start = text.IndexOf('<', StringComparison.Ordinal);
        using var reader = XmlReader.Create(new StringReader(text[Math.Max(0, start)..]), Settings);
        try
        {
            ReadDocument(reader, gpus, refused);
        }
        catch (XmlException fault)
        {
            refused.Add($"line {fault.LineNumber}: not well-formed XML after {gpus.Count} GPUs: {fault.Message}");
        }
    }

    private static void ReadDocument(XmlReader reader, List<NvidiaSmiGpu> gpus, List<string> refused)
    {
        var driver = "";
        var attached = "";
        DateTimeOffset? at = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 1)
                continue;
            switch (reader.Name)
            {
                case "timestamp":
                    at = Time(Inner(reader));
                    break;
                case "driver_version":
                    driver = Inner(reader);
                    break;
                case "attached_gpus":
                    attached = Inner(reader);
                    break;
                case "gpu" when gpus.Count >= GpuLimit:
                    refused.Add($"more than {GpuLimit} GPUs");
                    return;
                case "gpu":
                    var gpu = new NvidiaSmiGpu(gpus.Count) { At = at };
                    gpu.Fields["driver_version"] = driver;
                    gpu.Fields["count"] = attached;
                    if (reader.GetAttribute("id") is { } address)
                        gpu.Fields["pci.bus_id"] = address;
                    ReadGpu(reader, gpu);
                    gpus.Add(gpu);
                    break;
            }
        }
    }

    // Text of an element without children; anything else reads as empty.
    private static string Inner(XmlReader reader)
    {
        if (reader.IsEmptyElement || !reader.Read() || reader.NodeType != XmlNodeType.Text)
            return "";
        return reader.Value.Trim();
    }

    private static void ReadGpu(XmlReader reader, NvidiaSmiGpu gpu)
    {
        if (reader.IsEmptyElement)
            return;
        var top = reader.Depth;
        var path = new List<string>();
        while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == top))
        {
            if (reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement)
            {
                path.RemoveRange(Math.Min(path.Count, reader.Depth - top - 1), Math.Max(0, path.Count - (reader.Depth - top - 1)));
                path.Add(reader.Name);
                if (reader.Name == "mig_device" && gpu.Partitions.Count < PartitionLimit)
                    gpu.Partitions.Add(new(StringComparer.Ordinal));
            }
            else if (reader.NodeType == XmlNodeType.Text && path.Count is > 0 and <= DepthLimit)
            {
                Take(path, reader.Value.Trim(), gpu);
            }
        }
    }

    private static void Take(List<string> path, string value, NvidiaSmiGpu gpu)
    {
        if (path[0] == "mig_devices")
        {
            if (path.Count > 2 && gpu.Partitions.Count > 0)
                gpu.Partitions[^1].TryAdd(string.Join('/', path.Skip(2)), value);
            return;
        }

        if (NvidiaSmiPaths.Column(string.Join('/', path)) is { } column)
            gpu.Fields[column] = value;
    }

    // Fri Aug  4 11:44:30 2023
    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParseExact(
        text, "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var at)
        ? at
        : null;
}
