namespace Observability.Simulator;

/// <summary>
/// What a switch tells: the interface table as snmp_exporter gives it (IF-MIB), the counters of NVIDIA's switch telemetry, and link changes as
/// node_exporter names them. Labels <c>ifName</c>, <c>interface</c> and <c>device</c> hold the port, <c>ifAlias</c> what hangs on it.
/// </summary>
internal static class SwitchExporter
{
    // 1 is up, 2 is down. Of the priority groups and traffic classes only the one of RoCE is told, as an operator would configure it.
    private static readonly Field[] Fields =
    [
        new("ifOperStatus", "gauge", "The current operational state of the interface - 1.3.6.1.2.1.2.2.1.8", port => port.IsUp ? 1 : 2, port => port.IfText),
        new("ifHCInOctets", "counter", "The total number of octets received on the interface - 1.3.6.1.2.1.31.1.1.1.6", port => Math.Floor(port.InOctets), port => port.IfText) { Deadband = 2e11 },
        new("ifHCOutOctets", "counter", "The total number of octets transmitted out of the interface - 1.3.6.1.2.1.31.1.1.1.10", port => Math.Floor(port.OutOctets), port => port.IfText) { Deadband = 2e11 },
        new("ifInErrors", "counter", "Inbound packets that contained errors - 1.3.6.1.2.1.2.2.1.14", port => Math.Floor(port.FcsErrors), port => port.IfText),
        new("ifOutDiscards", "counter", "Outbound packets which were chosen to be discarded - 1.3.6.1.2.1.2.2.1.19", port => Math.Floor(port.LinkDownDiscards + port.BufferDiscards), port => port.IfText),
        new("nvswitch_interface_dot3_stats_symbol_errors", "gauge", "NVIDIA Ethernet Switch Interface dot3 stats symbol errors counter", port => Math.Floor(port.SymbolErrors), port => port.Text),
        new("nvswitch_interface_dot3_stats_fcs_errors", "gauge", "NVIDIA Ethernet Switch Interface dot3 stats fcs errors counter", port => Math.Floor(port.FcsErrors), port => port.Text),
        new("nvswitch_interface_pg_rx_pause", "gauge", "NVIDIA Ethernet Switch Interface ingress priority group receive pause counter", port => Math.Floor(port.PausesReceived), port => port.Text),
        new("nvswitch_interface_pg_tx_pause", "gauge", "NVIDIA Ethernet Switch Interface ingress priority group transmit pause counter", port => Math.Floor(port.PausesSent), port => port.Text),
        new("nvswitch_interface_tc_tx_ecn_marked_tc", "gauge", "NVIDIA Ethernet Switch Interface egress traffic class transmit ECN marked counter", port => Math.Floor(port.EcnMarked), port => port.Text),
        new("nvswitch_interface_pg_rx_buffer_discard", "gauge", "NVIDIA Ethernet Switch Interface ingress priority group receive buffer discard counter", port => Math.Floor(port.BufferDiscards), port => port.Text),
        new("nvswitch_interface_discards_egress_link_down", "gauge", "NVIDIA Ethernet Switch Interface egress link down discards counter", port => Math.Floor(port.LinkDownDiscards), port => port.Text),
        new("node_network_carrier_down_changes_total", "counter", "Network device property: carrier_down_count", port => port.WentDown, port => port.DeviceText),
    ];

    /// <summary>What it says now, of its optics too where the fleet tells of those.</summary>
    public static void Read(SimSwitch of, Fleet fleet, IReadingSink sink)
    {
        foreach (var field in Fields)
        {
            if (!sink.Begin(field))
                continue;
            foreach (var port in of.Ports)
                sink.Sample(field, field.Labels(port), "", field.Value(port));
        }

        if (fleet.Options.Telemetry.HasFlag(FleetTelemetry.Optics))
            TransceiverExporter.Read([.. of.Ports.Select(port => port.Optic)], fleet, sink);
    }

    private sealed class Field(string name, string type, string help, Func<SwitchPort, double> value, Func<SwitchPort, byte[]> labels) : ExpositionFamily(name, type, help)
    {
        public Func<SwitchPort, double> Value => value;

        public Func<SwitchPort, byte[]> Labels => labels;
    }
}
