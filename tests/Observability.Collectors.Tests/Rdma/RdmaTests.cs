using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class RdmaTests : IDisposable
{
    private readonly World _world = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdma-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("tree-node-020")]
    [InlineData("ethtool")]
    [InlineData("port-settings")]
    [InlineData("optics")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("Rdma", name);

    [Theory]
    [InlineData("400 Gb/sec (4X NDR)", 400e9, 4.0, "NDR")]
    [InlineData("10 Gb/sec (4X)", 10e9, 4.0, "")]
    [InlineData("2.5 Gb/sec (1X SDR)", 2.5e9, 1.0, "SDR")]
    [InlineData("100 Gb/sec", 100e9, null, "")]
    public void Rate_AsSysfsWritesIt_IsBitsLanesAndSpeed(string text, double bits, double? lanes, string speed) =>
        Assert.Equal((bits, lanes, speed), RdmaReader.Rate(text));

    [Theory]
    [InlineData("")]
    [InlineData("400 Gb/s")]
    [InlineData("fast")]
    public void Rate_AnythingElse_IsUnknown(string text) => Assert.Null(RdmaReader.Rate(text));

    [Theory]
    [InlineData(10.0, 12.0, 2.0)]
    [InlineData(10.0, 10.0, 0.0)]
    [InlineData(10.0, 3.0, 3.0)]
    [InlineData(null, 3.0, null)]
    [InlineData(3.0, null, null)]
    public void CounterStep_BetweenTwoReads(double? before, double? now, double? gained) => Assert.Equal(gained, CounterStep.Of(before, now));

    [Property(MaxTest = 500)]
    public Property CounterSteps_OverResetsAndAnEndAt32Bits_AddUpToWhatHappened() => Prop.ForAll(
        Arb.From(Gen.ListOf(Gen.Frequency((8, Gen.Choose(0, 1_000_000_000)), (1, Gen.Constant(-1))), 30)),
        gains =>
        {
            // A device that counts to the end of 32 bits and stays there; -1 is a reset, after which it counts from zero.
            double counter = 0, seen = 0, truth = 0;
            double? before = 0;
            foreach (var gain in gains)
            {
                counter = gain < 0 ? 0 : Math.Min(counter + gain, uint.MaxValue);
                var now = RdmaReader.Counter(counter.ToString("0", System.Globalization.CultureInfo.InvariantCulture));
                if (now is not null && before is not null && gain > 0)
                    truth += gain;
                seen += CounterStep.Of(before, now) ?? 0;
                before = now;
            }

            Assert.Equal(truth, seen);
        });

    [Fact]
    public void Changes_OfAPort_AreEvents()
    {
        var changes = new RdmaChanges("n", _world);
        var at = World.Start;

        void See(string state, string rate, string downed)
        {
            changes.See(Devices(state, rate, downed), at);
            at = at.AddSeconds(10);
        }

        See("4: ACTIVE", "400 Gb/sec (4X NDR)", "0");
        See("4: ACTIVE", "400 Gb/sec (4X NDR)", "0");
        See("1: DOWN", "2.5 Gb/sec (1X SDR)", "1");
        See("4: ACTIVE", "200 Gb/sec (2X NDR)", "1");
        See("4: ACTIVE", "200 Gb/sec (2X NDR)", "2");
        See("4: ACTIVE", "400 Gb/sec (4X NDR)", "2");
        // The driver was loaded anew: the counter began at zero and nothing happened since.
        See("4: ACTIVE", "400 Gb/sec (4X NDR)", "0");
        for (var i = 0; i < 4; i++)
            changes.See(new Dictionary<string, RdmaDevice>(), at.AddSeconds(10 * i));
        changes.See(Devices("4: ACTIVE", "400 Gb/sec (4X NDR)", "0"), at.AddSeconds(60));

        Assert.Equal(
            [
                "20 rdma:port_down Warning", "30 rdma:port_up Info", "30 rdma:rate_dropped HardwareDegraded", "30 rdma:width_dropped HardwareDegraded",
                "40 rdma:link_flap Warning", "50 rdma:rate_restored Info", "50 rdma:width_restored Info", "90 rdma:device_gone HardwareFatal", "130 rdma:device_back Info",
            ],
            _world.Events.Select(found => $"{(found.At - World.Start).TotalSeconds} {found.Code} {found.Severity}"));
        Assert.All(_world.Events, found => Assert.Equal(("n", "mlx5_0"), (found.Labels["node"], found.Labels["device"])));
    }

    [Fact]
    public void Changes_PortThatWasNeverUp_SaysNothing()
    {
        var changes = new RdmaChanges("n", _world);

        changes.See(Devices("1: DOWN", "10 Gb/sec (4X SDR)", "0"), World.Start);
        changes.See(Devices("2: INIT", "10 Gb/sec (4X SDR)", "0"), World.Start.AddSeconds(10));

        Assert.Empty(_world.Events);
    }

    [Fact]
    public void Collector_ReadsTheTreeAndEndsWhatIsGone()
    {
        Write("mlx5_0/ports/1/state", "4: ACTIVE\n");
        Write("mlx5_0/ports/1/counters/port_xmit_data", "5\n");
        Write("mlx5_bond_0/ports/1/state", "4: ACTIVE\n");
        var collector = new RdmaCollector(
            new RdmaOptions { Root = _folder.FullName, Node = "n", Exclude = ["mlx5_bond_0"] }, _world, _world, _world, _world.Outside);

        collector.RunDue(World.Start);
        collector.RunDue(World.Start.AddSeconds(5));
        File.Delete(Path.Combine(_folder.FullName, "mlx5_0/ports/1/counters/port_xmit_data"));
        collector.RunDue(World.Start.AddSeconds(10));

        Assert.Equal(2, _world.Batches.Count);
        Assert.Equal([20.0], _world.Batches[0].Samples.Where(sample => sample.Labels.MetricName == "node_infiniband_port_data_transmitted_bytes_total").Select(sample => sample.Sample.Value));
        Assert.Contains(World.Show(_world.Batches[1]), line => line.Contains("port_data_transmitted_bytes_total", StringComparison.Ordinal) && line.EndsWith("stale", StringComparison.Ordinal));
        Assert.DoesNotContain(_world.Batches[0].Samples, sample => sample.Labels["device"] == "mlx5_bond_0");
        Assert.Equal(["node:n", "nic:n/mlx5_0"], Assert.Single(_world.Changes).Entities.Select(entity => entity.Id.ToString()));
    }

    [Fact]
    public void Collector_WithoutItsTree_SaysDown()
    {
        var collector = new RdmaCollector(new RdmaOptions { Root = Path.Combine(_folder.FullName, "none"), Node = "n" }, _world, _world, _world, _world.Outside);

        collector.RunDue(World.Start);

        Assert.Equal([("up", 0.0)], Assert.Single(_world.Batches).Samples.Select(sample => (sample.Labels.MetricName, sample.Sample.Value)));
    }

    [Fact]
    public void SharedTrees_GiveWhatNodeExporterPrints()
    {
        var reading = RecordedTelemetry.Read(World.SharedData("samples", "infiniband_sysfs"), new RecordedOptions { Start = World.Start });
        var samples = reading.Items.Where(item => item.Samples is not null).SelectMany(item => item.Samples!.Samples).ToList();
        var ours = samples.Where(sample => sample.Labels["node"] == "node_exporter-fixture")
            .ToDictionary(sample => sample.Labels.Without("node"), sample => sample.Sample.Value);
        var theirs = Exposition(Path.Combine(World.SharedData("samples", "node_exporter"), "e2e-output.txt"))
            .Where(sample => sample.Labels.MetricName.StartsWith("node_infiniband_", StringComparison.Ordinal)).ToList();

        Assert.Equal(51, theirs.Count);
        // A counter at the end of 32 bits is unknown here.
        Assert.Equal(
            ["node_infiniband_port_transmit_wait_total"],
            theirs.Where(sample => !ours.TryGetValue(sample.Labels, out var value) || value != sample.Sample.Value).Select(sample => sample.Labels.MetricName));
        Assert.All(reading.Files.Where(file => file.Path.Contains("/ports/", StringComparison.Ordinal)), file => Assert.Equal("rdma-sysfs", file.Kind));
        Assert.Equal(
            [("mlx5_0", 230_442_669_431_839.0 * 4)],
            samples.Where(sample => sample.Labels["node"] == "sys-class-infiniband-h100" && sample.Labels["device"] == "mlx5_0" && sample.Labels.MetricName == "node_infiniband_port_data_transmitted_bytes_total")
                .Select(sample => (sample.Labels["device"], sample.Sample.Value)));
    }

    [Property(MaxTest = 300)]
    public Property DamagedEthtool_NeverThrows() => Prop.ForAll(
        Gen.Elements("NIC statistics:\n     rx_prio3_pause: 12\n     tx_bytes: 5\n", "# ethtool -S eth0\nNIC statistics:\n a: 1\n").ArbMapDamage(),
        text => Assert.True(EthtoolReader.Read(text, "n", "d", World.Start).Samples.Count <= 3));

    [Property(MaxTest = 300)]
    public Property DamagedModuleText_NeverThrows() => Prop.ForAll(
        Gen.Elements(
            "Identifier : 0x11 (QSFP28)\n\tRcvr signal avg optical power(Channel 1)  : 0.7 mW / -1.53 dBm\n\tLaser rx power low alarm threshold : 0.04 mW / -13.9 dBm\n",
            "# ethtool -m eth0\n\tModule temperature : 34.27 degrees C / 93.68 degrees F\n\tLaser output power : 0.56 mW / -2.5 dBm\n").ArbMapDamage(),
        text => Assert.True(EthtoolModuleReader.Read(text, "n", "d", World.Start).Samples.Count <= 4));

    private static List<Model.SeriesSample> Exposition(string file)
    {
        var samples = new List<Model.SeriesSample>();
        new ExpositionReader(new SeriesCache(labels => new SeriesShape(labels)))
            .Read(File.ReadAllBytes(file), new ReadSettings(ExpositionFormat.Text, 0, HonorTimestamps: true), samples);
        return samples;
    }

    private static SortedDictionary<string, RdmaDevice> Devices(string state, string rate, string downed) => RdmaReader.Read(
        [
            new("mlx5_0/ports/1/state", state), new("mlx5_0/ports/1/rate", rate), new("mlx5_0/ports/1/counters/link_downed", downed),
        ]);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
