namespace Observability.Collectors;

/// <summary>An error file of torchelastic; the job is the folder it is in.</summary>
internal sealed class ElasticErrorCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "torchelastic-error";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".json" && ElasticErrorFile.Recognises(file.Head);

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var job = Path.GetFileName(Path.GetDirectoryName(file.Name)) is { Length: > 0 } folder ? folder : file.Owner;
        if (ElasticErrorFile.Read(file.Bytes, (job, file.TargetLabels["node"]), file.At, out var error) is { } read)
            digest.Publish(read);
        else
            digest.SkippedBecause = error;
        digest.Lines = 1;
    }
}
