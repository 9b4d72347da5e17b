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
    // In the order in which they are asked: the particular before the general. New for each recording: some join files.
    private static ICaptureReader[] Readers() =>
    [
        new FlightRecorderCapture(),
        new NcclCapture(),
        new PerftestCapture(),
        new ElasticErrorCapture(),
        new TopologyCapture(),
        new KubernetesCapture(),
        new SlurmCapture(),
        new OtlpCapture(),
        new OtlpEventsCapture(),
        new ExpositionCapture(),
        new LogCapture(),
    ];

    /// <summary>Reads every file below a folder.</summary>
    public static RecordedReading Read(string folder, RecordedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var items = new List<RecordedItem>();
        var files = new List<RecordedFile>();
        var readers = Readers();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            files.Add(files.Count >= options.FileLimit
                ? RecordedFile.Skipped(name, $"more than {options.FileLimit} files")
                : ReadFile(new FileInfo(path), name, options, (readers, items)));
        }

        foreach (var reader in readers.OfType<IFolderCapture>())
            reader.Finish(new CaptureDigest(items));

        // A stable sort: what shares a time keeps the order of files and lines.
        return new RecordedReading([.. items.OrderBy(item => item.At)], files);
    }

    private static RecordedFile ReadFile(FileInfo file, string name, RecordedOptions options, (ICaptureReader[] Readers, List<RecordedItem> Items) recording)
    {
        if (file.Length > options.FileLimitBytes)
            return RecordedFile.Skipped(name, $"{file.Length} bytes are more than the limit of {options.FileLimitBytes}");
        try
        {
            var at = options.Start ?? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
            var capture = new CaptureFile(name, File.ReadAllBytes(file.FullName), at, options.TargetLabels);
            if (recording.Readers.FirstOrDefault(reader => reader.Recognises(capture)) is not { } reader)
                return RecordedFile.Skipped(name, "no kind of capture that is known here: neither its name nor how it begins tells what it is");
            var digest = new CaptureDigest(recording.Items);
            reader.Read(capture, digest);
            return digest.Report(name, reader.Kind);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return RecordedFile.Skipped(name, fault.Message);
        }
    }
}
