using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>What is asked of the on-call, what was learnt from it, and which model is in use.</summary>
public sealed record LearningView
{
    /// <summary>Most questions that are kept; the oldest go first.</summary>
    public const int MaximumQuestions = 500;

    /// <summary>Most trainings that are kept.</summary>
    public const int MaximumTrainings = 50;

    /// <summary>Nothing yet.</summary>
    public static LearningView Empty { get; } = new();

    /// <summary>Questions by identity.</summary>
    public ImmutableSortedDictionary<string, QuestionView> Questions { get; init; } = ImmutableSortedDictionary.Create<string, QuestionView>(StringComparer.Ordinal);

    /// <summary>Version in use.</summary>
    public string InUse { get; init; } = ModelVersion.Shipped;

    /// <summary>Since when; null where it has been from the beginning.</summary>
    public DateTimeOffset? InUseSince { get; init; }

    /// <summary>Who chose it: a person, or <c>schedule</c>.</summary>
    public string InUseBy { get; init; } = "";

    /// <summary>Trainings, the latest first.</summary>
    public ImmutableList<ModelTraining> Trainings { get; init; } = [];

    /// <summary>Versions that can be used, the newest first. Not journaled: they are files.</summary>
    public ImmutableArray<ModelVersion> Versions { get; init; } = [];

    /// <summary>Labelled alerts that a training would learn from.</summary>
    public int Labels { get; init; }

    /// <summary>Those of them that came since the last training.</summary>
    public int NewLabels { get; init; }

    /// <summary>How far the alerts of late are from what the model knows; null before it was measured.</summary>
    public ModelDrift? Drift { get; init; }

    /// <summary>Open questions, the latest first.</summary>
    public IEnumerable<QuestionView> Open => Questions.Values.Where(view => view.Answer is null).Reverse();
}
