namespace Observability.Simulator;

/// <summary>What an exporter said once, to be said again.</summary>
internal sealed class Readings : IReadingSink
{
    private readonly List<(ExpositionFamily Family, List<(byte[] Labels, string Extra, double Value)> Samples)> _families = [];

    public bool Begin(ExpositionFamily family)
    {
        _families.Add((family, []));
        return true;
    }

    public void Sample(ExpositionFamily family, byte[] labels, string extra, double value) => _families[^1].Samples.Add((labels, extra, value));

    public void Stated(DateTimeOffset at)
    {
        // It is gathered at the moment that is asked for.
    }

    /// <summary>Says it all again.</summary>
    public void ToSink(IReadingSink sink)
    {
        foreach (var (family, samples) in _families)
        {
            if (!sink.Begin(family))
                continue;
            foreach (var (labels, extra, value) in samples)
                sink.Sample(family, labels, extra, value);
        }
    }
}
