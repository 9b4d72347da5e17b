using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Noise;

public sealed class AlertHistoryTests
{
    private readonly AlertHistory _history = new(Fleets.View(4, 8, ("a", 0, 2)));

    [Fact]
    public void Names_AreAsManyAsFeatures()
    {
        Assert.Equal(ActionabilityFeatures.Count, ActionabilityFeatures.Names.Count);
        Assert.Equal(ActionabilityFeatures.Count, ActionabilityFeatures.Names.Distinct().Count());
    }

    [Fact]
    public void Firings_FadeByHalfADay_AndTellTheAlertFromItsRule()
    {
        var (here, elsewhere) = (Make.Throttle(Fleets.Gpu(0, 0), 0), Make.Throttle(Fleets.Gpu(1, 0), 0));
        _history.Remember(here, Make.At(0));
        _history.Remember(here, Make.At(0));

        Assert.Equal([Math.Log(3), Math.Log(3), Math.Log(3), 1], At(here, 0, "rule_rate", "entity_rate", "repeats", "recency"), Same);
        Assert.Equal([Math.Log(3), 0, 0, 0], At(elsewhere, 0, "rule_rate", "entity_rate", "repeats", "recency"), Same);
        Assert.Equal([Math.Log(2), 1.0 / 25], At(here, 86_400, "rule_rate", "recency"), Same);
    }

    [Fact]
    public void Place_SaysHowManyRanksSuffer()
    {
        Assert.Equal([Math.Log(17) / 2, 1], At(Make.Throttle(Fleets.Gpu(0, 0), 0), 0, "job_ranks", "in_job"), Same);
        Assert.Equal([0, 0], At(Make.Throttle(Fleets.Gpu(3, 0), 0), 0, "job_ranks", "in_job"), Same);
        Assert.True(At(Make.Alert(Make.Leaf(0, 0), "SwitchSlow", (FaultClass.LeafFlap, "warning"), 0), 0, "degree")[0] > At(Make.Throttle(Fleets.Gpu(0, 0), 0), 0, "degree")[0]);
    }

    [Fact]
    public void Clock_IsThatOfTheWorld() =>
        // 2026-03-01 is a Sunday, 12:00 UTC at the start.
        Assert.Equal([0, -1, 1, 1, 0, 0], [.. At(Make.StepSlow("a", 0), 0, "hour_sin", "hour_cos", "weekend"), .. At(Make.StepSlow("a", 0), 18 * 3_600, "hour_sin", "hour_cos", "weekend")], Same);

    [Fact]
    public void WhatPeopleSaid_IsShrunkTowardsNothing()
    {
        var alert = Make.Throttle(Fleets.Gpu(0, 0), 0);
        Assert.Equal([0, 0, 0], At(alert, 0, "rule_worth", "rule_answers", "entity_worth"), Same);
        _history.Hear((alert.Name, alert.Entity), wasWorthIt: false, 1, Make.At(0));
        Assert.Equal([-1.0 / 3, Math.Log(2), -1.0 / 3], At(alert, 0, "rule_worth", "rule_answers", "entity_worth"), Same);
        _history.Hear((alert.Name, Fleets.Gpu(1, 0)), wasWorthIt: true, 1, Make.At(0));
        Assert.Equal([0, Math.Log(3), -1.0 / 3], At(alert, 0, "rule_worth", "rule_answers", "entity_worth"), Same);
    }

    [Theory]
    [InlineData("GpuThermalThrottle", "gpu:thermal:throttle")]
    [InlineData("xid:79", "XID 79")]
    [InlineData("Rule-slow_nic-info-symptom", "RuleSlowNicInfoSymptom")]
    public void Name_IsItsWordsHoweverTheyAreJoined(string name, string same) => Assert.Equal(Name(same), Name(name));

    [Fact]
    public void Text_LeavesOutWhatDiffersEachTime()
    {
        Assert.Equal(Text("gpu node hot"), Text("GPU 3 of node-001x is 91C hot"));
        Assert.NotEqual(Text("GPU is hot"), Text("disk is full"));
        Assert.Equal(1, Text("disk is full").Sum(bucket => bucket * bucket), 5);
        Assert.All(Text("42"), bucket => Assert.Equal(0, bucket));
    }

    [Fact]
    public void Counts_PastTheirLimit_ForgetTheOlderHalf()
    {
        var counts = new DecayingCounts<int>(TimeSpan.FromDays(1), capacity: 4);
        for (var key = 0; key < 4; key++)
            counts.Add(key, Make.At(key));
        Assert.Equal(4, counts.Count);

        counts.Add(4, Make.At(4));

        Assert.Equal([false, false, false, true, true], Enumerable.Range(0, 5).Select(key => counts.Last(key) is not null));
    }

    private static float[] Name(string name)
    {
        var buckets = new float[8];
        AlertWords.AddName(name, buckets);
        return buckets;
    }

    private static float[] Text(string text)
    {
        var buckets = new float[8];
        AlertWords.AddText(text, buckets);
        return buckets;
    }

    private static bool Same(double a, double b) => Math.Abs(a - b) < 1e-5;

    private double[] At(Alert alert, double seconds, params string[] names)
    {
        var values = new float[AlertHistory.Names.Length];
        _history.Write(alert, Make.At(seconds), values);
        return [.. names.Select(name => (double)values[Array.IndexOf(AlertHistory.Names, name)])];
    }
}
