using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Output of <c>nvidia-smi -q -x</c> or <c>--query-gpu … --format=csv</c>, alone or within a longer capture of commands. The file's name
/// is the node, unless the recording attaches a label <c>node</c>.
/// </summary>
internal sealed class NvidiaSmiCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "nvidia-smi";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".xml" or ".csv" or ".txt" or ".out" or ".log"
        && (file.Head.IndexOf("<nvidia_smi_log"u8) >= 0
            || file.Head.IndexOf("NVIDIA-SMI version"u8) >= 0
            || (file.Extension is ".csv" or ".txt" or ".out" && NvidiaSmiCsv.Header(FirstLine(file.Head)) is not null));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var node = file.TargetLabels["node"] is { Length: > 0 } stated ? stated : file.Owner;
        var reading = NvidiaSmiReader.Read(file.Text);
        var samples = new NvidiaSmiSamples(node, file.At);
        samples.Add(reading);
        digest.Lines = reading.Gpus.Count + reading.Refused.Count;
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
