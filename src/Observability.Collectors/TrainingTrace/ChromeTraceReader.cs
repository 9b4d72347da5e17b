using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Reads a Chrome trace of a Megatron-LM job: the process is the data-parallel rank, the thread's name holds the other ranks, times are
/// microseconds.
/// <code>
/// {"name":"process_name","ph":"M","pid":3,"args":{"name":"DP rank [3]"}}
/// {"name":"thread_name","ph":"M","pid":3,"tid":80,"args":{"name":"PP rank 1, TP rank 0, compute"}}
/// {"name":"forward-compute","ph":"X","pid":3,"tid":80,"ts":321327.2,"dur":545921.1,"args":{"step":16,"model_chunk":0,"mb_id":0,"seq_id":0}}
/// </code>
/// </summary>
/// <remarks>
/// Metadata may come after the events, and the array may be the whole file or a member <c>traceEvents</c>. Of several tensor-parallel
/// ranks the lowest is taken: they compute in step with each other.
/// </remarks>
public static partial class ChromeTraceReader
{
    private const int OperationLimit = 8_000_000;
    private const long ByteLimit = 2_000_000_000;
    private const int ShownFaults = 20;

    /// <summary>Reads a file, gzipped or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">Why it is no trace, with its place; null where it is one.</param>
    public static TrainingTrace? ReadFile(string path, out string? error)
    {
        using var file = File.OpenRead(path);
        var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream content = zipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                if (bytes.Length + read > ByteLimit)
                {
                    error = $"{path}: holds more than {ByteLimit} bytes; give fewer steps";
                    return null;
                }

                bytes.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException fault)
        {
            error = $"{path}: is not a whole gzip file ({fault.Message})";
            return null;
        }

        return Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), path, out error);
    }

    /// <summary>Reads a trace.</summary>
    /// <param name="json">The text of the trace in UTF-8.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <param name="error">Why it is no trace; null where it is one.</param>
    public static TrainingTrace? Read(ReadOnlySpan<byte> json, string name, out string? error)
    {
        var events = new List<RawEvent>();
        try
        {
            ReadEvents(json, events);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            error = $"{name}: is not a Chrome trace in JSON: {fault.Message}";
            return null;
        }

        var refused = new List<string>();
        var operations = Operations(events, refused);
        error = operations.Length > 0 ? null : $"{name}: holds none of the operations of a training step; it needs events of phase X with a step in their args{(refused.Count > 0 ? $" ({refused[0]})" : "")}";
        return error is null ? new TrainingTrace(operations) { Refused = [.. refused.Take(ShownFaults).Select(fault => $"{name}: {fault}")] } : null;
    }

    private static void ReadEvents(ReadOnlySpan<byte> json, List<RawEvent> events)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            // The events are the objects directly in an array, whether that is the whole text or the member of an object.
            if (reader.TokenType != JsonTokenType.StartObject || reader.CurrentDepth == 0)
                continue;
            if (events.Count >= OperationLimit)
                throw new JsonException($"more than {OperationLimit} events; give fewer steps");
            using var document = JsonDocument.ParseValue(ref reader);
            if (RawEvent.Of(document.RootElement) is { } one)
                events.Add(one);
        }
    }

    private static ImmutableArray<TraceOperation> Operations(List<RawEvent> events, List<string> refused)
    {
        var ranks = new Dictionary<(long Process, long Thread), (int Stage, int Tensor)>();
        var processes = new Dictionary<long, int>();
        foreach (var one in events.Where(one => one.Phase == "M"))
        {
            if (one.Name == "thread_name" && ThreadName().Match(one.Label) is { Success: true } thread)
                ranks[(one.Process, one.Thread)] = (Number(thread.Groups[1]), thread.Groups[2].Success ? Number(thread.Groups[2]) : 0);
            else if (one.Name == "process_name" && ProcessName().Match(one.Label) is { Success: true } process)
                processes[one.Process] = Number(process.Groups[1]);
        }

        var tensor = ranks.Values.Select(rank => rank.Tensor).DefaultIfEmpty(0).Min();
        var operations = ImmutableArray.CreateBuilder<TraceOperation>(events.Count);
        var kinds = new Dictionary<string, (string Type, IReadOnlyList<OperationKind> Kinds)>(StringComparer.Ordinal);
        foreach (var one in events.Where(one => one.Phase == "X"))
        {
            var known = ranks.TryGetValue((one.Process, one.Thread), out var rank);
            if (one.Step is not { } step || (!known && one.Stage is null))
            {
                if (refused.Count < ShownFaults)
                    refused.Add($"event {one.Name} of process {one.Process}, thread {one.Thread}: {(one.Step is null ? "has no step" : "its thread's name tells no PP rank")}");
                continue;
            }

            if (known && rank.Tensor != tensor)
                continue;
            if (!kinds.TryGetValue(one.Name, out var kind))
            {
                var normal = OperationNames.Normal(one.Name);
                kinds[one.Name] = kind = (normal, OperationNames.Kinds(normal));
            }

            var worker = new TraceWorker(processes.GetValueOrDefault(one.Process, (int)one.Process), one.Stage ?? rank.Stage);
            foreach (var part in kind.Kinds)
            {
                operations.Add(new TraceOperation(worker, step, kind.Type, part)
                {
                    Chunk = Math.Max(one.Chunk, 0),
                    Sequence = one.Sequence,
                    Start = one.Start / 1e6,
                    Duration = Math.Max(one.Duration, 0) / 1e6,
                });
            }
        }

        return operations.ToImmutable();
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(?:PP|pipeline)[ _-]*(?:rank|stage)?[ _=\[]*(\d{1,6})(?:.*?\b(?:TP|tensor)[ _-]*(?:rank)?[ _=\[]*(\d{1,6}))?", RegexOptions.IgnoreCase)]
    private static partial Regex ThreadName();

    [GeneratedRegex(@"\b(?:DP|data)[ _-]*(?:rank)?[ _=\[]*(\d{1,6})", RegexOptions.IgnoreCase)]
    private static partial Regex ProcessName();
}
