namespace Observability.Collectors;

/// <summary>Kernel and training lines; the owner is the node or the job.</summary>
internal sealed class LogCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "log";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".log" or ".txt"
        || file.Head.StartsWith("__CURSOR="u8) || file.Head.StartsWith("__REALTIME_TIMESTAMP="u8);

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var lines = new LogLines(file, digest);
        var number = 0;
        foreach (var line in file.Text.Split('\n'))
            lines.Take(line, ++number);
        lines.End();
    }
}
