using System.Text;

namespace Observability.Simulator;

/// <summary>A node's node_exporter: the InfiniBand collector's names and what the platform needs beside them.</summary>
internal static class NodeExporter
{
    private const string Scratch = "device=\"/dev/nvme0n1p1\",fstype=\"ext4\",mountpoint=\"/scratch\"";
    private const string Shared = $"device=\"{FaultPlaces.FileSystem}\",fstype=\"gpfs\",mountpoint=\"/data\"";

    private static readonly Field[] Fields =
    [
        new("node_infiniband_state_id", "gauge", "State of the InfiniBand port (0: no change, 1: down, 2: init, 3: armed, 4: active, 5: act defer)", nic => nic.Down ? 1 : 4),
        new("node_infiniband_physical_state_id", "gauge", "Physical state of the InfiniBand port (0: no change, 1: sleep, 2: polling, 3: disable, 4: shift, 5: link up, 6: link error recover, 7: phytest)", nic => nic.Down ? 2 : 5) { Matters = false },
        new("node_infiniband_rate_bytes_per_second", "gauge", "Maximum signal transfer rate", nic => nic.Slow ? 2.5e10 : 5e10),
        new("node_infiniband_link_downed_total", "counter", "Number of times the link failed to recover from an error state and went down", nic => nic.LinkDowned),
        new("node_infiniband_link_error_recovery_total", "counter", "Number of times the link successfully recovered from an error state", _ => 0) { Matters = false },
        new("node_infiniband_symbol_error_total", "counter", "Number of minor link errors detected on one or more physical lanes", nic => nic.SymbolsReadZero ? 0 : Math.Floor(nic.SymbolErrors)),
        new("node_infiniband_port_errors_received_total", "counter", "Number of packets containing an error that were received on this port", nic => Math.Floor(nic.ReceiveErrors)),
        new("node_infiniband_packet_sequence_errors_total", "counter", "Number of received NAK sequence error packets", nic => Math.Floor(nic.SequenceErrors)),
        new("node_infiniband_local_ack_timeout_errors_total", "counter", "Number of times QP's ack timer expired for RC, XRC, DCT QPs at the sender side", nic => Math.Floor(nic.AckTimeouts)),
        new("node_infiniband_port_data_transmitted_bytes_total", "counter", "Number of data octets transmitted on all links", nic => Math.Floor(nic.SentBytes)) { Deadband = 2e11 },
        new("node_infiniband_port_data_received_bytes_total", "counter", "Number of data octets received on all links", nic => Math.Floor(nic.SentBytes)) { Deadband = 2e11 },
        new("node_infiniband_port_transmit_wait_total", "counter", "Number of ticks during which the port had data to transmit but no data was sent during the entire tick", nic => Math.Floor(nic.TransmitWaitTicks)) { Matters = false },
        new("node_infiniband_port_discards_transmitted_total", "counter", "Number of outbound packets discarded by the port because the port is down or congested", _ => 0) { Matters = false },
        new("node_infiniband_out_of_sequence_packets_received_total", "counter", "Number of out of sequence packets received", nic => Math.Floor(nic.SequenceErrors)),
        new("node_infiniband_np_cnp_packets_sent_total", "counter", "Number of CNP packets sent by the Notification Point when it notices congestion experienced in the RoCEv2 IP header (ECN bits)", nic => Math.Floor(nic.CongestionNotices)),
        new("node_ethtool_transmitted_prio3_pause", "untyped", "Network interface tx_prio3_pause", nic => Math.Floor(nic.PausesSent)),
        new("node_ethtool_received_prio3_pause", "untyped", "Network interface rx_prio3_pause", nic => Math.Floor(nic.PausesReceived)),
        new("node_ethtool_received_corrected_bits_phy", "untyped", "Network interface rx_corrected_bits_phy", nic => Math.Floor(nic.CorrectedBits)),
    ];

    private static readonly HostField[] Host =
    [
        new("node_boot_time_seconds", "gauge", "Node boot time, in unixtime.", (node, fleet) => node.BootedByItsClock(fleet.Now).ToUnixTimeSeconds()),
        new("node_load1", "gauge", "1m load average.", (node, fleet) => Math.Round(24 + node.Host.ExtraLoad + Noise.Normal(fleet.Options.Seed, node.Index, 50, fleet.Now.ToUnixTimeSeconds() / 15), 2)) { Deadband = 10 },
        new("node_memory_MemAvailable_bytes", "gauge", "Memory information field MemAvailable_bytes.", (node, _) => node.Host.MemoryAvailable) { Deadband = 1e10 },
        new("node_procs_blocked", "gauge", "Number of processes blocked waiting for I/O to complete.", (node, _) => node.Host.Blocked),
        new("node_pressure_cpu_waiting_seconds_total", "counter", "Total time in seconds that processes have waited for CPU time", (node, _) => Math.Round(node.Host.CpuWaiting, 3)),
        new("node_pressure_io_waiting_seconds_total", "counter", "Total time in seconds that processes have waited due to IO congestion", (node, _) => Math.Round(node.Host.IoWaiting, 3)),
        new("node_vmstat_oom_kill", "untyped", "/proc/vmstat information field oom_kill.", (node, _) => node.Host.OomKills),
        new("node_filesystem_avail_bytes", "gauge", "Filesystem space available to non-root users in bytes.", (node, _) => node.Host.DiskAvailable, Scratch) { Deadband = 1e10 },
        new("node_filesystem_device_error", "gauge", "Whether an error occurred while getting statistics for the given device.", (node, _) => node.Host.MountStuck ? 1 : 0, Shared),
        new("node_filesystem_size_bytes", "gauge", "Filesystem size in bytes.", (_, _) => HostState.DiskSize, Scratch),
    ];

    // The time collector; only where clocks matter, since it changes with every scrape.
    private static readonly ExpositionFamily Time = new("node_time_seconds", "gauge", "System time in seconds since epoch (1970).") { Deadband = 1 };

    private static readonly ExpositionFamily Uname = new("node_uname_info", "gauge", "Labeled system information as provided by the uname system call.") { Matters = false };

    private static readonly ExpositionFamily Adapter = new("node_infiniband_info", "gauge", "Non-numeric data from /sys/class/infiniband/<device>, value is always 1.") { Matters = false };

    // The same on every node, so written once for all.
    private static readonly byte[][] Ports = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(n => Encoding.UTF8.GetBytes($"device=\"mlx5_{n}\",port=\"1\""))];
    private static readonly byte[][] Netdevs = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(n => Encoding.UTF8.GetBytes($"device=\"mlx5_{n}\""))];
    private static readonly byte[][] Adapters = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(n =>
        Encoding.UTF8.GetBytes($"board_id=\"MT_0000000838\",device=\"mlx5_{n}\",firmware_version=\"28.39.1002\",hca_type=\"MT4129\""))];

    /// <summary>What the exporter answers now, as text.</summary>
    public static string Render(SimNode node, Fleet fleet)
    {
        var text = new ExpositionWriter();
        Read(node, fleet, text);
        return text.ToString();
    }

    /// <summary>What the exporter says now.</summary>
    public static void Read(SimNode node, Fleet fleet, IReadingSink sink)
    {
        foreach (var field in Host)
        {
            if (sink.Begin(field))
                sink.Sample(field, field.Labels, "", field.Value(node, fleet));
        }

        if (fleet.Options.Telemetry.HasFlag(FleetTelemetry.Clocks) && sink.Begin(Time))
            sink.Sample(Time, [], "", node.Clock.Show(fleet.Now).ToUnixTimeMilliseconds() / 1_000.0);
        if (sink.Begin(Uname))
            sink.Sample(Uname, node.UnameText, "", 1);
        foreach (var field in Fields)
        {
            if (!sink.Begin(field))
                continue;
            // ethtool knows network devices, which have no ports; here they have the names of their adapters.
            var labels = field.Type == "untyped" ? Netdevs : Ports;
            foreach (var nic in node.Nics)
                sink.Sample(field, labels[nic.Index], "", field.Value(nic));
        }

        if (!sink.Begin(Adapter))
            return;
        foreach (var nic in node.Nics)
            sink.Sample(Adapter, Adapters[nic.Index], "", 1);
    }

    private sealed class Field(string name, string type, string help, Func<Nic, double> value) : ExpositionFamily(name, type, help)
    {
        public Func<Nic, double> Value => value;
    }

    private sealed class HostField(string name, string type, string help, Func<SimNode, Fleet, double> value, string labels = "") : ExpositionFamily(name, type, help)
    {
        public Func<SimNode, Fleet, double> Value => value;

        public byte[] Labels { get; } = Encoding.UTF8.GetBytes(labels);
    }
}
