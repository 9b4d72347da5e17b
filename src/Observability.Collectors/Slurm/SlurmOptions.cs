namespace Observability.Collectors;

/// <summary>Which slurmrestd is read, and how.</summary>
public sealed class SlurmOptions
{
    /// <summary>URL of slurmrestd; null for none.</summary>
    public Uri? Url { get; set; }

    /// <summary>Version of the API, as in <c>/slurm/v0.0.40/</c>.</summary>
    public string Version { get; set; } = "v0.0.40";

    /// <summary>Who asks: <c>X-SLURM-USER-NAME</c>; empty where slurmrestd knows by itself.</summary>
    public string User { get; set; } = "";

    /// <summary>File that holds the token of <c>scontrol token</c>; read anew each time, because it expires. Empty for none.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Time between two looks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Most bytes of one answer.</summary>
    public long BodyLimitBytes { get; set; } = 256L * 1_024 * 1_024;
}
