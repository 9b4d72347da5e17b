using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class ChangePointDetectorTests
{
    private static readonly LabelSet s_job = Labels(("job_name", "llm"));

    private readonly ScriptedEngine _engine = new();
    private readonly RecordingOutput _output = new();
    private readonly ChangePointDetector _detector;
    private int _look;

    public ChangePointDetectorTests() =>
        _detector = new ChangePointDetector(_engine, _output, new ChangePointOptions { ResendDelay = TimeSpan.FromDays(9) }, Quiet<ChangePointDetector>());

    [Fact]
    public async Task SlowerSteps_AreToldWithTheTimeTheyBegan_AndTheEndIsTold()
    {
        await RunAsync(200, 4);
        Assert.Empty(_output.Alerts);
        await RunAsync(10, 5);

        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(
            Labels(
                ("alertname", "JobStepTimeChanged"), ("job_name", "llm"), ("severity", "info"), ("fault_class", "unknown"),
                ("role", "symptom"), ("entity", "job:llm")),
            alert.Labels);
        Assert.Equal(
            $"step time of llm was 4 s (median of 120 steps) and is 5 s since {At(2_000):yyyy-MM-dd HH:mm:ss}Z: 25.0 %, 50.0 robust standard deviations",
            alert.Annotations["description"]);

        await RunAsync(20, 4);
        Assert.Equal(["JobStepTimeChanged Firing", "JobStepTimeChanged Resolved"], _output.Drain());
    }

    [Fact]
    public async Task JobThatStandsStill_GivesNoValues()
    {
        await RunAsync(200, 4);
        for (var i = 0; i < 100; i++)
            await LookAsync(199, 9);

        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public async Task JobThatIsGone_EndsItsAlertAfterAWhile()
    {
        await RunAsync(200, 4);
        await RunAsync(10, 5);
        _engine.Answer(JobSteps.Number);
        for (var i = 0; i < 62; i++)
            await _detector.RunDueAsync(At(10 * _look++), TestContext.Current.CancellationToken);

        Assert.Equal(["JobStepTimeChanged Firing", "JobStepTimeChanged Resolved"], _output.Drain());
    }

    private async Task RunAsync(int steps, double duration)
    {
        for (var i = 0; i < steps; i++)
            await LookAsync(_look, duration);
    }

    private async Task LookAsync(double step, double duration)
    {
        _engine.Answer(JobSteps.Number, (s_job, step));
        _engine.Answer(JobSteps.Duration, (s_job, duration));
        await _detector.RunDueAsync(At(10 * _look++), TestContext.Current.CancellationToken);
    }
}
