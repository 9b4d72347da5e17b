namespace Observability.Collectors;

/// <summary>Dumps of flight recorders, one folder a job: <c>JOB/rank3.json</c>. What they say together comes when all were read.</summary>
internal sealed class FlightRecorderCapture : IFolderCapture
{
    private readonly SortedDictionary<string, (DateTimeOffset At, List<FlightRecorderDump> Dumps)> _folders = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Kind => "flight-recorder";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => FlightRecorderFolder.LooksLike(file.Name, file.Bytes);

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        if (FlightRecorderReader.Read(file.Bytes, file.Name, out var error) is not { } dump)
        {
            digest.SkippedBecause = error;
            return;
        }

        digest.Lines = dump.Entries.Length + dump.Progress.Length;
        foreach (var reason in dump.Refused)
            digest.Refuse(reason);
        var folder = Path.GetDirectoryName(file.Name) ?? "";
        if (!_folders.TryGetValue(folder, out var known))
            _folders[folder] = known = (file.At, []);
        known.Dumps.Add(dump);
    }

    /// <inheritdoc/>
    public void Finish(CaptureDigest digest)
    {
        foreach (var (folder, (at, dumps)) in _folders)
        {
            var job = Path.GetFileName(folder) is { Length: > 0 } name ? name : "job";
            foreach (var read in FlightRecorderEvents.Of(job, FlightRecorderAnalysis.Analyse(dumps), FlightRecorderEvents.TimeOf(dumps) ?? at))
                digest.Publish(read);
        }
    }
}
