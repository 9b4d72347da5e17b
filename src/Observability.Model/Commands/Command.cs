using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>
/// What a person or a system asks for. Console, REST, chat and webhooks build these and hand them to the same handlers;
/// the journal keeps them.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(AcknowledgeIncident), "acknowledge")]
[JsonDerivedType(typeof(AssignIncident), "assign")]
[JsonDerivedType(typeof(AnnotateIncident), "annotate")]
[JsonDerivedType(typeof(CreateSilence), "silence")]
[JsonDerivedType(typeof(ExpireSilence), "unsilence")]
[JsonDerivedType(typeof(ApproveExecution), "approve")]
[JsonDerivedType(typeof(RejectExecution), "reject")]
[JsonDerivedType(typeof(AbortExecution), "abort")]
[JsonDerivedType(typeof(RunRunbook), "run")]
[JsonDerivedType(typeof(ReleaseHold), "release")]
[JsonDerivedType(typeof(ExcludeFromBudget), "exclude")]
[JsonDerivedType(typeof(GiveFeedback), "feedback")]
[JsonDerivedType(typeof(SetStanding), "standing")]
[JsonDerivedType(typeof(JudgeFiring), "judge")]
[JsonDerivedType(typeof(AnswerQuestion), "answer")]
[JsonDerivedType(typeof(UseModel), "use_model")]
[JsonDerivedType(typeof(RetrainModel), "retrain")]
public abstract record Command
{
    /// <summary>Who asks: a user name, <c>api-key:name</c> or <c>slack:U123</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>Which front door it came through: <c>console</c>, <c>rest</c>, <c>slack</c>.</summary>
    public required string Door { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why; empty where the asker gave no reason.</summary>
    public string Reason { get; init; } = "";
}
