namespace Observability.Model;

/// <summary>Answers a question of the platform. The latest answer counts, so that one that was wrong is given again.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="Answer">Whether its alert was worth waking someone.</param>
public sealed record AnswerQuestion(string QuestionId, LabelAnswer Answer) : Command;
