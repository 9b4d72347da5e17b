namespace Observability.Collectors;

/// <summary>How nvidia-smi of this node is read.</summary>
public sealed class NvidiaSmiOptions
{
    /// <summary>Path of the program, run with <c>-q -x</c>; empty for none.</summary>
    public string Command { get; set; } = "";

    /// <summary>A file that something else keeps writing, read in place of running the program; empty for none.</summary>
    public string File { get; set; } = "";

    /// <summary>The node it speaks for.</summary>
    public string Node { get; set; } = "";

    /// <summary>Time between two runs. The program takes the driver's lock: below 10 s it disturbs.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one run may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Most characters it may print.</summary>
    public int OutputLimit { get; set; } = 32 * 1_024 * 1_024;

    /// <summary>A bad state that lasts is told again after this time, so that its alert does not end.</summary>
    public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromMinutes(10);
}
