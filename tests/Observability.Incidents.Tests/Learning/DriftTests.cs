using Observability.Model;

namespace Observability.Incidents.Tests.Learning;

public sealed class DriftTests
{
    [Fact]
    public void Index_IsTheSumOverBins()
    {
        // 80 zeros and 20 ones against 50 and 50, half an example more in each bin.
        var trained = Distribution.Of([.. Enumerable.Repeat(0.0, 80), .. Enumerable.Repeat(1.0, 20)]);
        var (a, b) = (80.5 / 101, 50.5 / 101);
        var expected = ((b - a) * Math.Log(b / a)) + ((1 - b - (1 - a)) * Math.Log((1 - b) / (1 - a)));

        Assert.Equal(expected, trained.IndexOf([.. Enumerable.Repeat(0.0, 50), .. Enumerable.Repeat(1.0, 50)]), 9);
        Assert.Equal(0, trained.IndexOf([.. Enumerable.Repeat(0.0, 80), .. Enumerable.Repeat(1.0, 20)]), 9);
    }

    [Fact]
    public void WhatNeverVaried_IsSeenToVary()
    {
        var trained = Distribution.Of([.. Enumerable.Repeat(0.0, 200)]);

        Assert.Equal(0, trained.IndexOf([.. Enumerable.Repeat(0.0, 200)]), 9);
        Assert.True(trained.IndexOf([.. Enumerable.Repeat(0.5, 200)]) > ModelDrift.Shifted);
    }

    [Fact]
    public void SameAlerts_DoNotDrift_AndShiftedOnesDo()
    {
        var card = Card(Alerts(new Random(1), 2_000, 0));

        var same = MeasureDrift.Of(card, Data(Alerts(new Random(2), 1_000, 0)));
        var shifted = MeasureDrift.Of(card, Data(Alerts(new Random(2), 1_000, 1)));

        Assert.True(same.Largest < 0.1, $"{same.Largest} by chance alone");
        Assert.True(shifted.Score > ModelDrift.Shifted, $"{shifted.Score}");
        Assert.Equal("rule_rate", shifted.Features[0].Feature);
        Assert.True(shifted.Features[0].Index > ModelDrift.Shifted && shifted.Features.Skip(1).All(feature => feature.Index < 0.1));
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void FewAlerts_AreNotCompared(int alerts, bool isCompared) =>
        Assert.Equal((isCompared, alerts), (MeasureDrift.Of(Card(Alerts(new Random(1), 500, 0)), Data(Alerts(new Random(2), alerts, 0))).Score is not null, alerts));

    [Fact]
    public void TimeOfDay_IsNoDrift()
    {
        var (night, day) = (Alerts(new Random(1), 500, 0), Alerts(new Random(2), 500, 0));
        foreach (var alert in day)
            alert[ActionabilityFeatures.Names.ToList().IndexOf("hour_sin")] = 1;

        Assert.True(MeasureDrift.Of(Card(night), Data(day)).Largest < 0.1);
    }

    [Fact]
    public void Answers_MeasureWhatTheProbabilitiesAreWorth()
    {
        LabelledAlert Answered(double probability, bool truth) =>
            new(new float[ActionabilityFeatures.Count], truth, 1, probability) { IncidentId = "INC-1", FiredAt = Make.At(0), SaidAt = Make.At(0), Thing = ("x", null) };
        LearningData Of(int pairs) => new([.. Enumerable.Range(0, pairs).SelectMany(_ => (LabelledAlert[])[Answered(0.9, true), Answered(0.9, false)])], [], []);

        var drift = MeasureDrift.Of(Card(Alerts(new Random(1), 500, 0)), Of(5));

        Assert.Equal((10, 0.41, 0.4), (drift.Answered, drift.Brier!.Value, drift.CalibrationError!.Value));
        var few = MeasureDrift.Of(Card(Alerts(new Random(1), 500, 0)), Of(4));
        Assert.Equal((8, null, null), (few.Answered, few.Brier, few.CalibrationError));
    }

    private static LearningData Data(float[][] alerts) => new([], [.. alerts], [.. alerts.Select(Score)]);

    private static ModelCard Card(float[][] alerts) => new(ModelShelf.Open("").CardOf(ModelVersion.Shipped)!.Model, ActionabilityFeatures.Names, ModelReference.Of(alerts, [.. alerts.Select(Score)]));

    private static double Score(float[] alert) => 1 / (1 + Math.Exp(-alert[IndexOfRate]));

    private static readonly int IndexOfRate = ActionabilityFeatures.Names.ToList().IndexOf("rule_rate");

    private static float[][] Alerts(Random random, int count, double shift) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var alert = Enumerable.Range(0, ActionabilityFeatures.Count).Select(_ => (float)random.NextDouble()).ToArray();
        alert[IndexOfRate] += (float)shift;
        return alert;
    })];
}
