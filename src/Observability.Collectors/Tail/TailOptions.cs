namespace Observability.Collectors;

/// <summary>How logs are followed.</summary>
public sealed class TailOptions
{
    /// <summary>Time between two reads of a log.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one read may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads at the same time.</summary>
    public int Concurrency { get; set; } = 32;

    /// <summary>Most bytes of one file read in one step; the rest follows with the next.</summary>
    public int StepBytes { get; set; } = 1_024 * 1_024;

    /// <summary>Most parts of one log in a step: a log that gains more in an interval is caught up with later.</summary>
    public int PartsPerStep { get; set; } = 32;

    /// <summary>Most bytes of one answer of a log served over HTTP, after decompression.</summary>
    public long BodyLimitBytes { get; set; } = 64L * 1_024 * 1_024;

    /// <summary>Longest line; a longer one is cut and counted.</summary>
    public int LineBytes { get; set; } = 64 * 1_024;

    /// <summary>
    /// Whether a file seen for the first time is read from its beginning. By default it is followed from its end, because
    /// old lines tell of faults that are over; logs served over HTTP are always read whole, their lines carry times.
    /// </summary>
    public bool ReadFromStart { get; set; }

    /// <summary>Lines that happened longer ago are stale: counted, never an event.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Offset from UTC of times that logs write without a zone (syslog, <c>dmesg -T</c>, glog), from -14 to 14 hours.</summary>
    public TimeSpan LogZone { get; set; }

    /// <summary>How far ahead of our clock a time may be before it is set to now and counted.</summary>
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The same fault of the same device within this time is one event.</summary>
    public TimeSpan FoldWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two reads of the list of logs.</summary>
    public TimeSpan ListInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most logs followed; further ones are refused.</summary>
    public int LogLimit { get; set; } = 50_000;

    /// <summary>True where of the progress in training logs only number and duration of steps become samples, since the job tells the rest elsewhere.</summary>
    public bool StepsOnly { get; init; }
}
