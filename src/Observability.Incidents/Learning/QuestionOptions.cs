namespace Observability.Incidents;

/// <summary>How often, and about what, the on-call is asked.</summary>
public sealed class QuestionOptions
{
    /// <summary>Most questions within 24 hours; 0 asks nothing.</summary>
    public int PerDay { get; set; } = 3;

    /// <summary>Least time between two questions: an on-call in the middle of an incident is not examined.</summary>
    public TimeSpan Gap { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Least time between two questions about the same rule, on whichever entity: to whoever is asked it is the same question.</summary>
    public TimeSpan RuleGap { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long after an alert fired it may be asked about: who remembers last week?</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// Least uncertainty 4·p·(1−p), 0 to 1, that is worth a question: .36 is a probability between .1 and .9, outside of which an answer hardly
    /// moves the model.
    /// </summary>
    public double LeastUncertainty { get; set; } = 0.36;
}
