using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class ForecastDetectorTests
{
    private static readonly LabelSet s_disk = Labels(("node", "n1"), ("device", "/dev/nvme0n1p1"), ("mountpoint", "/scratch"));

    private readonly ScriptedEngine _engine = new();
    private readonly RecordingOutput _output = new();
    private readonly ForecastDetector _detector;
    private int _look;

    public ForecastDetectorTests() => _detector = new ForecastDetector(_engine, _output, new ForecastOptions { MaxSeries = 2, ResendDelay = TimeSpan.FromDays(9) }, Quiet<ForecastDetector>());

    [Fact]
    public async Task FallingDisk_IsForetoldHoursAhead_AndEndsWhenSpaceIsFreed()
    {
        // Two per cent every five minutes; told after twelve points and three looks that agree.
        await RunAsync(13, look => 100 - (2 * look));
        Assert.Empty(_output.Alerts);
        await RunAsync(1, look => 100 - (2 * look));

        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(
            Labels(
                ("alertname", "DiskFillsUp"), ("node", "n1"), ("device", "/dev/nvme0n1p1"), ("mountpoint", "/scratch"), ("severity", "info"),
                ("fault_class", "unknown"), ("role", "symptom"), ("entity", "node:n1")),
            alert.Labels);
        Assert.Equal("/scratch of node:n1 is nearly full in about 2h 57m 30s", alert.Annotations["summary"]);
        Assert.Equal(
            "/scratch of node:n1 is at 74 % free and moves by -24 % free per hour; at this pace it reaches 3 % free in 2h 57m 30s"
            + " (95 % interval of the slope: 2h 57m 30s to 2h 57m 30s), told from 14 points over 1h 5m 0s",
            alert.Annotations["description"]);
        Assert.Equal(AlertState.Firing, alert.State);

        await RunAsync(60, _ => 99);
        Assert.Equal(["DiskFillsUp Firing", "DiskFillsUp Resolved"], _output.Drain());
    }

    [Fact]
    public async Task LightThatFades_IsForetoldToTheModulesOwnAlarm_WithItsInterval()
    {
        // 3 dB above the alarm and half a decibel an hour less, read to five hundredths: the alarm is four hours off when two have been seen.
        var random = new Random(5);
        var light = Labels(("node", "n1"), ("device", "mlx5_3"));
        for (var look = 0; look < 24; look++)
        {
            _engine.Answer(ForecastSignal.OpticPower.Expression, (light, 3 - (look / 12.0 * 0.5) + (0.1 * (random.NextDouble() - 0.5))));
            await LookAsync();
        }

        var alert = Assert.Single(_output.Alerts, one => one.Labels["alertname"] == "OpticPowerFalls");
        Assert.Equal(("nic:n1/mlx5_3", "info", "symptom"), (alert.Labels["entity"], alert.Labels["severity"], alert.Labels["role"]));
        Assert.Matches(@"^nic:n1/mlx5_3 receives too little light in about [4-6]h", alert.Annotations["summary"]);
        Assert.Matches(
            @"is at 2\.\d+ dB above its alarm and moves by -0\.\d+ dB above its alarm per hour; at this pace it reaches 0 dB above its alarm in 4h \d+m \d+s \(95 % interval of the slope: 4h \d+m \d+s to 4h \d+m \d+s\)",
            alert.Annotations["description"]);
    }

    [Fact]
    public async Task NoiseWithoutATrend_ForetellsNothing()
    {
        var random = new Random(3);

        await RunAsync(300, _ => 20 + (5 * random.NextDouble()));

        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public async Task SlowFall_BeyondTheHorizon_IsNotForetold()
    {
        // Two per cent a day from 90: three weeks and more.
        await RunAsync(300, look => 90 - (look * 2.0 / 288));

        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public async Task MissingSeries_IsNoRecovery_UntilItIsForgotten()
    {
        await RunAsync(20, look => 60 - look);
        Assert.Equal(["DiskFillsUp Firing"], _output.Drain());
        _engine.Answer(ForecastSignal.Disk.Expression);

        for (var minutes = 0; minutes <= 30; minutes += 5)
            await LookAsync();
        Assert.Equal(["DiskFillsUp Resolved"], _output.Drain());
    }

    [Fact]
    public async Task MoreSeriesThanAllowed_AreRefused_TheFirstStay()
    {
        (LabelSet, double)[] disks = [.. Enumerable.Range(0, 3).Select(n => (s_disk.With("node", $"n{n}"), 0.0))];
        for (var look = 0; look < 20; look++)
        {
            _engine.Answer(ForecastSignal.Disk.Expression, [.. disks.Select(disk => (disk.Item1, 60.0 - look))]);
            await LookAsync();
        }

        Assert.Equal(["n0", "n1"], _output.Alerts.Select(alert => alert.Labels["node"]).Order(StringComparer.Ordinal));
    }

    private async Task RunAsync(int looks, Func<int, double> value)
    {
        for (var i = 0; i < looks; i++)
        {
            _engine.Answer(ForecastSignal.Disk.Expression, (s_disk, value(_look)));
            await LookAsync();
        }
    }

    private Task LookAsync() => _detector.RunDueAsync(At(300 * _look++), TestContext.Current.CancellationToken);
}
