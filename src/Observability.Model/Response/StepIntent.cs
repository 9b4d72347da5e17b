namespace Observability.Model;

/// <summary>The platform is about to do something outside. It is journaled before the effect, under the leader's epoch.</summary>
/// <param name="ExecutionId">The run.</param>
/// <param name="StepId">The step.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Action">Which action.</param>
/// <param name="Target">What it applies to.</param>
/// <param name="Parameters">Its parameters, templates filled in.</param>
/// <param name="At">When it was intended.</param>
public sealed record StepIntent(
    string ExecutionId, string StepId, int Attempt, string Action, EntityId Target, LabelSet Parameters, DateTimeOffset At)
{
    /// <summary>Identity of the operation: the same intent is never carried out twice.</summary>
    public string OperationId => $"{ExecutionId}/{StepId}/{Attempt}";

    /// <summary>Longest time the attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
}
