using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class NvidiaSmiCollectorTests
{
    private const string Good = "uuid, pci.bus_id, name, temperature.gpu, gpu_recovery_action\nGPU-a, 00000000:1B:00.0, H100, 41, None\n";
    private const string Bad = "uuid, pci.bus_id, name, temperature.gpu, gpu_recovery_action\nGPU-a, 00000000:1B:00.0, H100, 41, GPU Reset Required\n";

    private readonly World _world = new();
    private readonly Queue<Task<CommandOutput>> _runs = new();
    private int _started;

    [Fact]
    public async Task Run_EveryInterval_GivesSamplesUpAndShape()
    {
        var collector = Collector(Output(Good), Output(Good));

        await StepAsync(collector, 0);
        await StepAsync(collector, 10);
        await StepAsync(collector, 30);

        Assert.Equal(2, _started);
        Assert.Equal(2, _world.Batches.Count);
        Assert.Contains(_world.Batches[0].Samples, sample => sample.Labels.MetricName == "up" && sample.Sample.Value == 1 && sample.Labels["job"] == "nvidia-smi");
        Assert.Equal((true, false), (_world.Batches[0].BringsNewSeries, _world.Batches[1].BringsNewSeries));
        Assert.Equal(["node:n", "gpu:GPU-a"], Assert.Single(_world.Changes).Entities.Select(entity => entity.Id.ToString()));
    }

    [Fact]
    public async Task Run_ThatTakesLong_IsTakenUpLaterAndNoSecondStarts()
    {
        var slow = new TaskCompletionSource<CommandOutput>();
        var collector = Collector(slow.Task, Output(Good));

        await StepAsync(collector, 0);
        await StepAsync(collector, 40);
        Assert.Equal((1, 0), (_started, _world.Batches.Count));
        slow.SetResult(new CommandOutput(Good, ""));
        await StepAsync(collector, 41);
        await StepAsync(collector, 42);

        Assert.Equal((2, 2), (_started, _world.Batches.Count));
    }

    [Fact]
    public async Task Run_ThatFails_EndsItsSeriesAndSaysDown()
    {
        var collector = Collector(Output(Good), Task.FromResult(new CommandOutput("", "nvidia-smi did not end within 20 s")));

        await StepAsync(collector, 0);
        await StepAsync(collector, 30);

        var second = World.Show(_world.Batches[1]);
        Assert.Contains(second, line => line.Contains("DCGM_FI_DEV_GPU_TEMP", StringComparison.Ordinal) && line.EndsWith(" stale", StringComparison.Ordinal));
        Assert.Contains(_world.Batches[1].Samples, sample => sample.Labels.MetricName == "up" && sample.Sample.Value == 0);
        // The GPU is not gone from the fleet's shape.
        Assert.Single(_world.Changes);
    }

    [Fact]
    public async Task BadState_IsToldOnceAndAgainWhileItLasts()
    {
        var collector = Collector(Output(Bad), Output(Bad), Output(Bad), Output(Good), Output(Bad));

        await StepAsync(collector, 0);
        await StepAsync(collector, 30);
        await StepAsync(collector, 600);
        await StepAsync(collector, 630);
        await StepAsync(collector, 660);

        Assert.Equal([0, 600, 660], _world.Events.Select(found => (found.At - World.Start).TotalSeconds));
        Assert.All(_world.Events, found => Assert.Equal(("nvsmi:gpu_reset_required", EventSource.NvidiaSmi, "0000:1b:00.0"), (found.Code, found.Source, found.Labels["pci_bus_id"])));
    }

    [Theory]
    [InlineData("/bin/echo", "no GPU", "")]
    [InlineData("/nowhere/nvidia-smi", "", "cannot be run")]
    [InlineData("/bin/false", "", "exit code 1")]
    public async Task Command_OfTheNode_IsRun(string path, string printed, string error)
    {
        var output = await CommandRun.RunAsync(path, [printed], (TimeSpan.FromSeconds(20), 1_000), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(printed, output.Text.Trim());
        Assert.Contains(error, output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_ThatPrintsWithoutEnd_IsKilled()
    {
        var output = await CommandRun.RunAsync("/usr/bin/yes", [], (TimeSpan.FromSeconds(20), 1_000), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal("/usr/bin/yes printed more than 1000 characters", output.Error);
    }

    [Fact]
    public async Task Command_ThatDoesNotEnd_IsKilledAfterItsTime()
    {
        var running = CommandRun.RunAsync("/bin/sleep", ["1000"], (TimeSpan.FromSeconds(5), 1_000), _world.Clock, TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }

        Assert.Equal("/bin/sleep did not end within 5 s", (await running).Error);
    }

    private static Task<CommandOutput> Output(string text) => Task.FromResult(new CommandOutput(text, ""));

    private NvidiaSmiCollector Collector(params Task<CommandOutput>[] runs)
    {
        foreach (var run in runs)
            _runs.Enqueue(run);
        return new NvidiaSmiCollector(
            new NvidiaSmiOptions { Command = "nvidia-smi", Node = "n" }, _world, _world, _world, _world.Outside,
            _ =>
            {
                _started++;
                return _runs.Dequeue();
            });
    }

    private static Task StepAsync(NvidiaSmiCollector collector, int seconds) =>
        collector.RunDueAsync(World.Start.AddSeconds(seconds), CancellationToken.None);
}
