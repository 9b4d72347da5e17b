using System.IO.Compression;

namespace Observability.Collectors;

/// <summary>
/// Reads a folder of recorded telemetry. Each file goes to the first reader that knows its kind; whatever no reader knows is reported
/// as skipped. The same folder gives the same items in the same order. A file that ends in <c>.gz</c> is what it holds.
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
        new RdmaCapture(),
        new NvidiaSmiCapture(),
        new DcgmiCapture(),
        new IbFabricCapture(),
        new EthtoolCapture(),
        new EthtoolModuleCapture(),
        new RocmSmiCapture(),
        new AscendFaultTableCapture(),
        new ClusterTopologyCapture(),
        new ChangesCapture(),
        new OtlpEventsCapture(),
        new ExpositionCapture(),
        new LogTableCapture(),
        new LogCapture(),
    ];

    /// <summary>The reader that knows a file's kind; null where none does.</summary>
    internal static ICaptureReader? ReaderOf(CaptureFile file) => Array.Find(Readers(), reader => reader.Recognises(file));

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
            files.Add(options.Closed.Any(closed => name == closed || (closed.EndsWith('/') && name.StartsWith(closed, StringComparison.Ordinal)))
                ? RecordedFile.Skipped(name, "is not to be opened")
                : files.Count >= options.FileLimit ? RecordedFile.Skipped(name, $"more than {options.FileLimit} files")
                : ReadFile(new FileInfo(path), name, options, (readers, items)));
        }

        foreach (var reader in readers.OfType<IFolderCapture>())
            reader.Finish(new CaptureDigest(items));

        // A stable sort: what shares a time keeps the order of files and lines.
        var (right, corrected) = RecordedClocks.SetRight(items);
        return new RecordedReading([.. right.OrderBy(item => item.At)], files) { Corrected = corrected };
    }

    private static RecordedFile ReadFile(FileInfo file, string name, RecordedOptions options, (ICaptureReader[] Readers, List<RecordedItem> Items) recording)
    {
        if (file.Length > options.FileLimitBytes)
            return RecordedFile.Skipped(name, $"{file.Length} bytes are more than the limit of {options.FileLimitBytes}");
        try
        {
            var at = options.Start ?? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
            if (BytesOf(file, options.FileLimitBytes) is not { } bytes)
                return RecordedFile.Skipped(name, $"more than the limit of {options.FileLimitBytes} bytes once it is unpacked");
            var capture = new CaptureFile(file.Extension == ".gz" ? name[..^3] : name, bytes, at, options.TargetLabels);
            if (recording.Readers.FirstOrDefault(reader => reader.Recognises(capture)) is not { } reader)
                return RecordedFile.Skipped(name, "no kind of capture that is known here: neither its name nor how it begins tells what it is");
            var digest = new CaptureDigest(recording.Items);
            reader.Read(capture, digest);
            return digest.Report(name, reader.Kind);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return RecordedFile.Skipped(name, fault.Message);
        }
    }

    // All of a file, unpacked where it is packed; null where that is more than the limit. A small file may unpack to a huge one.
    private static byte[]? BytesOf(FileInfo file, long limit)
    {
        if (file.Extension != ".gz")
            return File.ReadAllBytes(file.FullName);
        using var packed = new GZipStream(file.OpenRead(), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var part = new byte[64 * 1_024];
        for (var read = packed.Read(part); read > 0; read = packed.Read(part))
        {
            if (unpacked.Length + read > limit)
                return null;
            unpacked.Write(part, 0, read);
        }

        return unpacked.ToArray();
    }
}
