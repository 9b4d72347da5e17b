using Observability.Model;

namespace Observability.Server;

/// <summary>What readers see of questions, answers and trainings, from the journal.</summary>
internal static class LearningFold
{
    public static LearningView Ask(LearningView before, Question question)
    {
        var questions = before.Questions.SetItem(question.Id, new QuestionView(question));
        while (questions.Count > LearningView.MaximumQuestions)
            questions = questions.Remove(questions.Keys.First());
        return before with { Questions = questions };
    }

    public static LearningView Answer(LearningView before, AnswerQuestion answer) => before.Questions.TryGetValue(answer.QuestionId, out var view)
        ? before with { Questions = before.Questions.SetItem(answer.QuestionId, view with { Answer = answer.Answer, AnsweredBy = answer.Actor, AnsweredAt = answer.At }) }
        : before;

    public static LearningView Train(LearningView before, ModelTraining training)
    {
        var trainings = before.Trainings.Insert(0, training);
        return before with { Trainings = trainings.Count > LearningView.MaximumTrainings ? trainings.RemoveAt(trainings.Count - 1) : trainings };
    }

    public static string Words(LabelAnswer answer) => answer switch
    {
        LabelAnswer.Yes => "worth waking someone",
        LabelAnswer.No => "not worth waking someone",
        _ => "I don't know",
    };
}
