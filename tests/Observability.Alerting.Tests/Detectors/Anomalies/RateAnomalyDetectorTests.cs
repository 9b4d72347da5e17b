using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class RateAnomalyDetectorTests
{
    private readonly ScriptedEngine _engine = new();
    private readonly RecordingOutput _output = new();
    private readonly RateAnomalyDetector _detector;

    public RateAnomalyDetectorTests() =>
        _detector = new RateAnomalyDetector(_engine, _output, new RateAnomalyOptions { ResendDelay = TimeSpan.FromDays(9) }, Quiet<RateAnomalyDetector>());

    [Fact]
    public async Task TrafficThatBreaksIn_IsToldOnce_AndEndsAfterTenRows()
    {
        var values = Rows.Noise(500, 12);
        for (var row = 400; row < 500; row++)
            values[row] = 20;
        for (var row = 0; row < 400; row++)
            await LookAsync(row, values[row]);
        _output.Drain();
        for (var row = 400; row < 500; row++)
            await LookAsync(row, values[row]);

        var alert = _output.Alerts[0];
        Assert.Equal(Labels(("alertname", "FabricTrafficUnusual"), ("severity", "info"), ("fault_class", "unknown"), ("role", "symptom")), alert.Labels);
        Assert.Equal(At(60 * 400), alert.StartsAt);
        Assert.Equal("20 bytes per second sent on RDMA links is unusual for this fleet", alert.Annotations["summary"]);
        Assert.Contains("compared with 400 rows of 1m 0s before it", alert.Annotations["description"], StringComparison.Ordinal);
        Assert.Equal(["FabricTrafficUnusual Firing", "FabricTrafficUnusual Resolved"], _output.Drain());
    }

    [Fact]
    public async Task FirstRows_OnlyTeach()
    {
        for (var row = 0; row < 100; row++)
            await LookAsync(row, row % 10 == 0 ? 1e9 : row);

        Assert.Empty(_output.Alerts);
    }

    private Task LookAsync(int row, double value)
    {
        _engine.Answer(RateSignal.All[0].Expression, (LabelSet.Empty, value));
        return _detector.RunDueAsync(At(60 * row), TestContext.Current.CancellationToken);
    }
}
