using System.Text;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads a folder of recorded telemetry: <c>*.prom</c> and <c>*.metrics</c> (exposition), <c>*.log</c> and <c>*.txt</c>
/// (kernel and training lines, or exposition), <c>*.json</c> with resourceMetrics (OTLP), <c>topology.json</c>. Whatever else
/// lies there is reported as skipped. The same folder gives the same items in the same order.
/// <code>
/// scrape/dcgm/node-000.prom     labels job="dcgm", node="node-000", as a scrape would attach them
/// kmsg/node-000.log             the file's name is the node, or the job of a training log
/// </code>
/// </summary>
public static class RecordedTelemetry
{
    private const int ReasonsKept = 5;

    /// <summary>Reads every file below a folder.</summary>
    public static RecordedReading Read(string folder, RecordedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var items = new List<RecordedItem>();
        var files = new List<RecordedFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path);
            files.Add(files.Count >= options.FileLimit
                ? Skipped(name, $"more than {options.FileLimit} files")
                : ReadFile(path, name, options, items));
        }

        // A stable sort: what shares a time keeps the order of files and lines.
        return new RecordedReading([.. items.OrderBy(item => item.At)], files);
    }

    private static RecordedFile ReadFile(string path, string name, RecordedOptions options, List<RecordedItem> items)
    {
        var file = new FileInfo(path);
        if (Path.GetExtension(path) is not (".prom" or ".metrics" or ".log" or ".txt" or ".json"))
            return Skipped(name, "its extension is none of .prom .metrics .log .txt .json");
        if (file.Length > options.FileLimitBytes)
            return Skipped(name, $"{file.Length} bytes are more than the limit of {options.FileLimitBytes}");
        try
        {
            var bytes = File.ReadAllBytes(path);
            var at = options.Start ?? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
            return Path.GetExtension(path) switch
            {
                ".json" when file.Name == "topology.json" => ReadTopology(bytes, name, at, items),
                ".json" => ReadOtlp(bytes, name, at, items),
                ".prom" or ".metrics" => ReadExposition(bytes, name, at, (options, items)),
                _ => IsExposition(bytes) ? ReadExposition(bytes, name, at, (options, items)) : ReadLog(bytes, name, at, items),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Skipped(name, fault.Message);
        }
    }

    private static RecordedFile Skipped(string name, string why) => new(name, "skipped") { Reasons = [why] };

    private static bool IsExposition(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("# HELP "u8) || bytes.StartsWith("# TYPE "u8)
        || bytes[..Math.Min(bytes.Length, 4_096)].IndexOf("\n# TYPE "u8) >= 0;

    private static RecordedFile ReadExposition(
        byte[] bytes, string name, DateTimeOffset at, (RecordedOptions Options, List<RecordedItem> Items) recording)
    {
        var samples = new List<SeriesSample>();
        var format = bytes.AsSpan().TrimEnd("\r\n "u8).EndsWith("# EOF"u8) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        var target = TargetOf(name, recording.Options.TargetLabels);
        var cache = new SeriesCache(labels =>
        {
            var shape = DcgmSpelling.Shape(labels);
            return shape with { Labels = ScrapeLabels.Attach(shape.Labels, target) };
        });
        var settings = new ReadSettings(format, at.ToUnixTimeMilliseconds(), HonorTimestamps: true);
        var result = new ExpositionReader(cache).Read(bytes, settings, samples);
        foreach (var moment in samples.GroupBy(sample => sample.Sample.UnixMilliseconds))
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(moment.Key, 0, 253_402_300_799_999));
            recording.Items.Add(new RecordedItem(time, new SampleBatch(name, time, [.. moment]), null));
        }

        return new RecordedFile(name, "exposition")
        {
            Lines = result.Lines,
            Samples = samples.Count,
            Refused = result.RefusedCount,
            Reasons = [.. result.Refused.Take(ReasonsKept).Select(line => line.ToString())],
        };
    }

    // scrape/JOB/NODE.prom, or NODE.PART.prom where a recording is cut into parts.
    private static LabelSet TargetOf(string name, LabelSet otherwise) =>
        name.Split('/', '\\') is [.., "scrape", var job, var file]
            ? LabelSet.Of(("job", job), ("node", file.Split('.')[0]), ("instance", file.Split('.')[0]))
            : otherwise;

    private static RecordedFile ReadTopology(byte[] bytes, string name, DateTimeOffset at, List<RecordedItem> items)
    {
        var (content, errors) = TopologyDocument.Read(bytes, name, DateTimeOffset.UnixEpoch);
        var read = new RecordedFile(name, "topology") { Lines = content.Entities.Length + content.Edges.Length };
        if (!errors.IsEmpty)
            return read with { Refused = read.Lines, Reasons = [.. errors.Take(ReasonsKept)] };
        items.Add(new RecordedItem(at, null, null, content));
        return read;
    }

    private static RecordedFile ReadLog(byte[] bytes, string name, DateTimeOffset at, List<RecordedItem> items)
    {
        var sink = new RecordingSink(items);
        // In a recording nothing is stale and nothing is ahead: its own times are the clock.
        var options = new TailOptions { StaleAfter = TimeSpan.FromDays(40_000), MaxAhead = TimeSpan.FromDays(4_000), FoldWindow = TimeSpan.Zero };
        var owner = Path.GetFileName(name).Split('.')[0];
        var kernel = new KernelLogReader(owner, sink, options);
        var training = new TrainingLogReader(new LogSource(LogKind.Training, name, owner), sink, null, options);
        long lines = 0, unclear = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            if (line.Length == 0)
                continue;
            lines++;
            if (line.Length > options.LineBytes)
                unclear++;
            else if (!kernel.Read(line.TrimEnd('\r'), at))
                training.Read(line.TrimEnd('\r'), at);
        }

        return new RecordedFile(name, "log")
        {
            Lines = lines,
            Events = sink.Events,
            Refused = unclear,
            Reasons = unclear > 0 ? [$"{unclear} lines are longer than {options.LineBytes} characters"] : [],
        };
    }

    private static RecordedFile ReadOtlp(byte[] bytes, string name, DateTimeOffset at, List<RecordedItem> items)
    {
        try
        {
            if (OtlpJson.Read(bytes) is not { Count: > 0 } metrics)
                return Skipped(name, "it holds no resourceMetrics");
            var translation = new OtlpTranslation(at, new OtlpOptions { MaxAhead = TimeSpan.FromDays(4_000) }, new OtlpDeltas());
            foreach (var metric in metrics)
                translation.Add(metric);
            foreach (var moment in translation.Samples.GroupBy(sample => sample.Sample.UnixMilliseconds))
            {
                var time = DateTimeOffset.FromUnixTimeMilliseconds(moment.Key);
                items.Add(new RecordedItem(time, new SampleBatch(name, time, [.. moment]), null));
            }

            return new RecordedFile(name, "otlp")
            {
                Lines = translation.Accepted + translation.Rejected,
                Samples = translation.Samples.Count,
                Refused = translation.Rejected,
                Reasons = translation.Message.Length > 0 ? [translation.Message] : [],
            };
        }
        catch (JsonException fault)
        {
            return Skipped(name, $"not JSON: {fault.Message}");
        }
    }
}
