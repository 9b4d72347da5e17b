using System.Text;

namespace Observability.Collectors;

/// <summary>Output of <c>ethtool</c>, <c>-S</c>, <c>-i</c> and <c>-a</c>. Where the text names no device, the folder that holds the file does.</summary>
internal sealed class EthtoolCapture : ICaptureReader
{
    private const int LineBytes = 200;

    /// <inheritdoc/>
    public string Kind => "ethtool";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file)
    {
        var head = file.Head;
        var line = Encoding.UTF8.GetString(head[..Math.Min(head.IndexOf((byte)'\n') is >= 0 and var feed ? feed : head.Length, LineBytes)]).Trim();
        return EthtoolReader.Begins(line) is { Section: not EthtoolSection.None }
            || (line.StartsWith("driver: ", StringComparison.Ordinal) && head.IndexOf("\nbus-info: "u8) > 0);
    }

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
