namespace Observability.Collectors;

/// <summary>The fleet's shape as <c>collect.topology</c> reads it: <c>topology.json</c>.</summary>
internal sealed class TopologyCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "topology";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => Path.GetFileName(file.Name) == "topology.json";

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var (content, errors) = TopologyDocument.Read(file.Bytes, file.Name, DateTimeOffset.UnixEpoch);
        digest.Lines = content.Entities.Length + content.Edges.Length;
        if (errors.IsEmpty)
        {
            digest.Apply(content with { At = file.At });
            return;
        }

        // A shape with holes would put faults in the wrong place: all of it or nothing.
        foreach (var error in errors)
            digest.Refuse(error);
        digest.Refuse("nothing of a topology with errors is taken", digest.Lines - Math.Min(digest.Lines, errors.Length));
    }
}
