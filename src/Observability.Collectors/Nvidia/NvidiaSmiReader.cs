using System.Text;

namespace Observability.Collectors;

/// <summary>Reads what nvidia-smi prints, XML or CSV, whichever it is. Never throws for what the text holds.</summary>
internal static class NvidiaSmiReader
{
    private const int RefusedKept = 50;

    /// <summary>Every GPU of the output.</summary>
    public static NvidiaSmiReading Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Every GPU of the output, in UTF-8.</summary>
    public static NvidiaSmiReading Read(ReadOnlySpan<byte> text)
    {
        var gpus = new List<NvidiaSmiGpu>();
        var refused = new List<string>();
        var xml = text.IndexOf("<nvidia_smi_log"u8);
        if (xml >= 0)
        {
            // Before it stand a declaration and the document type, or what a tool said first.
            var start = text.IndexOf("<?xml"u8) is >= 0 and var declared && declared < xml ? declared : xml;
            NvidiaSmiXml.Read(text[start..], text[..start].Count((byte)'\n') + 1, gpus, refused);
        }
        else
        {
            NvidiaSmiCsv.Read(text, gpus, refused);
        }

        return new NvidiaSmiReading(gpus, [.. refused.Take(RefusedKept)], Complaints(xml >= 0 ? text[..xml] : text));
    }

    private static string[] Complaints(ReadOnlySpan<byte> text)
    {
        // Nearly always there is none, and that is said fastest of the whole text.
        if (!IsComplaint(text))
            return [];
        var found = new List<string>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (found.Count < RefusedKept && IsComplaint(text[range]))
                found.Add(Encoding.UTF8.GetString(text[range]).Trim());
        }

        return [.. found];
    }

    private static bool IsComplaint(ReadOnlySpan<byte> text) =>
        text.IndexOf("Unable to determine the device handle for GPU"u8) >= 0 || text.IndexOf("Unable to determine the device handle for gpu"u8) >= 0
        || text.IndexOf("NVIDIA-SMI has failed because"u8) >= 0 || text.IndexOf("No devices were found"u8) >= 0 || text.IndexOf("Failed to initialize NVML"u8) >= 0;
}
