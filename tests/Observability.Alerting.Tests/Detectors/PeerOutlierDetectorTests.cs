using System.Globalization;
using Observability.Metrics;
using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class PeerOutlierDetectorTests
{
    private const string Compute = "train_rank_compute_seconds";
    private const string Clock = "DCGM_FI_DEV_SM_CLOCK";

    private readonly ScriptedEngine _engine = new();
    private readonly RecordingOutput _output = new();
    private readonly PeerOutlierDetector _detector;
    private double _second;
    private double _step;

    public PeerOutlierDetectorTests() =>
        _detector = new PeerOutlierDetector(_engine, _output, new PeerOutlierOptions(), Quiet<PeerOutlierDetector>());

    [Fact]
    public async Task SameRank_SlowThreeTimes_IsNamedWithItsPeersAndEndsAfterThreeGoodRuns()
    {
        await RunAsync(Times(8, slow: 3));
        await RunAsync(Times(8, slow: 3));
        Assert.Empty(_output.Alerts);
        await RunAsync(Times(8, slow: 3));
        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(
            Labels(
                ("alertname", "RankStraggler"), ("job_name", "llm"), ("rank", "3"), ("node", "node-000"), ("gpu", "3"), ("UUID", "GPU-3"),
                ("severity", "warning"), ("fault_class", "straggler"), ("role", "symptom"), ("entity", "rank:llm/3")),
            alert.Labels);
        Assert.Equal((AlertOrigin.Detector, At(20), At(260)), (alert.Origin, alert.StartsAt, alert.EndsAt!.Value));
        Assert.Equal(
            [
                new Evidence(
                    EvidenceKind.Sample,
                    "rank 3 of llm on node-000/gpu3: train_rank_compute_seconds is 1.2 s, the median of 8 peers is 1 s (20.0 %)",
                    "train_rank_compute_seconds{UUID=\"GPU-3\"}",
                    At(20)) { Value = 1.2 },
                new Evidence(
                    EvidenceKind.Counter,
                    "its 7 peers lie around 1 s with a median deviation of 0 s",
                    "train_rank_compute_seconds{job_name=\"llm\"}",
                    At(20)) { Value = 1 },
            ],
            alert.Evidence);

        await RunAsync(Times(8));
        await RunAsync(Times(8));
        Assert.Equal(["RankStraggler Firing"], _output.Drain());
        await RunAsync(Times(8));
        Assert.Equal(["RankStraggler Resolved"], _output.Drain());
    }

    [Fact]
    public async Task OneReadingLookedAtThreeTimes_IsOneComparison()
    {
        // Ranks that report every half minute: another one is slow in every report.
        for (var run = 0; run < 12; run++)
        {
            _engine.Answer("max by (job_name) (timestamp(train_rank_compute_seconds))", (Labels(("job_name", "llm")), run / 3));
            await RunAsync(Times(8, slow: run / 3));
        }

        Assert.Empty(_output.Alerts);
        for (var run = 12; run < 21; run++)
        {
            _engine.Answer("max by (job_name) (timestamp(train_rank_compute_seconds))", (Labels(("job_name", "llm")), run / 3));
            await RunAsync(Times(8, slow: 3));
        }

        Assert.Equal("3", Assert.Single(_output.Alerts).Labels["rank"]);
    }

    [Fact]
    public async Task OutlierThatMoves_IsNeverNamed()
    {
        for (var run = 0; run < 12; run++)
            await RunAsync(Times(8, slow: run % 4));
        Assert.Empty(_output.Alerts);
    }

    [Theory]
    [InlineData(1, 40, 1)]
    [InlineData(2, 40, 2)] // 5 % of 40
    [InlineData(3, 40, 0)] // the whole job is slow
    [InlineData(1, 4, 1)] // one is always allowed
    [InlineData(1, 3, 0)] // too few peers
    public async Task Outliers_UpToTheirShare_AreNamed(int slow, int ranks, int named)
    {
        var times = Times(ranks);
        for (var i = 0; i < slow; i++)
            times[i] = 1.5;
        for (var run = 0; run < 4; run++)
            await RunAsync(times);
        Assert.Equal(named, _output.Alerts.Count);
    }

    [Theory]
    [InlineData(1.08, 0)]
    [InlineData(1.09, 1)]
    public async Task Ratio_AtThresholdAndAbove(double time, int named)
    {
        var times = Times(8);
        times[2] = time;
        for (var run = 0; run < 3; run++)
            await RunAsync(times);
        Assert.Equal(named, _output.Alerts.Count);
    }

    [Fact]
    public async Task WideSpread_OfAllPeers_HidesNobodyBelowFiveDeviations()
    {
        for (var run = 0; run < 4; run++)
            await RunAsync([0.8, 0.9, 1.0, 1.1, 1.2, 1.45]);
        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public async Task FrozenStep_RepeatedSample_DoesNotCount()
    {
        await RunAsync(Times(8, slow: 3));
        for (var run = 0; run < 5; run++)
            await RunAsync(Times(8, slow: 3), advance: false);
        Assert.Empty(_output.Alerts);
        await RunAsync(Times(8, slow: 3));
        await RunAsync(Times(8, slow: 3));
        Assert.Equal(["RankStraggler Firing"], _output.Drain());
    }

    [Fact]
    public async Task SeriesVanish_AlertOutlivesThemForTenMinutes()
    {
        for (var run = 0; run < 3; run++)
            await RunAsync(Times(8, slow: 3));
        _output.Drain();
        for (var run = 0; run < 60; run++)
            await RunAsync([]);
        Assert.Equal(Enumerable.Repeat("RankStraggler Firing", 10), _output.Drain());
        await RunAsync([]);
        Assert.Equal(["RankStraggler Resolved"], _output.Drain());
    }

    [Fact]
    public async Task LowClock_OfOneGpu_IsFoundThroughItsRank()
    {
        _engine.Answer(Clock, [.. Enumerable.Range(0, 8).Select(i => (Labels(("UUID", "GPU-" + i), ("node", "x")), i == 5 ? 1485.0 : 1980))]);
        for (var run = 0; run < 3; run++)
            await RunAsync(Times(8));
        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(("GpuClockOutlier", "gpu:GPU-5", "5"), (alert.Name, alert.Labels["entity"], alert.Labels["rank"]));
        Assert.Equal("rank 5 of llm on node-000/gpu5: DCGM_FI_DEV_SM_CLOCK is 1485 MHz, the median of 8 peers is 1980 MHz (-25.0 %)", alert.Annotations["description"]);
    }

    [Fact]
    public async Task QueryFails_RunIsSkippedAndTheNextOneGoesOn()
    {
        await RunAsync(Times(8, slow: 3));
        await RunAsync(Times(8, slow: 3));
        _engine.Answer(Compute, QueryResult.Failed("timeout", "slow"));
        _second += 10;
        await _detector.RunDueAsync(At(_second), default);
        Assert.Empty(_output.Alerts);
        _second += 10;
        await RunAsync(Times(8, slow: 3));
        Assert.Equal(["RankStraggler Firing"], _output.Drain());
    }

    [Fact]
    public async Task BetweenGridTimes_NothingIsAsked()
    {
        await _detector.RunDueAsync(At(0), default);
        var asked = _engine.Asked.Count;
        await _detector.RunDueAsync(At(9.9), default);
        Assert.Equal(asked, _engine.Asked.Count);
    }

    private static double[] Times(int ranks, int slow = -1) => [.. Enumerable.Range(0, ranks).Select(rank => rank == slow ? 1.2 : 1.0)];

    private async Task RunAsync(double[] times, bool advance = true)
    {
        _step += advance ? 1 : 0;
        _engine.Answer(Compute, [.. times.Select((time, rank) => (Rank(rank), time))]);
        _engine.Answer(JobSteps.Number, (Labels(("job_name", "llm")), _step));
        await _detector.RunDueAsync(At(_second), CancellationToken.None);
        _second += 10;
    }

    private static LabelSet Rank(int rank)
    {
        var text = rank.ToString(CultureInfo.InvariantCulture);
        return Labels(("__name__", Compute), ("job_name", "llm"), ("rank", text), ("node", "node-000"), ("gpu", text), ("UUID", "GPU-" + text));
    }
}
