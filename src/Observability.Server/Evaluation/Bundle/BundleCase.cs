namespace Observability.Server;

/// <summary>One case of a bundle set: a recorded run of a fleet, or one episode of a labelled set.</summary>
/// <param name="Name">The run's folder, or the episode's id.</param>
/// <param name="Folder">The recorded run's folder; empty for an episode.</param>
/// <param name="Line">The episode's line; empty for a run.</param>
internal sealed record BundleCase(string Name, string Folder, string Line)
{
    private static readonly string[] PartsOfARun = ["scrape", "kmsg", "training", "otlp"];

    /// <summary>
    /// The cases below a folder, or those of one file of episodes, in the order of their names. A folder counts as a recorded run where it
    /// holds <c>bundle.json</c> or one of the folders that a run has; what lies inside belongs to it. Every <c>*.jsonl</c> outside of runs is
    /// read as episodes.
    /// </summary>
    public static IEnumerable<BundleCase> Below(string path)
    {
        if (File.Exists(path))
            return Episodes(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string[] runs = [.. Runs(full)];
        var names = runs.CountBy(run => Path.GetFileName(run), StringComparer.Ordinal).ToDictionary(name => name.Key, name => name.Value, StringComparer.Ordinal);
        return runs.Select(run => new BundleCase(names[Path.GetFileName(run)] == 1 ? Path.GetFileName(run) : Path.GetRelativePath(full, run).Replace('\\', '/'), run, ""))
            .Concat(FilesOutside(full).SelectMany(Episodes));
    }

    private static IEnumerable<string> Runs(string folder)
    {
        if (IsRun(folder))
            return [folder];
        return Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(Runs);
    }

    private static IEnumerable<string> FilesOutside(string folder) => IsRun(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)
            .Concat(Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(FilesOutside));

    private static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, "bundle.json")) || PartsOfARun.Any(part => Directory.Exists(Path.Combine(folder, part)));

    private static IEnumerable<BundleCase> Episodes(string file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return new BundleCase($"{Path.GetFileName(file)}:{number}", "", line);
        }
    }
}
