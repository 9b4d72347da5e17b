namespace Observability.Metrics;

/// <summary>The times an expression is evaluated at, in Unix milliseconds.</summary>
internal readonly record struct EvaluationGrid(long Start, long Step, int Count)
{
    public long End => Start + (Step * (Count - 1));

    public long At(int index) => Start + (Step * index);
}
