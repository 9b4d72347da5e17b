using Observability.Model;

namespace Observability.Incidents;

public static partial class SyntheticIncidents
{
    // Of a story only the first alerts: what follows in a storm is more of the same.
    private const int MostOfStory = 24;

    // An on-call who says of one alert in five whether it was worth it, and errs in one of twenty: so that the classifier learns what the
    // word of people is worth.
    private const double Heard = 0.2;
    private const double Errs = 0.05;

    /// <summary>Alerts with whether someone had to act, for the classifier of actionability: seen through the same history as in life.</summary>
    public static IReadOnlyList<ActionabilityFeatures> Alerts(int stories, SyntheticPart part, int seed) => [.. Told(stories, part, seed).Select(one => one.Example)];

    /// <summary>Features of the alerts as the platform would compare them with those of late: a rule once in a while only.</summary>
    internal static IReadOnlyList<float[]> Recent(int stories, int seed)
    {
        var entered = new Dictionary<(int Story, string Rule), DateTimeOffset>();
        return [.. Told(stories, SyntheticPart.Train, seed).Where(one => entered.TryAdd((one.Story, one.Rule), default)).Select(one => one.Example.Values).Take(5 * OnCallMemory.RecentAlerts)];
    }

    private static IEnumerable<(ActionabilityFeatures Example, string Rule, int Story)> Told(int stories, SyntheticPart part, int seed)
    {
        // Chance of its own: what the ranker is trained on must not depend on what the classifier needs.
        var random = new Random(seed ^ 0x0A1E);
        var (number, at, before) = (0, SyntheticFleet.Start, (SyntheticFleet?)null);
        var history = new AlertHistory(new TopologyView());
        foreach (var (story, fleet) in Stories(stories, part, seed))
        {
            if (!ReferenceEquals(fleet, before))
                (history, before) = (new AlertHistory(fleet.View), fleet);
            // Two to twelve hours apart, so that every hour and day of the week is as likely for a fault as for noise.
            at += TimeSpan.FromHours(2 + (10 * random.NextDouble()));
            var told = Seen(story, fleet, (history, at - SyntheticFleet.Start)).ToArray();
            foreach (var (example, alert) in told)
                yield return (example, alert.Name, number);
            foreach (var (example, alert) in told)
            {
                if (random.NextDouble() < Heard)
                    history.Hear((alert.Name, alert.Entity), example.Label != (random.NextDouble() < Errs), 1, at);
            }

            number++;
        }
    }

    private static IEnumerable<(ActionabilityFeatures Example, Alert Alert)> Seen(SyntheticStory story, SyntheticFleet fleet, (AlertHistory Alerts, TimeSpan Shift) history)
    {
        var inhibit = new Inhibit(fleet.View);
        foreach (var one in story.Alerts.Take(MostOfStory))
        {
            var now = one.ArrivesAt + history.Shift;
            var fired = new ScreenedAlert(new AlertTransition(one.Alert, AlertTransitionKind.Fired, now), []);
            var isActionable = one.Fault >= 0 && story.Faults[one.Fault].FaultClass != FaultClass.Maintenance;
            foreach (var screened in inhibit.Process(fired, one.ArrivesAt))
            {
                yield return (new ActionabilityFeatures { Label = isActionable, Values = ActionabilityFeatures.Of(screened, history.Alerts, now) }, one.Alert);
                history.Alerts.Remember(one.Alert, now);
            }
        }
    }
}
