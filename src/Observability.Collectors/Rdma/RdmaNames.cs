using System.Collections.Frozen;

namespace Observability.Collectors;

/// <summary>
/// From files of sysfs to the names of node_exporter, so that rules work on both alike. What node_exporter does not know keeps its
/// name of sysfs with <c>_total</c>. Data is counted in words of 4 bytes and becomes bytes.
/// </summary>
internal static class RdmaNames
{
    private const string Prefix = "node_infiniband_";

    private static readonly FrozenDictionary<string, (string Name, double Scale)> Known = new Dictionary<string, (string, double)>
    {
        ["counters/port_rcv_data"] = ("port_data_received_bytes_total", 4),
        ["counters/port_xmit_data"] = ("port_data_transmitted_bytes_total", 4),
        ["counters/port_rcv_packets"] = ("port_packets_received_total", 1),
        ["counters/port_xmit_packets"] = ("port_packets_transmitted_total", 1),
        ["counters/unicast_rcv_packets"] = ("unicast_packets_received_total", 1),
        ["counters/unicast_xmit_packets"] = ("unicast_packets_transmitted_total", 1),
        ["counters/multicast_rcv_packets"] = ("multicast_packets_received_total", 1),
        ["counters/multicast_xmit_packets"] = ("multicast_packets_transmitted_total", 1),
        ["counters/port_rcv_constraint_errors"] = ("port_constraint_errors_received_total", 1),
        ["counters/port_xmit_constraint_errors"] = ("port_constraint_errors_transmitted_total", 1),
        ["counters/port_rcv_discards"] = ("port_discards_received_total", 1),
        ["counters/port_xmit_discards"] = ("port_discards_transmitted_total", 1),
        ["counters/port_rcv_errors"] = ("port_errors_received_total", 1),
        ["counters/port_xmit_wait"] = ("port_transmit_wait_total", 1),
        ["counters/port_rcv_remote_physical_errors"] = ("port_receive_remote_physical_errors_total", 1),
        ["counters/port_rcv_switch_relay_errors"] = ("port_receive_switch_relay_errors_total", 1),
        ["counters/VL15_dropped"] = ("vl15_dropped_total", 1),
        ["counters_ext/port_rcv_data_64"] = ("legacy_data_received_bytes_total", 4),
        ["counters_ext/port_xmit_data_64"] = ("legacy_data_transmitted_bytes_total", 4),
        ["counters_ext/port_rcv_packets_64"] = ("legacy_packets_received_total", 1),
        ["counters_ext/port_xmit_packets_64"] = ("legacy_packets_transmitted_total", 1),
        ["counters_ext/port_unicast_rcv_packets"] = ("legacy_unicast_packets_received_total", 1),
        ["counters_ext/port_unicast_xmit_packets"] = ("legacy_unicast_packets_transmitted_total", 1),
        ["counters_ext/port_multicast_rcv_packets"] = ("legacy_multicast_packets_received_total", 1),
        ["counters_ext/port_multicast_xmit_packets"] = ("legacy_multicast_packets_transmitted_total", 1),
        ["hw_counters/duplicate_request"] = ("duplicate_requests_packets_total", 1),
        ["hw_counters/implied_nak_seq_err"] = ("implied_nak_seq_errors_total", 1),
        ["hw_counters/local_ack_timeout_err"] = ("local_ack_timeout_errors_total", 1),
        ["hw_counters/np_cnp_sent"] = ("np_cnp_packets_sent_total", 1),
        ["hw_counters/np_ecn_marked_roce_packets"] = ("np_ecn_marked_roce_packets_received_total", 1),
        ["hw_counters/out_of_buffer"] = ("out_of_buffer_drops_total", 1),
        ["hw_counters/out_of_sequence"] = ("out_of_sequence_packets_received_total", 1),
        ["hw_counters/packet_seq_err"] = ("packet_sequence_errors_total", 1),
        ["hw_counters/req_cqe_error"] = ("req_cqe_errors_total", 1),
        ["hw_counters/req_cqe_flush_error"] = ("req_cqe_flush_errors_total", 1),
        ["hw_counters/req_remote_access_errors"] = ("req_remote_access_errors_total", 1),
        ["hw_counters/req_remote_invalid_request"] = ("req_remote_invalid_request_errors_total", 1),
        ["hw_counters/resp_cqe_error"] = ("resp_cqe_errors_total", 1),
        ["hw_counters/resp_cqe_flush_error"] = ("resp_cqe_flush_errors_total", 1),
        ["hw_counters/resp_local_length_error"] = ("resp_local_length_errors_total", 1),
        ["hw_counters/resp_remote_access_errors"] = ("resp_remote_access_errors_total", 1),
        ["hw_counters/rnr_nak_retry_err"] = ("rnr_nak_retry_packets_received_total", 1),
        ["hw_counters/roce_adp_retrans"] = ("roce_adp_retransmits_total", 1),
        ["hw_counters/roce_adp_retrans_to"] = ("roce_adp_retransmits_timeout_total", 1),
        ["hw_counters/roce_slow_restart"] = ("roce_slow_restart_used_total", 1),
        ["hw_counters/roce_slow_restart_cnps"] = ("roce_slow_restart_cnps_total", 1),
        ["hw_counters/roce_slow_restart_trans"] = ("roce_slow_restart_total", 1),
        ["hw_counters/rp_cnp_handled"] = ("rp_cnp_packets_handled_total", 1),
        ["hw_counters/rp_cnp_ignored"] = ("rp_cnp_ignored_packets_received_total", 1),
        ["hw_counters/rx_icrc_encapsulated"] = ("rx_icrc_encapsulated_errors_total", 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Name and scale of a counter file below a port; null for what is no counter.</summary>
    public static (string Name, double Scale)? Of(string file)
    {
        if (Known.TryGetValue(file, out var known))
            return (Prefix + known.Name, known.Scale);
        var slash = file.IndexOf('/', StringComparison.Ordinal);

        // lifespan is a setting, the milliseconds between two refreshes of the counters.
        return slash < 0 || file.EndsWith("/lifespan", StringComparison.Ordinal) ? null : ($"{Prefix}{file[(slash + 1)..]}_total", 1);
    }
}
