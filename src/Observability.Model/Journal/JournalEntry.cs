using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>
/// One transition right of the hinge. Inputs (alert transitions, commands, topology, outcomes) rebuild every stage's
/// state; the others are the audit trail and fence effects.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(EngineStarted), "engine_started")]
[JsonDerivedType(typeof(AlertChanged), "alert_changed")]
[JsonDerivedType(typeof(TopologyChanged), "topology_changed")]
[JsonDerivedType(typeof(CommandAccepted), "command_accepted")]
[JsonDerivedType(typeof(IncidentChanged), "incident_changed")]
[JsonDerivedType(typeof(BudgetBurned), "budget_burned")]
[JsonDerivedType(typeof(BudgetCharged), "budget_charged")]
[JsonDerivedType(typeof(ExecutionChanged), "execution_changed")]
[JsonDerivedType(typeof(StepIntended), "step_intended")]
[JsonDerivedType(typeof(StepCompleted), "step_completed")]
[JsonDerivedType(typeof(HoldChanged), "hold_changed")]
[JsonDerivedType(typeof(NotificationQueued), "notification_queued")]
[JsonDerivedType(typeof(NotificationAttempted), "notification_attempted")]
[JsonDerivedType(typeof(StandingChanged), "standing_changed")]
[JsonDerivedType(typeof(QuestionAsked), "question_asked")]
[JsonDerivedType(typeof(ModelTrained), "model_trained")]
public abstract record JournalEntry;
