namespace Observability.Collectors;

/// <summary>
/// Trees of <c>/sys/class/infiniband</c> within a recording: hundreds of small files that mean something together only. The folder that
/// holds the devices names the node, unless a label <c>node</c> is attached.
/// </summary>
internal static class RdmaTreeCapture
{
    /// <summary>What every file of a tree is read as.</summary>
    public const string Kind = "rdma-sysfs";

    private static readonly string[] Nameless = ["sys", "class", "infiniband", "fixtures"];

    /// <summary>Reads the trees among the files of a recording; the account of a tree stands with its first file.</summary>
    public static Dictionary<string, RecordedFile> Read(string folder, IEnumerable<string> names, RecordedOptions options, List<RecordedItem> items)
    {
        var reports = new Dictionary<string, RecordedFile>(StringComparer.Ordinal);
        foreach (var tree in names.GroupBy(RdmaReader.RootOf, StringComparer.Ordinal).Where(tree => tree.Key is not null))
        {
            var files = tree.ToList();

            // A file named fw_ver alone makes no tree.
            if (!files.Exists(name => name.Contains("/ports/", StringComparison.Ordinal)))
                continue;
            var digest = new CaptureDigest(items);
            ReadTree(folder, tree.Key!, files, options, digest);
            foreach (var name in files)
                reports[name] = new RecordedFile(name, Kind) { Lines = 1 };
            reports[files[0]] = digest.Report(files[0], Kind) with { Lines = 1 };
        }

        return reports;
    }

    private static void ReadTree(string folder, string root, List<string> names, RecordedOptions options, CaptureDigest digest)
    {
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var name in names)
        {
            try
            {
                texts.Add(new(name[root.Length..], File.ReadAllText(Path.Combine(folder, name))));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                digest.Refuse($"{name}: {fault.Message}");
            }
        }

        var at = options.Start ?? new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, names[0])), TimeSpan.Zero);
        var node = options.TargetLabels["node"] is { Length: > 0 } stated
            ? stated
            : root.Split('/').LastOrDefault(part => part.Length > 0 && !Nameless.Contains(part))?.Split('.')[0] ?? "";
        var samples = new RdmaSamples(node, at);
        samples.Add(RdmaReader.Read(texts).Values);
        digest.AppendByMoment(root, samples.Samples);
        digest.Apply(samples.Topology);
    }
}
