using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>When the classifier of actionability is trained again from what people said.</summary>
public sealed class RetrainSection
{
    /// <summary>Least time between two trainings; 0 trains only when somebody asks for it.</summary>
    [Duration("0s", "365d")]
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(7);

    /// <summary>New labels that are worth a training.</summary>
    [Range(1, 10_000)]
    public int MinimumLabels { get; set; } = 30;
}
