namespace Observability.Simulator;

/// <summary>Takes what an exporter says, one family after the other.</summary>
internal interface IReadingSink
{
    /// <summary>A family begins; false where its samples are not wanted, so that nobody need compute them.</summary>
    bool Begin(ExpositionFamily family);

    /// <summary>A sample of it. Labels are UTF-8 text without braces; <paramref name="extra"/> goes behind them.</summary>
    void Sample(ExpositionFamily family, byte[] labels, string extra, double value);

    /// <summary>What follows was gathered at a time, and the exporter writes that behind every sample.</summary>
    void Stated(DateTimeOffset at);
}
