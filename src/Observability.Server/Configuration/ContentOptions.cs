using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>Files operators edit.</summary>
public sealed class ContentOptions
{
    /// <summary>Folder of rules, faults and SLOs.</summary>
    [Required]
    public string Rules { get; set; } = "rules";

    /// <summary>Folder of runbooks.</summary>
    [Required]
    public string Runbooks { get; set; } = "runbooks";

    /// <summary>Time between two evaluations of a rule group that does not say otherwise.</summary>
    [Duration("1s", "1h")]
    public TimeSpan EvaluationInterval { get; set; } = TimeSpan.FromSeconds(10);
}
