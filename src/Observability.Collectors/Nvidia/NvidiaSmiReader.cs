using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>Reads what nvidia-smi prints, XML or CSV, whichever it is. Never throws for what the text holds.</summary>
internal static partial class NvidiaSmiReader
{
    private const int RefusedKept = 50;

    /// <summary>Every GPU of the output.</summary>
    public static NvidiaSmiReading Read(string text)
    {
        var gpus = new List<NvidiaSmiGpu>();
        var refused = new List<string>();
        var xml = text.IndexOf("<nvidia_smi_log", StringComparison.Ordinal);
        if (xml >= 0)
            NvidiaSmiXml.Read(text, gpus, refused);
        else
            NvidiaSmiCsv.Read(text, gpus, refused);
        var complaints = Complaint().Matches(xml > 0 ? text[..xml] : xml < 0 ? text : "").Select(match => match.Value.Trim()).Take(RefusedKept).ToArray();
        return new NvidiaSmiReading(gpus, [.. refused.Take(RefusedKept)], complaints);
    }

    [GeneratedRegex(@"^[^\n]*(?:Unable to determine the device handle for (?:GPU|gpu)|NVIDIA-SMI has failed because|No devices were found|Failed to initialize NVML)[^\n]*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Complaint();
}
