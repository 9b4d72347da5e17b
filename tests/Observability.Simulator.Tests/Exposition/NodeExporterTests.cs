namespace Observability.Simulator.Tests;

public sealed class NodeExporterTests
{
    // Hardware counters of mlx5 and the symbol counter, which the capture's older adapter lacks (facts on telemetry, section
    // 4.2), and what its older kernel lacks.
    private static readonly string[] NotInTheCapture =
    [
        "node_memory_MemAvailable_bytes",
        "node_infiniband_symbol_error_total", "node_infiniband_packet_sequence_errors_total",
        "node_infiniband_local_ack_timeout_errors_total", "node_infiniband_out_of_sequence_packets_received_total",
        "node_infiniband_np_cnp_packets_sent_total", "node_ethtool_transmitted_prio3_pause", "node_ethtool_received_prio3_pause",
        "node_ethtool_received_corrected_bits_phy", "node_filesystem_avail_bytes", "node_filesystem_size_bytes", "node_filesystem_device_error",
    ];

    private readonly SimulatedFleet _world = new SimulatedFleet().After(30);

    [Fact]
    public void Families_AgainstTheCapture_HaveItsNamesTypesHelpsAndLabels()
    {
        var captured = Scrape.Of(string.Join('\n', File.ReadLines(Captures.File("node_exporter", "e2e-output.txt"))
            .Where(line => Wanted().Any(name => line.StartsWith(name, StringComparison.Ordinal) || line.StartsWith($"# HELP {name} ", StringComparison.Ordinal) || line.StartsWith($"# TYPE {name} ", StringComparison.Ordinal)))
            .Where(line => !line.Contains("\\\"", StringComparison.Ordinal))));
        var ours = Scrape.Node(_world, 0);

        Assert.All(Wanted(), name => Assert.Equal(
            (name, captured.Types.GetValueOrDefault(name, "absent"), captured.Helps.GetValueOrDefault(name, "absent"), Labels(captured, name)),
            (name, ours.Types[name], ours.Helps[name], Labels(ours, name))));

        string[] Wanted() => [.. Scrape.Node(_world, 0).Types.Keys.Except(NotInTheCapture).Except(["node_uname_info"])];
    }

    [Fact]
    public void Uname_NamesTheNode()
    {
        var uname = Scrape.Node(_world, 3).Samples.Single(sample => sample.Name == "node_uname_info");

        Assert.Equal(("node-003", 1.0), (uname.Labels["nodename"], uname.Value));
    }

    [Fact]
    public void Ports_OfANode_AreEightConnectXAtFourHundredGigabits()
    {
        var scrape = Scrape.Node(_world, 0);

        Assert.Equal(Enumerable.Range(0, 8).Select(n => $"mlx5_{n}"), scrape.Samples.Where(sample => sample.Name == "node_infiniband_info" && sample.Labels["hca_type"] == "MT4129").Select(sample => sample.Labels["device"]));
        Assert.All(Enumerable.Range(0, 8), n => Assert.Equal((4, 5, 5e10), (
            scrape.Value("node_infiniband_state_id", n), scrape.Value("node_infiniband_physical_state_id", n), scrape.Value("node_infiniband_rate_bytes_per_second", n))));
    }

    [Fact]
    public void Boot_IsBeforeTheWorldBeganAndStaysWhatItIs()
    {
        var boot = Scrape.Node(_world, 5).Samples.Single(sample => sample.Name == "node_boot_time_seconds").Value;
        var later = Scrape.Node(_world.After(100), 5).Samples.Single(sample => sample.Name == "node_boot_time_seconds").Value;

        Assert.Equal(boot, later);
        Assert.InRange(boot, _world.Fleet.StartedAt.AddHours(-337).ToUnixTimeSeconds(), _world.Fleet.StartedAt.AddHours(-1).ToUnixTimeSeconds());
    }

    [Fact]
    public void Traffic_OfARunningJob_IsTwentyFourAndAHalfGigabitsPerSecond()
    {
        var before = Scrape.Node(_world, 0).Value("node_infiniband_port_data_transmitted_bytes_total", 0);
        var after = Scrape.Node(_world.After(60), 0).Value("node_infiniband_port_data_transmitted_bytes_total", 0);

        Assert.Equal(24.5, (after - before) * 8 / 60 / 1e9, tolerance: 0.01);
        Assert.Equal(0, Scrape.Node(_world, 15).Value("node_infiniband_port_data_transmitted_bytes_total", 0));
    }

    private static string Labels(Scrape scrape, string name) => string.Join(',', scrape.Samples.First(sample => sample.Name == name).Labels.Keys);
}
