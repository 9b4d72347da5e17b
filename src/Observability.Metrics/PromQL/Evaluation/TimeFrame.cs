namespace Observability.Metrics;

/// <summary>The time a selector looks at for each step: the step's own, or the fixed one of <c>@</c>, less the offset.</summary>
internal readonly record struct TimeFrame(EvaluationGrid Grid, long? Fixed, long Offset)
{
    public long First => At(0);

    public long Last => At(Grid.Count - 1);

    public long At(int index) => (Fixed ?? Grid.At(index)) - Offset;
}
