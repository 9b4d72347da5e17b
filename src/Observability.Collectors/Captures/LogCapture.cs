using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Kernel and training lines, mixed as they may be; the owner is the node or the job. A training line without a time of its own happened
/// when the last one before it did that has one.
/// </summary>
internal sealed partial class LogCapture : ICaptureReader
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
        var kernel = new KernelLogReader(file.Node, digest, options);
        var training = new TrainingLogReader(new LogSource(LogKind.Training, file.Name, file.Owner), digest, digest, options);
        var (number, at) = (0, file.At);
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
                at = Read(line.TrimEnd('\r'), at, kernel, training);
        }

        kernel.Read("", file.At);
        training.Flush();
    }

    // Gives the time that the line tells, or the one given. 2026-03-01T12:00:01.000Z in front is what `kubectl logs --timestamps` adds.
    private static DateTimeOffset Read(string line, DateTimeOffset at, KernelLogReader kernel, TrainingLogReader training)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        if (end is >= 20 and <= 30 && line[end - 1] == 'Z' && TimeOf(line.AsSpan(0, end)) is { } added)
            (line, at) = (line[(end + 1)..], added);
        else if (FrameworkTime().Match(line) is { Success: true } told && TimeOf(told.Groups["time"].Value.Replace(',', '.')) is { } printed)
            at = printed;
        else if (NcclLines.TimeOf(line, at, TimeSpan.Zero) is { } watchdog)
            at = watchdog;

        if (!kernel.Read(line, at))
            training.Read(line, at);
        return at;
    }

    private static DateTimeOffset? TimeOf(ReadOnlySpan<char> text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // [2026-08-22 10:11:12.123456] of Megatron-LM, [2026-08-22 10:11:12,123] of DeepSpeed, [rank0]:[titan] 2026-08-22 10:11:12,123 of
    // torchtitan; none names a zone, and UTC is assumed.
    [GeneratedRegex(@"^(?:\[\w+\]:?\s?|\d+:\s|\s)*\[?(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)", RegexOptions.CultureInvariant)]
    private static partial Regex FrameworkTime();
}
