using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Output of <c>nvidia-smi -q -x</c>, <c>--query-gpu … --format=csv</c> or <c>nvlink -s</c>, alone or within a longer capture of commands. The file's name
/// is the node, unless the recording attaches a label <c>node</c>.
/// </summary>
internal sealed class NvidiaSmiCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "nvidia-smi";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is not (".json" or ".prom" or ".metrics")
        && (file.Head.IndexOf("<nvidia_smi_log"u8) >= 0
            || file.Head.IndexOf("NVIDIA-SMI version"u8) >= 0
            || (file.Head.IndexOf("Link 0: "u8) > 0 && NvidiaSmiLinks.Begins(file.Head))
            || (file.Extension is ".csv" or ".txt" or ".out" && NvidiaSmiCsv.Header(FirstLine(file.Head)) is not null));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var reading = NvidiaSmiReader.Read(file.Bytes);
        var samples = new NvidiaSmiSamples(file.Node, file.At);
        samples.Add(reading);
        var links = NvidiaSmiLinks.Read(file.Bytes);
        samples.Add(links);
        digest.Lines = reading.Gpus.Count + links.Count + reading.Refused.Count;
        digest.AppendByMoment(file.Name, samples.Samples);
        foreach (var found in samples.Events)
            digest.Publish(found);
        if (reading.Gpus.Count > 0)
            digest.Apply(samples.Topology);
        foreach (var reason in reading.Refused)
            digest.Refuse(reason);
    }

    private static string FirstLine(ReadOnlySpan<byte> head)
    {
        var feed = head.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(feed < 0 ? head : head[..feed]);
    }
}
