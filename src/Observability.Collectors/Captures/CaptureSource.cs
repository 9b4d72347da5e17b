namespace Observability.Collectors;

/// <summary>Something of this node that gives captures while it runs: a command, or files that appear.</summary>
public sealed class CaptureSource
{
    /// <summary>
    /// The file name its output is read under: extension and content tell the kind, and what stands before the first dot is the job where
    /// the kind is about a job. Files are read under their own names.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>Program and arguments; empty where files are read.</summary>
    public IReadOnlyList<string> Command { get; set; } = [];

    /// <summary>Files to read when they appear or change, <c>*</c> standing for anything: <c>/var/log/jobs/*/error.json</c>; empty where a command is run.</summary>
    public string Files { get; set; } = "";

    /// <summary>The node it speaks for.</summary>
    public string Node { get; set; } = "";

    /// <summary>Time between two runs or looks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a run may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest output or file.</summary>
    public int LimitBytes { get; set; } = 32 * 1_024 * 1_024;

    /// <summary>A bad state that lasts is told again after this time, so that its alert does not end.</summary>
    public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromMinutes(10);
}
