namespace Observability.Collectors;

/// <summary>
/// Trees of <c>/sys/class/infiniband</c> within a recording: hundreds of small files that mean something together only. The folder that
/// holds the devices names the node, unless a label <c>node</c> is attached.
/// </summary>
internal sealed class RdmaCapture : IFolderCapture
{
    private const int FileBytes = 4_096;

    private static readonly string[] Nameless = ["sys", "class", "infiniband", "fixtures"];

    private readonly SortedDictionary<string, Tree> _trees = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Kind => "rdma-sysfs";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Bytes.Length <= FileBytes && RdmaReader.RootOf(file.Name) is not null;

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var root = RdmaReader.RootOf(file.Name)!;
        if (!_trees.TryGetValue(root, out var tree))
            _trees[root] = tree = new Tree(NodeOf(root, file), file.At);
        tree.Files.Add(new(file.Name[root.Length..], file.Text));
        digest.Lines = 1;
    }

    /// <inheritdoc/>
    public void Finish(CaptureDigest digest)
    {
        foreach (var (root, tree) in _trees)
        {
            var samples = new RdmaSamples(tree.Node, tree.At);
            samples.Add(RdmaReader.Read(tree.Files).Values);
            digest.AppendByMoment(root, samples.Samples);
            digest.Apply(samples.Topology);
        }
    }

    private static string NodeOf(string root, CaptureFile file) => file.TargetLabels["node"] is { Length: > 0 } stated
        ? stated
        : root.Split('/').LastOrDefault(part => part.Length > 0 && !Nameless.Contains(part))?.Split('.')[0] ?? "";

    private sealed record Tree(string Node, DateTimeOffset At)
    {
        public List<KeyValuePair<string, string>> Files { get; } = [];
    }
}
