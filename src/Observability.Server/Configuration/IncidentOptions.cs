using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>How alerts become incidents.</summary>
public sealed class IncidentOptions
{
    /// <summary>Path of a root-cause model to use instead of the shipped one.</summary>
    public string RootCauseModel { get; set; } = "";

    /// <summary>What is asked of the on-call.</summary>
    public QuestionSection Questions { get; set; } = new();

    /// <summary>When what they say is learnt.</summary>
    public RetrainSection Retrain { get; set; } = new();

    /// <summary>Inputs that may wait in front of the pipeline.</summary>
    [Range(1_000, 10_000_000)]
    public int InletCapacity { get; set; } = 200_000;
}
