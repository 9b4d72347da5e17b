namespace Observability.Collectors;

/// <summary>JSON of <c>dcgmi diag</c>, <c>health</c> or <c>nvlink</c>; the file's name is the node, unless a label <c>node</c> is attached.</summary>
internal sealed class DcgmiCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "dcgmi";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".json" or ".txt" or ".out"
        && (file.Head.IndexOf("\"DCGM Diagnostic\""u8) >= 0 || file.Head.IndexOf("\"DCGM GPU Diagnostic\""u8) >= 0
            || Names(file.Head) || Names(file.Tail))
        && file.Head.IndexOf("\"$schema\""u8) < 0;

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var reading = DcgmiReader.Read(file.Text);
        var samples = new DcgmiSamples(file.Node, file.At);
        samples.Add(reading);
        digest.Lines = reading.Findings.Count + reading.LinkErrors.Count;
        digest.AppendByMoment(file.Name, samples.Samples);
        foreach (var found in samples.Events)
            digest.Publish(found);
        foreach (var reason in reading.Refused)
            digest.Refuse(reason);
    }

    // The keys come in the order of the alphabet: the header that names the report stands last.
    private static bool Names(ReadOnlySpan<byte> part) =>
        part.IndexOf("\"NVLINK Error Counts\""u8) >= 0 || part.IndexOf("\"Health Monitor Report\""u8) >= 0;
}
