namespace Observability.Collectors;

/// <summary>Output of <c>ethtool -S</c>. Where the text names no device, the folder that holds the file does.</summary>
internal sealed class EthtoolCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "ethtool";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) =>
        file.Head.StartsWith("NIC statistics:"u8) || file.Head.StartsWith("# ethtool -S "u8) || file.Head.StartsWith("$ ethtool -S "u8);

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var folders = file.Name.Split('/');
        var device = folders.Length > 1 ? folders[^2] : file.Owner;
        var (samples, refused) = EthtoolReader.Read(file.Text, file.TargetLabels["node"], device, file.At);
        digest.Lines = samples.Count + refused.Count;
        digest.AppendByMoment(file.Name, samples);
        foreach (var reason in refused)
            digest.Refuse(reason);
    }
}
