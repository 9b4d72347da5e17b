using System.ComponentModel.DataAnnotations;
using Observability.Model;

namespace Observability.Server;

/// <summary>How alerts become incidents.</summary>
public sealed class IncidentOptions
{
    /// <summary>Path of a root-cause model to use instead of the shipped one.</summary>
    public string RootCauseModel { get; set; } = "";

    /// <summary>What an hour of a GPU costs, so that incidents and reports tell money beside GPU hours; 0 tells hours only.</summary>
    [Range(0, 100_000)]
    public double GpuHourPrice { get; set; }

    /// <summary>Its currency, an ISO 4217 code.</summary>
    [RegularExpression("[A-Z]{3}", ErrorMessage = "has to be a code of three capital letters such as USD")]
    public string Currency { get; set; } = "USD";

    /// <summary>Both; null where no price is given.</summary>
    internal GpuHourPrice? Price => GpuHourPrice > 0 ? new GpuHourPrice(GpuHourPrice, Currency) : null;

    /// <summary>What is asked of the on-call.</summary>
    public QuestionSection Questions { get; set; } = new();

    /// <summary>When what they say is learnt.</summary>
    public RetrainSection Retrain { get; set; } = new();

    /// <summary>Inputs that may wait in front of the pipeline.</summary>
    [Range(1_000, 10_000_000)]
    public int InletCapacity { get; set; } = 200_000;
}
