using Observability.Metrics;
using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

/// <summary>On a real store, since what a job's log and its own telemetry tell at different times is put together by queries.</summary>
public sealed class SlowStepDetectorTests : IAsyncDisposable
{
    private readonly SeriesStore _store = new(new MetricsOptions());
    private readonly RecordingOutput _output = new();
    private SlowStepDetector _detector;
    private int _second;
    private int _step = 1_000;
    private bool _isNumbered = true;

    public SlowStepDetectorTests() => _detector = Begin();

    private SlowStepDetector Begin() =>
        new(new EmbeddedQueryEngine(_store), _output, new SlowStepOptions { ResendDelay = TimeSpan.FromDays(9) }, Quiet<SlowStepDetector>());

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task SlowSteps_AreToldWithTheThird_AndTheEndIsTold()
    {
        await StepsAsync(40, 4);
        await StepsAsync(2, 5);
        Assert.Empty(_output.Alerts);
        await StepsAsync(1, 5);

        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(
            Labels(
                ("alertname", "JobStepSlow"), ("job_name", "llm"), ("severity", "warning"), ("fault_class", "unknown"),
                ("role", "symptom"), ("entity", "job:llm")),
            alert.Labels);
        Assert.Equal("Steps of llm take 1.25 times as long as usual", alert.Annotations["summary"]);
        Assert.Equal("The last 3 steps of llm took 5s (median), 1.25 times the median of its usual ones (4s); a step is slow from 4.4s on.", alert.Annotations["description"]);
        Assert.Equal("train_step_duration_seconds{job_name=\"llm\", source=\"log\"}", Assert.Single(alert.Evidence).Reference);

        await StepsAsync(3, 4);
        Assert.Equal(["JobStepSlow Firing", "JobStepSlow Resolved"], _output.Drain());
    }

    /// <summary>A push every ten seconds goes on telling of one long step while the log is past it.</summary>
    [Fact]
    public async Task OneLongStepThatAPushRepeats_IsOne()
    {
        await StepsAsync(40, 4, pushed: 4);
        await StepsAsync(1, 7, pushed: 7);
        await StepsAsync(3, 4, pushed: 7);
        await StepsAsync(9, 4, pushed: 4);
        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public async Task ReportsOfAJobThatStandsStill_AreNoSteps()
    {
        await StepsAsync(40, 4);
        for (var i = 0; i < 30; i++)
            await SecondAsync(("source", "log"), 9);
        Assert.Empty(_output.Alerts);
    }

    /// <summary>What is usual lies in the store: whoever comes up while a job becomes slow must not take that for usual.</summary>
    [Fact]
    public async Task PlatformThatIsRestartedMeanwhile_KnowsWhatIsUsual()
    {
        await StepsAsync(60, 4);
        await StepsAsync(1, 5);
        _detector = Begin();
        await StepsAsync(4, 5);
        Assert.Equal(["JobStepSlow Firing"], _output.Drain());
        _detector = Begin();
        await StepsAsync(4, 4);
        Assert.Equal(["JobStepSlow Firing", "JobStepSlow Resolved"], _output.Drain());
    }

    [Fact]
    public async Task StepsThatNobodyNumbers_AreReports()
    {
        _isNumbered = false;
        await StepsAsync(40, 4);
        await StepsAsync(3, 5);
        Assert.Equal(["JobStepSlow Firing"], _output.Drain());
    }

    /// <summary>Some steps are done again after a restart; the numbers from before it, which a source still shows, do not count.</summary>
    [Fact]
    public async Task SlowAfterARestart_IsTold()
    {
        await StepsAsync(60, 4, pushed: 4);
        _step -= 20;
        _second += 100;
        await StepsAsync(3, 6, source: "push");
        Assert.Equal(["JobStepSlow Firing"], _output.Drain());
    }

    [Fact]
    public async Task JobThatIsGone_IsNotSlowAnyMore()
    {
        await StepsAsync(40, 4);
        await StepsAsync(4, 5);
        for (_second += 1; _second < 1_000; _second++)
            await _detector.RunDueAsync(At(_second), TestContext.Current.CancellationToken);
        Assert.Equal(["JobStepSlow Firing", "JobStepSlow Resolved"], _output.Drain());
    }

    private async Task StepsAsync(int steps, double seconds, double? pushed = null, string source = "log")
    {
        for (var i = 0; i < steps; i++)
        {
            _step++;
            if (pushed is { } told && _step % 2 == 0)
                Append(("source", "push"), told);
            for (var passed = 0; passed < 4; passed++)
                await SecondAsync(("source", source), passed == 0 ? seconds : null);
        }
    }

    private async Task SecondAsync((string, string) source, double? seconds)
    {
        _second++;
        if (seconds is { } told)
            Append(source, told);
        await _detector.RunDueAsync(At(_second), TestContext.Current.CancellationToken);
    }

    private void Append((string, string) source, double seconds)
    {
        // No two steps take exactly as long.
        seconds *= 1 + (1e-7 * (_step % 7));
        SeriesSample Of(string name, double value) => new(Labels(("__name__", name), ("job_name", "llm"), source), new Sample(At(_second).ToUnixTimeMilliseconds(), value));
        _store.Append(new SampleBatch("test", At(_second), [Of("train_step_duration_seconds", seconds), .. _isNumbered ? [Of("train_step", _step)] : Array.Empty<SeriesSample>()]));
    }
}
