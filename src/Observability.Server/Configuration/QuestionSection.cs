using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>How the on-call is asked whether an alert was worth waking someone.</summary>
public sealed class QuestionSection
{
    /// <summary>Most questions within 24 hours; 0 asks nothing.</summary>
    [Range(0, 100)]
    public int PerDay { get; set; } = 3;

    /// <summary>Whether they go to the channels of <c>notify</c> too, beside the console.</summary>
    public bool Chat { get; set; } = true;
}
