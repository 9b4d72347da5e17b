namespace Observability.Model;

/// <summary>What became of an intent. It is journaled and then handed to the stage that intended it.</summary>
public sealed record StepOutcome(StepIntent Intent, StepResult Result, string Detail, DateTimeOffset At);
