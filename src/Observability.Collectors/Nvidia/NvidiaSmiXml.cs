using System.Globalization;

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
    private const int PathLength = 512;

    /// <summary>Reads the document that begins at the start of the bytes.</summary>
    /// <param name="document">The document; what follows its root is not looked at.</param>
    /// <param name="firstLine">The line of the file on which it begins.</param>
    /// <param name="gpus">Gets every GPU that is whole.</param>
    /// <param name="refused">Gets what was not taken.</param>
    public static void Read(ReadOnlySpan<byte> document, int firstLine, List<NvidiaSmiGpu> gpus, List<string> refused)
    {
        var scan = new XmlScan(document);
        var (driver, attached) = ("", "");
        DateTimeOffset? at = null;
        XmlPart part;
        while ((part = scan.Read()) is not (XmlPart.Done or XmlPart.Broken))
        {
            // Behind the start of a child of the root.
            if (part != XmlPart.Start || scan.Depth != 2)
                continue;
            if (scan.Name.SequenceEqual("timestamp"u8))
                at = Time(Inner(ref scan));
            else if (scan.Name.SequenceEqual("driver_version"u8))
                driver = Inner(ref scan);
            else if (scan.Name.SequenceEqual("attached_gpus"u8))
                attached = Inner(ref scan);
            else if (scan.Name.SequenceEqual("gpu"u8) && gpus.Count >= GpuLimit)
            {
                refused.Add($"more than {GpuLimit} GPUs");
                return;
            }
            else if (scan.Name.SequenceEqual("gpu"u8))
            {
                var gpu = new NvidiaSmiGpu(gpus.Count) { At = at };
                gpu.Fields["driver_version"] = driver;
                gpu.Fields["count"] = attached;
                if (scan.Attribute("id"u8) is { } address)
                    gpu.Fields["pci.bus_id"] = address;
                if (!ReadGpu(ref scan, gpu))
                    break;
                gpus.Add(gpu);
            }
        }

        if (scan.Fault.Length > 0)
            refused.Add($"line {firstLine + scan.Line - 1}: not well-formed XML after {gpus.Count} GPUs: {scan.Fault}");
        else if (scan.Rest.IndexOf("<nvidia_smi_log"u8) >= 0)
            refused.Add($"behind line {firstLine + scan.Line - 1}: a further document; only the first of a file is read");
    }

    // Text of an element without children; anything else reads as empty.
    private static string Inner(ref XmlScan scan) => scan.Read() == XmlPart.Text ? XmlScan.Decode(scan.Value) : "";

    // False where the document breaks off within it.
    private static bool ReadGpu(ref XmlScan scan, NvidiaSmiGpu gpu)
    {
        var path = new PathText(stackalloc char[PathLength], stackalloc int[DepthLimit]);
        var top = scan.Depth;
        XmlPart part;
        while ((part = scan.Read()) is not (XmlPart.Done or XmlPart.Broken))
        {
            switch (part)
            {
                case XmlPart.Start:
                    path.Push(scan.Name);
                    if (scan.Name.SequenceEqual("mig_device"u8) && gpu.Partitions.Count < PartitionLimit)
                        gpu.Partitions.Add(new(StringComparer.Ordinal));
                    break;
                case XmlPart.End when scan.Depth < top:
                    return true;
                case XmlPart.End:
                    path.Pop();
                    break;
                case XmlPart.Text:
                    Take(path.Text, scan.Value, gpu);
                    break;
            }
        }

        return false;
    }

    private static void Take(ReadOnlySpan<char> path, ReadOnlySpan<byte> value, NvidiaSmiGpu gpu)
    {
        if (path.StartsWith("mig_devices/"))
        {
            // Below mig_devices/mig_device/.
            var element = path["mig_devices/".Length..];
            if (element.IndexOf('/') is > 0 and var slash && gpu.Partitions.Count > 0)
                gpu.Partitions[^1].TryAdd(element[(slash + 1)..].ToString(), XmlScan.Decode(value));
        }
        else if (NvidiaSmiPaths.Column(path) is { } column)
        {
            gpu.Fields[column] = XmlScan.Decode(value);
        }
    }

    // Fri Aug  4 11:44:30 2023
    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParseExact(
        text, "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var at)
        ? at
        : null;

    /// <summary>Names of the open elements, joined by slashes. What is too deep or too long is no path of ours and reads as nothing.</summary>
    private ref struct PathText(Span<char> text, Span<int> ends)
    {
        private readonly Span<char> _text = text;
        private readonly Span<int> _ends = ends;
        private int _depth;
        private int _lost;

        public readonly ReadOnlySpan<char> Text => _depth == 0 || _lost > 0 ? [] : _text[.._ends[_depth - 1]];

        public void Push(ReadOnlySpan<byte> name)
        {
            var start = _depth == 0 ? 0 : _ends[_depth - 1] + 1;
            if (_lost > 0 || _depth == _ends.Length || start + name.Length > _text.Length)
            {
                _lost++;
                return;
            }

            if (start > 0)
                _text[start - 1] = '/';
            for (var i = 0; i < name.Length; i++)
                _text[start + i] = (char)name[i];
            _ends[_depth++] = start + name.Length;
        }

        public void Pop()
        {
            if (_lost > 0)
                _lost--;
            else
                _depth--;
        }
    }
}
