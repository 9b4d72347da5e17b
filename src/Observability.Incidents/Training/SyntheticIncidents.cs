using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Incidents with a known cause for training: the alerts that each fault gives rise to, with the delays and gaps of real
/// telemetry, alerts that are lost, and alerts that have nothing to do with it. They run through the real correlation.
/// </summary>
public static class SyntheticIncidents
{
    private static readonly string[] Kinds =
    [
        FaultClass.GpuOffBus, FaultClass.EccUncontained, FaultClass.RowRemapPending, FaultClass.ThermalThrottle, FaultClass.PcieWidthLoss,
        FaultClass.SlowNic, FaultClass.LeafFlap, FaultClass.UserCodeHang, FaultClass.DataLoaderStall, FaultClass.JobKilled, FaultClass.MonitorSilent,
        FaultClass.Maintenance, FaultClass.NodeDown, FaultClass.Straggler,
    ];

    /// <summary>Incidents of a seed.</summary>
    public static IReadOnlyList<LabelledIncident> Generate(int count, int seed)
    {
        var topology = SyntheticFleet.Build();
        var random = new Random(seed);
        var incidents = new List<LabelledIncident>();
        for (var i = 0; i < count; i++)
        {
            var story = SyntheticStory.Tell(Kinds[i % Kinds.Length], random);
            var candidates = Candidates.Of([.. story.Alerts], topology.Current);
            if (candidates.Count == 0)
                continue;
            var truth = Enumerable.Range(0, candidates.Count)
                .Where(c => candidates[c].Entity == story.Cause && candidates[c].FaultClass == story.FaultClass).Select(c => (int?)c).FirstOrDefault();
            incidents.Add(new LabelledIncident([.. candidates.Select(candidate => candidate.Features)], truth));
        }

        return incidents;
    }

    /// <summary>Alerts with whether someone had to act, for the classifier of actionability.</summary>
    public static IReadOnlyList<ActionabilityFeatures> Alerts(int count, int seed)
    {
        var random = new Random(seed);
        var examples = new List<ActionabilityFeatures>();
        for (var i = 0; i < count; i++)
        {
            var story = SyntheticStory.Tell(Kinds[i % Kinds.Length], random);
            foreach (var alert in story.Alerts.Take(12))
            {
                var isNoise = story.Noise.Contains(alert);
                var screened = new ScreenedAlert(new AlertTransition(alert, AlertTransitionKind.Fired, alert.StartsAt), []);
                if (!isNoise && alert.Labels[AlertLabel.Role] == AlertLabel.RoleSymptom && random.NextDouble() < 0.5)
                    screened = screened.Mark(new NoiseMark(NoiseReason.Inhibited, "", ""));
                examples.Add(ActionabilityFeatures.Of(screened, label: !isNoise && story.FaultClass != FaultClass.Maintenance));
            }
        }

        return examples;
    }
}
