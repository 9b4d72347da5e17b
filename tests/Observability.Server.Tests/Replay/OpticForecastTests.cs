using Observability.Model;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>The light of a simulated transceiver through collectors, store and forecast.</summary>
public sealed class OpticForecastTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task FadingOptic_IsForetoldToItsAlarm_HoursBefore()
    {
        var fleet = new Fleet(new FleetOptions { Nodes = 4, Seed = 5, Telemetry = FleetTelemetry.Optics }, Start);
        var nic = new EntityId(EntityKind.Nic, "node-001/mlx5_2");
        fleet.Inject(new FaultSpec("one", FaultKinds.OpticsDegradation, nic, Start.AddSeconds(600), TimeSpan.FromHours(8)));
        var folder = Directory.CreateTempSubdirectory("optics").FullName;
        var recorder = new FleetRecorder(fleet, folder, RecordingForm.Compact);
        for (var now = Start; now <= Start.AddHours(2.2); now = now.AddSeconds(1))
        {
            fleet.Advance(now);
            recorder.RecordDue();
        }

        recorder.Complete();
        var (content, _) = ContentCheck.Read(Path.Combine(SharedData.RepositoryRoot(), "rules"), Path.Combine(SharedData.RepositoryRoot(), "runbooks"));
        var alerts = new AlertLog();
        await ReplayRun.RunAsync(
            new ReplayOptions { Folder = folder, Content = SharedData.RepositoryRoot() }, content with { RuleGroups = [] }, () => new PlatformSeams(null, [alerts]), CancellationToken.None);

        var foretold = Assert.Single(alerts.Fired.Where(alert => alert.Name == "OpticPowerFalls").DistinctBy(alert => alert.Fingerprint));
        Assert.Equal(nic.ToString(), foretold.Labels["entity"]);
        // 6.9 dB of margin, 8.5 dB lost in eight hours: the alarm is due about six and a half hours after the onset.
        Assert.Matches(@"in about [3-7]h", foretold.Annotations["summary"]);
        Assert.Contains("95 % interval of the slope", foretold.Annotations["description"], StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private sealed class AlertLog : IJournalReader
    {
        public List<Alert> Fired { get; } = [];

        public void Read(JournalRecord record, bool isReplay)
        {
            if (record.Entry is AlertChanged { Transition: { Kind: AlertTransitionKind.Fired } fired })
                Fired.Add(fired.Alert);
        }
    }
}
