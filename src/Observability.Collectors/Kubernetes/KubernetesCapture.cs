namespace Observability.Collectors;

/// <summary>Nodes, pods and jobs as <c>kubectl get -o json</c> prints them.</summary>
internal sealed class KubernetesCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "kubernetes";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".json" && KubernetesReader.Recognises(file.Head);

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var reader = new KubernetesReader();
        if (JsonValues.Read(file.Bytes, reader.Read) is { Length: > 0 } fault)
            digest.Refuse(fault);
        digest.Lines = reader.Nodes.Count + reader.Pods.Count + reader.Jobs.Count + reader.Refused.Count;
        foreach (var reason in reader.Refused)
            digest.Refuse(reason);
        var jobs = GangJob.Of(reader.Jobs, reader.Pods);
        var shape = KubernetesTopology.Of(reader.Nodes, reader.Pods, jobs, [], file.At);
        if (!shape.Entities.IsEmpty)
            digest.Apply(shape);
        var samples = KubernetesSignals.Samples(reader.Nodes, file.At).Concat(KubernetesJobSignals.Samples(jobs, file.At)).ToList();
        if (samples.Count > 0)
            digest.AppendByMoment(file.Name, samples);
    }
}
