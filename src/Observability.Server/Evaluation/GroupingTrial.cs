using System.Globalization;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Recorded incidents laid over one another, some at a time, with alerts that belong to none: how well are they parted? Log alerts tell no time
/// and stay out.
/// </summary>
/// <param name="System">Whose incidents.</param>
/// <param name="Together">How many at a time.</param>
/// <param name="Method">How they were parted.</param>
/// <param name="Incidents">How many in all.</param>
/// <param name="Score">How well.</param>
internal sealed record GroupingTrial(string System, int Together, string Method, int Incidents, GroupingScore Score)
{
    private const string Ours = "by onset";
    private const double NoisePerAlert = 0.1;

    // Those that are laid over one another begin within this; alerts of an incident come for up to nine minutes.
    private static readonly TimeSpan Spread = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan Apart = TimeSpan.FromHours(1);

    /// <summary>How long an alert must be silent before its next firing is another notification: Alertmanager's default for alerts that are not refreshed.</summary>
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromMinutes(5);

    /// <summary>True for the platform's own way.</summary>
    public bool IsOurs => Method == Ours;

    /// <summary>A trial of every method on the same stream.</summary>
    /// <param name="system">Whose incidents.</param>
    /// <param name="together">How many at a time.</param>
    /// <param name="random">Chooses which, when, and the noise.</param>
    public static IReadOnlyList<GroupingTrial> Run(AlertRcaSystem system, int together, Random random)
    {
        var stream = Stream(system, together, random);
        string?[] truth = [.. stream.Select(one => one.Incident)];
        var incidents = truth.OfType<string>().Distinct().Count();
        return incidents == 0 ? [] :
        [
            Trial(Ours, GroupingScore.Of(GroupByOnset.Group([.. stream.Select(one => one.At)]), truth)),
            Trial("gap of 60 s", GroupingScore.Of(ByGap(stream, TimeSpan.FromSeconds(60)), truth)),
            Trial("by alert name", GroupingScore.Of([.. stream.Select(one => one.Alert.Type)], truth)),
            Trial("Alertmanager: by name and episode", GroupingScore.Of(ByEpisode(stream), truth)),
        ];

        GroupingTrial Trial(string method, GroupingScore score) => new(system.Name, together, method, incidents, score);
    }

    /// <summary>Cells of a table.</summary>
    public IReadOnlyList<string> Row() =>
        [System, Together.ToString(CultureInfo.InvariantCulture), Method, Text(Score.PairF1), Text(Score.Nmi), Text(Score.Compression), Text(Score.Missed)];

#pragma warning disable CA5394 // What is laid over what wants repeatable numbers, not secret ones.
    private static List<Timed> Stream(AlertRcaSystem system, int together, Random random)
    {
        AlertRcaCase[] cases = [.. system.Cases.Where(one => one.Alerts.Any(alert => alert.At is not null))];
        random.Shuffle(cases);
        ServiceAlert[] known = [.. cases.SelectMany(one => one.Alerts).Where(alert => alert.At is not null)];
        var stream = new List<Timed>();
        var start = DateTimeOffset.UnixEpoch;
        foreach (var some in cases.Chunk(together).Where(some => some.Length == together))
        {
            var before = stream.Count;
            foreach (var one in some)
            {
                var shift = start + (together == 1 ? TimeSpan.Zero : random.NextDouble() * Spread) - one.BeganAt;
                stream.AddRange(one.Alerts.Where(alert => alert.At is not null).Select(alert => new Timed(alert.At!.Value + shift, alert, one.Id)));
            }

            var noise = (int)(NoisePerAlert * (stream.Count - before));
            for (var at = 0; at < noise; at++)
            {
                var alert = known[random.Next(known.Length)] with { Entity = system.Graph.Nodes[random.Next(system.Graph.Nodes.Count)] };
                stream.Add(new Timed(start + (random.NextDouble() * (Length + Spread)), alert, null));
            }

            start += Apart;
        }

        return [.. stream.OrderBy(one => one.At)];
    }
#pragma warning restore CA5394

    private static List<int> ByGap(List<Timed> stream, TimeSpan gap)
    {
        var groups = new List<int>(stream.Count);
        for (var at = 0; at < stream.Count; at++)
            groups.Add(at == 0 ? 0 : groups[at - 1] + (stream[at].At - stream[at - 1].At > gap ? 1 : 0));
        return groups;
    }

    private static List<(string, int)> ByEpisode(List<Timed> stream)
    {
        var groups = new List<(string, int)>(stream.Count);
        var last = new Dictionary<string, (DateTimeOffset At, int Episode)>(StringComparer.Ordinal);
        foreach (var one in stream)
        {
            var known = last.GetValueOrDefault(one.Alert.Type, (At: one.At, Episode: 0));
            last[one.Alert.Type] = (one.At, known.Episode + (one.At - known.At > ResolveTimeout ? 1 : 0));
            groups.Add((one.Alert.Type, last[one.Alert.Type].Episode));
        }

        return groups;
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private readonly record struct Timed(DateTimeOffset At, ServiceAlert Alert, string? Incident);
}
