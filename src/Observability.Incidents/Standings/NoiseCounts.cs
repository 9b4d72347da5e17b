using Observability.Model;

namespace Observability.Incidents;

/// <summary>Sums over the whole journal.</summary>
internal sealed class NoiseCounts
{
    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset To { get; private set; }

    public long AlertsIn { get; set; }

    public long IncidentsOut { get; set; }

    public long Pages { get; set; }

    public SortedDictionary<NoiseReason, long> Reductions { get; } = [];

    public void Saw(DateTimeOffset at) => (From, To) = (From ?? at, at);

    public static void Reduce(SortedDictionary<NoiseReason, long> reductions, NoiseReason reason) => reductions[reason] = reductions.GetValueOrDefault(reason) + 1;
}
