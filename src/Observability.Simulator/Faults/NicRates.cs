namespace Observability.Simulator;

/// <summary>What faults add to an adapter's counters, per second.</summary>
internal sealed class NicRates
{
    public double AckTimeouts { get; set; }

    public double SymbolErrors { get; set; }

    public double SequenceErrors { get; set; }

    public double PausesSent { get; set; }

    public double PausesReceived { get; set; }

    public double CongestionNotices { get; set; }

    public double CorrectedBits { get; set; }
}
