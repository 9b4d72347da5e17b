namespace Observability.Collectors;

/// <summary>Output of <c>ethtool -m</c>. Where the text names no device, the folder that holds the file does.</summary>
internal sealed class EthtoolModuleCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "ethtool-module";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file)
    {
        var head = file.Head.TrimStart("\t "u8);
        return head.StartsWith("# ethtool -m "u8) || head.StartsWith("$ ethtool -m "u8) || (head.StartsWith("Identifier "u8) && head.IndexOf(": 0x"u8) is > 0 and < 64);
    }

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var folders = file.Name.Split('/');
        var device = folders.Length > 1 ? folders[^2] : file.Owner;
        var (samples, refused) = EthtoolModuleReader.Read(file.Text, file.TargetLabels["node"], device, file.At);
        digest.Lines = samples.Count + refused.Count;
        digest.AppendByMoment(file.Name, samples);
        foreach (var reason in refused)
            digest.Refuse(reason);
    }
}
