namespace Observability.Collectors;

/// <summary>
/// Reads a folder of recorded telemetry. Each file goes to the first reader that knows its kind; whatever no reader knows is reported
/// as skipped. The same folder gives the same items in the same order.
/// <code>
/// scrape/dcgm/node-000.prom     labels job="dcgm", node="node-000", as a scrape would attach them
/// kmsg/node-000.log             the file's name is the node, or the job of a training log
/// </code>
/// </summary>
public static class RecordedTelemetry
{
    // In the order in which they are asked: the particular before the general.
    private static readonly ICaptureReader[] Readers =
    [
        new TopologyCapture(),
        new OtlpCapture(),
        new NvidiaSmiCapture(),
        new DcgmiCapture(),
        new IbFabricCapture(),
        new EthtoolCapture(),
        new RocmSmiCapture(),
        new AscendFaultTableCapture(),
        new ClusterTopologyCapture(),
        new ExpositionCapture(),
        new LogCapture(),
    ];

    /// <summary>Reads every file below a folder.</summary>
    public static RecordedReading Read(string folder, RecordedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var items = new List<RecordedItem>();
        var files = new List<RecordedFile>();
        var paths = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/'))).ToList();
        var trees = RdmaTreeCapture.Read(folder, paths.Take(options.FileLimit).Select(file => file.Name), options, items);
        foreach (var (path, name) in paths)
        {
            files.Add(trees.TryGetValue(name, out var ofTree) ? ofTree : files.Count >= options.FileLimit
                ? RecordedFile.Skipped(name, $"more than {options.FileLimit} files")
                : ReadFile(new FileInfo(path), name, options, items));
        }

        // A stable sort: what shares a time keeps the order of files and lines.
        return new RecordedReading([.. items.OrderBy(item => item.At)], files);
    }

    private static RecordedFile ReadFile(FileInfo file, string name, RecordedOptions options, List<RecordedItem> items)
    {
        if (file.Length > options.FileLimitBytes)
            return RecordedFile.Skipped(name, $"{file.Length} bytes are more than the limit of {options.FileLimitBytes}");
        try
        {
            var at = options.Start ?? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
            var capture = new CaptureFile(name, File.ReadAllBytes(file.FullName), at, options.TargetLabels);
            if (Readers.FirstOrDefault(reader => reader.Recognises(capture)) is not { } reader)
                return RecordedFile.Skipped(name, "no kind of capture that is known here: neither its name nor how it begins tells what it is");
            var digest = new CaptureDigest(items);
            reader.Read(capture, digest);
            return digest.Report(name, reader.Kind);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return RecordedFile.Skipped(name, fault.Message);
        }
    }
}
