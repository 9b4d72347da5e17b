namespace Observability.Incidents.Tests.Learning;

public sealed class FigureTests
{
    [Fact]
    public void Figures_AreThoseOfTheirFormulas()
    {
        var figures = FigureOf.All([(0.9, true, 1), (0.8, false, 1), (0.1, false, 1), (0.1, true, 1)], digestBelow: 0.15);

        Assert.Equal((4, 0.5), (figures.Examples, figures.Actionable));
        Assert.Equal((0.01 + 0.64 + 0.01 + 0.81) / 4, figures.Brier, 4);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.2) + Math.Log(0.9) + Math.Log(0.1)) / 4, figures.LogLoss, 4);
        // Bins .9: |.9 − 1|, .8: |.8 − 0|, .1: |.1 − .5| twice.
        Assert.Equal((0.1 + 0.8 + (2 * 0.4)) / 4, figures.CalibrationError, 4);
        // Pairs of a real one and noise: .9 beats both, .1 ties one and loses to the other.
        Assert.Equal(2.5 / 4, figures.Auc!.Value, 4);
        Assert.Equal((0.5, 0.5), (figures.ActionableInDigest, figures.NoiseInDigest));
    }

    [Fact]
    public void OneKindOnly_HasNoOrder() => Assert.Null(FigureOf.All([(0.9, true, 1)], 0.15).Auc);

    [Fact]
    public void Weights_CountAsThatManyExamples()
    {
        var heavy = FigureOf.All([(0.9, true, 3), (0.8, false, 1)], 0.15);
        var many = FigureOf.All([(0.9, true, 1), (0.9, true, 1), (0.9, true, 1), (0.8, false, 1)], 0.15);

        Assert.Equal((many.LogLoss, many.Brier, many.CalibrationError, many.Actionable), (heavy.LogLoss, heavy.Brier, heavy.CalibrationError, heavy.Actionable));
    }
}
