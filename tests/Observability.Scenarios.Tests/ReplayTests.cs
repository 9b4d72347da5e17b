using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Scenarios.Tests;

/// <summary>Recorded telemetry through the whole pipeline.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("replay-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(RecordingForm.Full)]
    [InlineData(RecordingForm.Compact)]
    public async Task RecordedFleet_TwoFaults_NamesTheSameCulpritsAsTheTruth(RecordingForm form)
    {
        var fleet = new Fleet(new FleetOptions { Nodes = 8, Seed = 11 }, Start);
        var gpu = fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        var nic = fleet.Topology().Entities.First(entity => entity.DisplayName == "node-005/mlx5_2").Id;
        fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, gpu, Start.AddSeconds(300), TimeSpan.FromSeconds(300)));
        fleet.Inject(new FaultSpec("two", FaultClass.SlowNic, nic, Start.AddSeconds(900), TimeSpan.FromSeconds(300)));
        var recorder = new FleetRecorder(fleet, _folder.FullName, form);
        for (var now = Start; now <= Start.AddSeconds(1_400); now = now.AddSeconds(1))
        {
            fleet.Advance(now);
            recorder.RecordDue();
        }

        recorder.Complete();

        var report = await ReplayAsync();

        Assert.All(report.Files.Where(file => file.Kind != "skipped"), file => Assert.Equal((file.Path, 0), (file.Path, (int)file.Refused)));
        Assert.Equal(["bundle.json", "truth/truth.json"], report.Files.Where(file => file.Kind == "skipped").Select(file => file.Path));
        // What the nodes wrote when they booted, hours before, is long over.
        Assert.All(report.Stretches.SkipLast(1), before => Assert.Equal(0, before.Alerts));
        var stretch = report.Stretches[^1];
        Assert.Equal(
            [(VerdictKind.Hardware, FaultClass.GpuOffBus, (EntityId?)gpu), (VerdictKind.Hardware, FaultClass.SlowNic, (EntityId?)nic)],
            stretch.Incidents.Select(incident => (incident.Verdict!.Kind, incident.Verdict.FaultClass, incident.Verdict.Entity)));
        Assert.All(stretch.Executions, execution => Assert.Equal(ExecutionState.Observed, execution.State));
    }

    [Fact]
    public async Task OnlyAKernelLog_NamesItsNode()
    {
        Write("kmsg/node-042.log", "kern  :err   : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, name=python, GPU has fallen off the bus.\n");

        var report = await ReplayAsync();

        var incident = Assert.Single(Assert.Single(report.Stretches).Incidents);
        Assert.Equal(new EntityId(EntityKind.Node, "node-042"), Assert.Single(incident.Entities));
        Assert.Equal(Start.AddSeconds(1), incident.StartedAt);
    }

    [Fact]
    public async Task LongSilence_CutsTheRecordingIntoStretches()
    {
        Write("kmsg/a.log", """
            kern  :err   : 2026-03-01T12:00:00,000000+00:00 NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, GPU has fallen off the bus.
            kern  :err   : 2031-03-01T12:00:00,000000+00:00 NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, GPU has fallen off the bus.
            """);

        var report = await ReplayAsync();

        Assert.Equal([(2026, 1), (2031, 1)], report.Stretches.Select(stretch => (stretch.From.Year, stretch.Incidents.Count)));
    }

    [Fact]
    public async Task StretchWithoutScrapes_IsNoPlatformWithoutTargets()
    {
        // Boots of the day before lay in a stretch of their own, and it ended in a critical incident: "nothing is scraped".
        Write("kmsg/a.log", string.Join('\n', Enumerable.Range(0, 8).Select(minute =>
            $"kern  :info  : 2026-03-01T08:0{minute}:00,000000+00:00 usb 1-1: new high-speed USB device number {minute} using xhci_hcd")) + "\n");
        Write("scrape/node/a.prom", string.Join('\n', Enumerable.Range(0, 30).Select(scrape => $"up 1 {Start.AddSeconds(scrape * 10).ToUnixTimeMilliseconds()}")) + "\n");

        var report = await ReplayAsync();

        Assert.All(report.Stretches, stretch => Assert.Equal((stretch.From, 0), (stretch.From, stretch.Alerts)));
    }

    [Fact]
    public async Task EverySharedSample_IsDigested()
    {
        var samples = SharedData.Folder("samples");
        Assert.SkipUnless(Directory.Exists(samples), $"{samples} is not on this machine");

        var report = await ReplayAsync(samples);

        Assert.Equal(Directory.GetFiles(samples, "*", SearchOption.AllDirectories).Length, report.Files.Count);
        Assert.All(report.Files.Where(file => file.Refused > 0 || file.Kind == "skipped"), file => Assert.NotEmpty(file.Reasons));
        Assert.True(report.Stretches.Sum(stretch => stretch.Events) > 50);
        Assert.True(report.Stretches.Sum(stretch => stretch.Incidents.Count) > 0);
    }

    [Fact]
    public async Task FolderIsMissing_SaysSo()
    {
        var fault = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => ReplayAsync(Path.Combine(_folder.FullName, "none")));
        Assert.Equal($"{Path.Combine(_folder.FullName, "none")}: is not a folder", fault.Message);
    }

    private Task<ReplayReport> ReplayAsync(string? folder = null)
    {
        var root = SharedData.RepositoryRoot();
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        Assert.Empty(findings);
        return ReplayRun.RunAsync(new ReplayOptions { Folder = folder ?? _folder.FullName, Content = root }, content, TestContext.Current.CancellationToken);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
