namespace Observability.Incidents;

/// <summary>
/// How often each kind of alert has fired at each node in earlier incidents, older ones counting less. One observation an incident: how many
/// times an alert repeats within it says how talkative its source is.
/// </summary>
internal sealed class AlertMemory(double halfLife, AlertRankingOptions options)
{
    // What has faded to this counts for nothing, so that what is remembered is bounded by what fires.
    private const double Forgotten = 0.01;

    // What fires on so many services that it does not fit is counted and not remembered: it ranks as if it had never fired.
    private const int MostPairs = 100_000;

    private readonly double _fading = Math.Pow(0.5, 1 / halfLife);
    private readonly Dictionary<(string Entity, AlertKind Kind), double> _ofNode = [];
    private readonly Dictionary<(string EntityKind, AlertKind Kind), double> _ofKind = [];
    private double _incidents;

    /// <summary>How many node-and-kind pairs are remembered.</summary>
    public int Count => _ofNode.Count;

    /// <summary>Probability that an alert fires at a node though nothing is wrong there.</summary>
    /// <param name="entity">The node.</param>
    /// <param name="entityKind">Its kind.</param>
    /// <param name="peers">How many other nodes are of that kind.</param>
    /// <param name="kind">The alert.</param>
    /// <param name="firingPeers">At how many of those it fires in this very incident: what fires everywhere is no sign of one node.</param>
    public double Rate(string entity, string entityKind, int peers, AlertKind kind, int firingPeers)
    {
        var ofPeers = (_ofKind.GetValueOrDefault((entityKind, kind)) + firingPeers + (options.UnknownWeight * options.UnknownRate))
            / ((_incidents * (peers + 1)) + peers + options.UnknownWeight);
        return (_ofNode.GetValueOrDefault((entity, kind)) + (options.PeerWeight * ofPeers)) / (_incidents + options.PeerWeight);
    }

    /// <summary>One more incident is over.</summary>
    public void Add(IEnumerable<(string Entity, string EntityKind, AlertKind Kind)> fired)
    {
        _incidents = (_incidents * _fading) + 1;
        Fade(_ofNode);
        Fade(_ofKind);
        foreach (var (entity, entityKind, kind) in fired)
        {
            if (_ofNode.Count >= MostPairs && !_ofNode.ContainsKey((entity, kind)))
            {
                IncidentsMetrics.ServiceHistoryRefused.Add(1);
                continue;
            }

            _ofNode[(entity, kind)] = _ofNode.GetValueOrDefault((entity, kind)) + 1;
            _ofKind[(entityKind, kind)] = _ofKind.GetValueOrDefault((entityKind, kind)) + 1;
        }
    }

    private void Fade<TKey>(Dictionary<TKey, double> counts)
        where TKey : notnull
    {
        foreach (var (key, count) in counts.ToArray())
        {
            if (count * _fading < Forgotten)
                counts.Remove(key);
            else
                counts[key] = count * _fading;
        }
    }
}
