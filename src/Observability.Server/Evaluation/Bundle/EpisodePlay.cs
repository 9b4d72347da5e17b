using Observability.Content;
using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>Sends an episode's alerts through everything right of the hinge: noise, correlation, ranking and the choice of a runbook.</summary>
internal sealed class EpisodePlay(ContentSet content, LearnedModels models, PlatformParts without)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // What gathers when the episode ends is judged as soon as it has settled.
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);

    /// <summary>What became of it.</summary>
    public IncidentLedger Play(EpisodeTelemetry episode)
    {
        var topology = new TopologyView();
        var isBlind = without.HasFlag(PlatformParts.Topology);
        topology.Apply(isBlind ? episode.Topology with { Edges = [] } : episode.Topology);
        var moves = new Queue<TopologyChange>(isBlind ? [] : episode.Moves);
        var pipeline = new Pipeline(new PipelineStages(topology, new IncidentsOptions(), ResponseParts.Limits(new ResponseOptionsSection()), content.Runbooks, models));
        var ledger = new IncidentLedger(content.Runbooks);
        var alerts = episode.Alerts.Where(IsHeard).ToArray();
        var fed = 0;
        for (var now = Whole(episode.From); now <= episode.To + Settle; now += Tick)
        {
            while (moves.TryPeek(out var move) && move.At <= now)
                Take(pipeline.Process(new TopologyChanged(moves.Dequeue()), now), ledger);
            Take(pipeline.Advance(now), ledger);
            for (; fed < alerts.Length && alerts[fed].At <= now; fed++)
            {
                foreach (var entry in pipeline.Admit(alerts[fed]))
                {
                    ledger.Read(entry);
                    Take(pipeline.Process(entry, now), ledger);
                }
            }
        }

        return ledger;
    }

    private bool IsHeard(AlertTransition alert) => !without.HasFlag(PlatformParts.Peers) || !PeerAlerts.Contains(alert.Alert.Name);

    private static IReadOnlyList<string> PeerAlerts => Alerting.PeerOutlierDetector.AlertNames;

    private static void Take(IReadOnlyList<JournalEntry> entries, IncidentLedger ledger)
    {
        foreach (var entry in entries)
            ledger.Read(entry);
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
