using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class HangDetectorTests
{
    private static readonly LabelSet s_job = Labels(("job_name", "llm"));

    private readonly ScriptedEngine _engine = new();
    private readonly RecordingOutput _output = new();
    private readonly HangDetector _detector;
    private double _second;

    public HangDetectorTests()
    {
        _detector = new HangDetector(_engine, _output, new HangOptions(), Quiet<HangDetector>());
        _engine.Answer("train_rank_compute_seconds", [.. Enumerable.Range(0, 4).Select(i => (s_job.With("UUID", "GPU-" + i), 1.0))]);
        Busy(100, 100, 100, 100);
    }

    [Fact]
    public async Task FrozenStep_BusyGpus_FiresAfterThirtySecondsAndEndsWithTheNextStep()
    {
        await RunAsync(steps: 6, duration: 4);
        await FreezeAsync(30, 4);
        Assert.Empty(_output.Alerts);
        await FreezeAsync(10, 4);
        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(
            Labels(
                ("alertname", "JobStalled"), ("job_name", "llm"), ("severity", "critical"), ("fault_class", "user_code_hang"),
                ("role", "symptom"), ("entity", "job:llm")),
            alert.Labels);
        const string text = "llm stands at step 5 for 40s while its 4 GPUs show a median utilisation of 100 %; a step takes 4s";
        Assert.Equal(
            [
                new Evidence(EvidenceKind.Sample, text, "train_step{job_name=\"llm\"}", At(90)) { Value = 5 },
                new Evidence(EvidenceKind.Sample, "median utilisation of 4 GPUs", "DCGM_FI_DEV_GPU_UTIL", At(90)) { Value = 100 },
            ],
            alert.Evidence);
        await StepAsync(6, 4);
        Assert.Equal(["JobStalled Firing", "JobStalled Resolved"], _output.Drain());
    }

    [Fact]
    public async Task LongSteps_WaitForFiveOfThem()
    {
        await RunAsync(steps: 6, duration: 20);
        await FreezeAsync(100, 20);
        Assert.Empty(_output.Alerts);
        await FreezeAsync(10, 20);
        Assert.Equal(["JobStalled Firing"], _output.Drain());
    }

    [Fact]
    public async Task IdleGpus_ACheckpointOrAnEndedJob_IsNoHang()
    {
        await RunAsync(steps: 6, duration: 4);
        Busy(3, 0, 5, 0);
        await FreezeAsync(300, 4);
        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public async Task OneGpuGone_TheOthersSpin_IsAStall()
    {
        await RunAsync(steps: 6, duration: 4);
        Busy(100, 100, 100);
        await FreezeAsync(40, 4);
        Assert.Equal(["JobStalled Firing"], _output.Drain());
    }

    [Fact]
    public async Task UtilisationUnknown_FiringAlertStaysAndNewOneIsNotRaised()
    {
        await RunAsync(steps: 6, duration: 4);
        await FreezeAsync(40, 4);
        Busy();
        await FreezeAsync(60, 4);
        Assert.Equal(["JobStalled Firing", "JobStalled Firing"], _output.Drain());
        Busy(0, 0, 0, 0);
        await FreezeAsync(10, 4);
        Assert.Equal(["JobStalled Resolved"], _output.Drain());
    }

    [Fact]
    public async Task StepSeriesGone_BusyGpus_StillStalled()
    {
        await RunAsync(steps: 6, duration: 4);
        _engine.Answer(JobSteps.Number);
        for (var i = 0; i < 4; i++)
            await TickAsync();
        Assert.Equal(["JobStalled Firing"], _output.Drain());
    }

    private void Busy(params double[] percent) =>
        _engine.Answer("DCGM_FI_DEV_GPU_UTIL", [.. percent.Select((value, i) => (Labels(("UUID", "GPU-" + i)), value))]);

    private async Task RunAsync(int steps, double duration)
    {
        for (var step = 0; step < steps; step++)
            await StepAsync(step, duration);
    }

    private async Task FreezeAsync(double seconds, double duration)
    {
        _engine.Answer(JobSteps.Duration, (s_job, duration));
        for (var passed = 0; passed < seconds; passed += 10)
            await TickAsync();
    }

    private Task StepAsync(double step, double duration)
    {
        _engine.Answer(JobSteps.Number, (s_job, step));
        _engine.Answer(JobSteps.Duration, (s_job, duration));
        return TickAsync();
    }

    private async Task TickAsync()
    {
        await _detector.RunDueAsync(At(_second), CancellationToken.None);
        _second += 10;
    }
}
