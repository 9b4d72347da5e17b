using System.Text;

namespace Observability.Collectors;

/// <summary>What Slurm's commands print with <c>--json</c> and for people, and slurmrestd's answers.</summary>
internal sealed class SlurmCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "slurm";

    // Slurm writes what tells them apart anywhere in the document.
    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".json"
        ? SlurmReader.Recognises(file.Bytes)
        : file.Extension is ".txt" or ".out" or ".log" or ".csv" && SlurmText.Recognises(Encoding.UTF8.GetString(file.Head));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var reader = new SlurmReader();
        if (file.Extension != ".json")
            digest.Lines = SlurmText.Read(file.Bytes, reader);
        else if (JsonValues.Read(file.Bytes, reader.Read) is { Length: > 0 } fault)
            digest.Refuse(fault);
        if (file.Extension == ".json")
            digest.Lines = reader.Nodes.Count + reader.Jobs.Count + reader.Statistics.Count + reader.Refused.Count;
        foreach (var reason in reader.Refused)
            digest.Refuse(reason);
        var shape = SlurmTopology.Of(reader.Nodes, reader.Jobs, file.At);
        if (!shape.Entities.IsEmpty)
            digest.Apply(shape);
        var samples = SlurmSignals.Samples(reader, file.At).ToList();
        if (samples.Count > 0)
            digest.AppendByMoment(file.Name, samples);
    }
}
