namespace Observability.Collectors;

/// <summary>Output of <c>rocm-smi -a --json</c>; the file's name is the node, unless a label <c>node</c> is attached.</summary>
internal sealed class RocmSmiCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "rocm-smi";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) =>
        file.Extension == ".json" && file.Head.IndexOf("\"card0\""u8) is >= 0 and < 64 && file.Head.IndexOf("\"VBIOS version\""u8) > 0;

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var (samples, topology, refused) = RocmSmiReader.Read(file.Text, file.Node, file.At);
        digest.Lines = topology.Edges.Length + refused.Count;
        digest.AppendByMoment(file.Name, samples);
        if (topology.Entities.Length > 0)
            digest.Apply(topology);
        foreach (var reason in refused)
            digest.Refuse(reason);
    }
}
