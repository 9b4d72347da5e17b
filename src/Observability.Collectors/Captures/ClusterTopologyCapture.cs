namespace Observability.Collectors;

/// <summary>The shape of a cluster as Slurm's <c>topology.conf</c>, a Topograph model or an <c>NCCL_TOPO_FILE</c> tells it.</summary>
internal sealed class ClusterTopologyCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "cluster-topology";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension switch
    {
        ".conf" => file.Head.IndexOf("SwitchName="u8) >= 0 || file.Head.IndexOf("BlockName="u8) >= 0,
        ".yaml" or ".yml" => file.Head.IndexOf("\nswitches:\n"u8) >= 0 && file.Bytes.AsSpan().IndexOf("\nblocks:\n"u8) > 0,
        ".xml" => file.Head.IndexOf("<system version="u8) >= 0 && file.Head.IndexOf("busid="u8) > 0,
        _ => false,
    };

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        if (file.Extension == ".xml")
        {
            var (samples, refused) = NcclTopologyReader.Read(file.Text, file.TargetLabels["node"], file.At);
            digest.Lines = samples.Count + refused.Count;
            digest.AppendByMoment(file.Name, samples);
            refused.ForEach(reason => digest.Refuse(reason));
            return;
        }

        var tree = new SwitchTree(file.Name, file.At);
        if (file.Extension == ".conf")
            SlurmTopologyReader.Read(file.Text, tree);
        else
            ClusterModelReader.Read(file.Text, tree);
        var change = tree.ToChange();
        digest.Lines = change.Entities.Length + tree.Refused.Count;
        if (change.Entities.Length > 0)
            digest.Apply(change);
        tree.Refused.ForEach(reason => digest.Refuse(reason));
    }
}
