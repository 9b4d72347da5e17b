using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>A log to follow.</summary>
public sealed class LogOptions
{
    /// <summary>Path of the file.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>The node it belongs to; empty for a training log.</summary>
    public string Node { get; set; } = "";

    /// <summary>The job it belongs to; empty for a kernel log.</summary>
    public string Job { get; set; } = "";
}
