namespace Observability.Simulator;

/// <summary>A node's node_exporter: the InfiniBand collector's names and what the platform needs beside them.</summary>
internal static class NodeExporter
{
    private static readonly Field[] Fields =
    [
        new("node_infiniband_state_id", "gauge", "State of the InfiniBand port (0: no change, 1: down, 2: init, 3: armed, 4: active, 5: act defer)", nic => nic.Down ? 1 : 4),
        new("node_infiniband_physical_state_id", "gauge", "Physical state of the InfiniBand port (0: no change, 1: sleep, 2: polling, 3: disable, 4: shift, 5: link up, 6: link error recover, 7: phytest)", nic => nic.Down ? 2 : 5),
        new("node_infiniband_rate_bytes_per_second", "gauge", "Maximum signal transfer rate", nic => nic.Slow ? 2.5e10 : 5e10),
        new("node_infiniband_link_downed_total", "counter", "Number of times the link failed to recover from an error state and went down", nic => nic.LinkDowned),
        new("node_infiniband_link_error_recovery_total", "counter", "Number of times the link successfully recovered from an error state", _ => 0),
        new("node_infiniband_symbol_error_total", "counter", "Number of minor link errors detected on one or more physical lanes", nic => Math.Floor(nic.SymbolErrors)),
        new("node_infiniband_port_errors_received_total", "counter", "Number of packets containing an error that were received on this port", nic => Math.Floor(nic.ReceiveErrors)),
        new("node_infiniband_packet_sequence_errors_total", "counter", "Number of received NAK sequence error packets", nic => Math.Floor(nic.SequenceErrors)),
        new("node_infiniband_local_ack_timeout_errors_total", "counter", "Number of times QP's ack timer expired for RC, XRC, DCT QPs at the sender side", nic => Math.Floor(nic.AckTimeouts)),
        new("node_infiniband_port_data_transmitted_bytes_total", "counter", "Number of data octets transmitted on all links", nic => Math.Floor(nic.SentBytes)),
        new("node_infiniband_port_data_received_bytes_total", "counter", "Number of data octets received on all links", nic => Math.Floor(nic.SentBytes)),
        new("node_infiniband_port_transmit_wait_total", "counter", "Number of ticks during which the port had data to transmit but no data was sent during the entire tick", nic => Math.Floor(nic.TransmitWaitTicks)),
        new("node_infiniband_port_discards_transmitted_total", "counter", "Number of outbound packets discarded by the port because the port is down or congested", _ => 0),
        new("node_infiniband_out_of_sequence_packets_received_total", "counter", "Number of out of sequence packets received", nic => Math.Floor(nic.SequenceErrors)),
    ];

    /// <summary>What the exporter answers now.</summary>
    public static string Render(SimNode node, Fleet fleet)
    {
        var text = new ExpositionWriter();
        text.Family("node_boot_time_seconds", "gauge", "Node boot time, in unixtime.");
        text.Sample("node_boot_time_seconds", "", node.BootedAt.ToUnixTimeSeconds());
        text.Family("node_load1", "gauge", "1m load average.");
        text.Sample("node_load1", "", Math.Round(24 + Noise.Normal(fleet.Options.Seed, node.Index, 50, fleet.Now.ToUnixTimeSeconds() / 15), 2));
        text.Family("node_memory_MemAvailable_bytes", "gauge", "Memory information field MemAvailable_bytes.");
        text.Sample("node_memory_MemAvailable_bytes", "", 1.4e12);
        text.Family("node_uname_info", "gauge", "Labeled system information as provided by the uname system call.");
        text.Sample("node_uname_info", $"machine=\"x86_64\",nodename=\"{node.Name}\",release=\"6.8.0\",sysname=\"Linux\"", 1);
        foreach (var field in Fields)
        {
            text.Family(field.Name, field.Type, field.Help);
            foreach (var nic in node.Nics)
                text.Sample(field.Name, $"device=\"{nic.Device}\",port=\"1\"", field.Value(nic));
        }

        text.Family("node_infiniband_info", "gauge", "Non-numeric data from /sys/class/infiniband/<device>, value is always 1.");
        foreach (var nic in node.Nics)
            text.Sample("node_infiniband_info", $"board_id=\"MT_0000000838\",device=\"{nic.Device}\",firmware_version=\"28.39.1002\",hca_type=\"MT4129\"", 1);
        return text.ToString();
    }

    private sealed record Field(string Name, string Type, string Help, Func<Nic, double> Value);
}
