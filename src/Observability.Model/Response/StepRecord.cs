namespace Observability.Model;

/// <summary>A step of an execution with what became of it.</summary>
public sealed record StepRecord(
    RunbookStep Step, StepState State, int Attempt, DateTimeOffset? IntendedAt, DateTimeOffset? CompletedAt, string Detail);
