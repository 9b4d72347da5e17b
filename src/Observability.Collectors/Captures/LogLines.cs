using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Lines of a recorded log, kernel and training mixed as they may be. A training line without a time of its own happened when the last one
/// before it did that has one.
/// </summary>
internal sealed partial class LogLines
{
    // In a recording nothing is stale and nothing is ahead: its own times are the clock.
    private static readonly TailOptions Options = new() { StaleAfter = TimeSpan.FromDays(40_000), MaxAhead = TimeSpan.FromDays(4_000), FoldWindow = TimeSpan.Zero };

    private readonly CaptureFile _file;
    private readonly CaptureDigest _digest;
    private readonly KernelLogReader _kernel;
    private readonly TrainingLogReader _training;
    private DateTimeOffset _at;

    public LogLines(CaptureFile file, CaptureDigest digest, string node = "")
    {
        (_file, _digest, _at) = (file, digest, file.At);
        _kernel = new KernelLogReader(node.Length > 0 ? node : file.Node, digest, Options);
        _training = new TrainingLogReader(new LogSource(LogKind.Training, file.Name, file.Owner), digest, digest, Options);
    }

    /// <summary>Takes a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="number">Its number, for what is refused.</param>
    /// <param name="stated">When it happened, where something beside it says so.</param>
    public void Take(string line, int number, DateTimeOffset? stated = null)
    {
        if (line.Length == 0)
        {
            // An empty line ends a record of the journal's export form.
            _kernel.Read("", _file.At);
            return;
        }

        _digest.Lines++;
        if (line.Length > Options.LineBytes)
            _digest.Refuse($"line {number}: {line.Length} characters are more than the limit of {Options.LineBytes}");
        else
            _at = Read(line.TrimEnd('\r'), stated ?? _at);
    }

    /// <summary>Gives what waits for a next line.</summary>
    public void End()
    {
        _kernel.Read("", _file.At);
        _training.Flush();
    }

    /// <summary>A moment as ISO 8601 writes it, UTC where no zone is named; null where it is none.</summary>
    public static DateTimeOffset? TimeOf(ReadOnlySpan<char> text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // Gives the time that the line tells, or the one given. 2026-03-01T12:00:01.000Z in front is what `kubectl logs --timestamps` adds.
    private DateTimeOffset Read(string line, DateTimeOffset at)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        if (end is >= 20 and <= 30 && line[end - 1] == 'Z' && TimeOf(line.AsSpan(0, end)) is { } added)
            (line, at) = (line[(end + 1)..], added);
        else if (FrameworkTime().Match(line) is { Success: true } told && TimeOf(told.Groups["time"].Value.Replace(',', '.')) is { } printed)
            at = printed;
        else if (NcclLines.TimeOf(line, at, TimeSpan.Zero) is { } watchdog)
            at = watchdog;

        if (!_kernel.Read(line, at))
            _training.Read(line, at);
        return at;
    }

    // [2026-08-22 10:11:12.123456] of Megatron-LM, [2026-08-22 10:11:12,123] of DeepSpeed, [rank0]:[titan] 2026-08-22 10:11:12,123 of
    // torchtitan; none names a zone, and UTC is assumed.
    [GeneratedRegex(@"^(?:\[\w+\]:?\s?|\d+:\s|\s)*\[?(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)", RegexOptions.CultureInvariant)]
    private static partial Regex FrameworkTime();
}
