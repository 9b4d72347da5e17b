namespace Observability.Model;

/// <summary>A question as readers see it.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The latest answer; null while it is open.</param>
/// <param name="AnsweredBy">Who gave it.</param>
/// <param name="AnsweredAt">When.</param>
public sealed record QuestionView(Question Question, LabelAnswer? Answer = null, string AnsweredBy = "", DateTimeOffset? AnsweredAt = null);
