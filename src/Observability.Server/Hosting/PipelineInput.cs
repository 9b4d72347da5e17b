using Observability.Model;

namespace Observability.Server;

/// <summary>What can enter the pipeline. All of it is journaled before a stage sees it.</summary>
public abstract record PipelineInput
{
    private PipelineInput()
    {
    }

    /// <summary>An alert was raised, repeated or ended; deduplication decides whether that is news.</summary>
    public sealed record Alerted(Alert Alert) : PipelineInput;

    /// <summary>A handler accepted a command.</summary>
    public sealed record Commanded(Command Command) : PipelineInput;

    /// <summary>An effect ended.</summary>
    public sealed record Completed(StepOutcome Outcome) : PipelineInput;

    /// <summary>A budget was used.</summary>
    public sealed record Burned(BudgetBurn Burn) : PipelineInput;

    /// <summary>The on-call is asked.</summary>
    public sealed record Asked(Question Question) : PipelineInput;

    /// <summary>A training ended.</summary>
    public sealed record Trained(ModelTraining Training) : PipelineInput;

    /// <summary>The outbox tried to deliver.</summary>
    public sealed record Attempted(NotificationDelivery Delivery) : PipelineInput;
}
