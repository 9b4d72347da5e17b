namespace Observability.Alerting;

/// <summary>A counter's rate over the whole fleet that has no fixed limit, because what is usual depends on what the fleet does.</summary>
/// <param name="AlertName">Name of the alert.</param>
/// <param name="Expression">PromQL; one element, or one per series worth a history of its own.</param>
/// <param name="What">What it is, for the texts.</param>
/// <param name="Runbook">Runbook of the alert.</param>
internal sealed record RateSignal(string AlertName, string Expression, string What, string Runbook)
{
    /// <summary>All of them: sums over the fleet, so that a thousand nodes need five histories, not five thousand; a single device stands out from its peers, not from its past.</summary>
    public static IReadOnlyList<RateSignal> All { get; } =
    [
        new("FabricTrafficUnusual", "sum(rate(node_infiniband_port_data_transmitted_bytes_total[5m]))", "bytes per second sent on RDMA links", "runbooks/training-slow.md"),
        new("AckTimeoutsUnusual", "sum(rate(node_infiniband_local_ack_timeout_errors_total[5m]))", "RDMA acknowledgement timeouts per second", "runbooks/slow-nic.md"),
        new("CongestionUnusual", "sum(rate(node_infiniband_np_cnp_packets_sent_total[5m]))", "congestion notifications per second", "runbooks/slow-nic.md"),
        new("PcieReplaysUnusual", "sum(rate(DCGM_FI_DEV_PCIE_REPLAY_COUNTER[5m]))", "PCIe replays per second", "runbooks/pcie-width-loss.md"),
        new("CorrectedMemoryErrorsUnusual", "sum(rate(DCGM_FI_DEV_ECC_SBE_VOL_TOTAL[5m]))", "corrected memory errors per second", "runbooks/gpu-health.md"),
    ];
}
