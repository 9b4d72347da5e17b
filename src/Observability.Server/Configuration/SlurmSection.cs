using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>The Slurm cluster that is read.</summary>
public sealed class SlurmSection
{
    /// <summary>URL of slurmrestd; empty for none.</summary>
    [HttpUrl]
    public string Url { get; set; } = "";

    /// <summary>Version of its API.</summary>
    [RegularExpression(@"v\d+\.\d+\.\d+", ErrorMessage = "must be a version of slurmrestd's API, for example v0.0.40")]
    public string Version { get; set; } = "v0.0.40";

    /// <summary>Who asks.</summary>
    public string User { get; set; } = "";

    /// <summary>File that holds the token of <c>scontrol token</c>; empty for none.</summary>
    [Secret]
    public string TokenFile { get; set; } = "";
}
