using System.Globalization;

namespace Observability.Collectors;

/// <summary>Kernel and training lines, mixed as they may be; the owner is the node or the job.</summary>
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
        // In a recording nothing is stale and nothing is ahead: its own times are the clock.
        var options = new TailOptions { StaleAfter = TimeSpan.FromDays(40_000), MaxAhead = TimeSpan.FromDays(4_000), FoldWindow = TimeSpan.Zero };
        var kernel = new KernelLogReader(file.Owner, digest, options);
        var training = new TrainingLogReader(new LogSource(LogKind.Training, file.Name, file.Owner), digest, null, options);
        var number = 0;
        foreach (var line in file.Text.Split('\n'))
        {
            number++;
            if (line.Length == 0)
            {
                // An empty line ends a record of the journal's export form.
                kernel.Read("", file.At);
                continue;
            }

            digest.Lines++;
            if (line.Length > options.LineBytes)
                digest.Refuse($"line {number}: {line.Length} characters are more than the limit of {options.LineBytes}");
            else
                Read(line.TrimEnd('\r'), file.At, kernel, training);
        }

        kernel.Read("", file.At);
    }

    // 2026-03-01T12:00:01.000Z [rank3]: Traceback …: what `kubectl logs --timestamps` puts in front, for lines that tell no time themselves.
    private static void Read(string line, DateTimeOffset at, KernelLogReader kernel, TrainingLogReader training)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        if (end is >= 20 and <= 30 && line[end - 1] == 'Z' && DateTimeOffset.TryParse(
            line.AsSpan(0, end), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stated))
        {
            (line, at) = (line[(end + 1)..], stated);
        }

        if (!kernel.Read(line, at))
            training.Read(line, at);
    }
}
