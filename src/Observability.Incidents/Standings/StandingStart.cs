using Observability.Model;

namespace Observability.Incidents;

/// <summary>Where a rule or detector begins that has not fired before, and why.</summary>
internal static class StandingStart
{
    private const string Measured = "ships live: measured on simulated fleets (docs/accuracy.md)";

    /// <summary>What the alert's own label or annotation asks for; null where it asks for nothing.</summary>
    public static Standing? DeclaredBy(Alert alert)
    {
        var text = alert.Labels.TryGet(AlertLabel.Standing, out var label) ? label : alert.Annotations[AlertLabel.Standing];
        return text switch { "shadow" => Standing.Shadow, "live" => Standing.Live, _ => null };
    }

    /// <summary>The standing an alert's rule begins with.</summary>
    public static (Standing To, string Reason) Of(Alert alert, StandingOptions options) => DeclaredBy(alert) is { } declared
        ? (declared, $"its rule says standing: {(declared == Standing.Live ? "live" : "shadow")}")
        : alert.Origin switch
        {
            // A detector that opens incidents was measured with them; one that only remarks was not.
            AlertOrigin.Detector when alert.Labels[AlertLabel.Severity] == "info" => (Standing.Shadow, "a detector whose remarks nobody has measured yet"),
            AlertOrigin.Detector or AlertOrigin.Event => (Standing.Live, Measured),
            AlertOrigin.Slo => (Standing.Live, "the burn of an objective's own budget"),
            AlertOrigin.External => (Standing.Live, "another system raised it"),
            AlertOrigin.Monitor => (Standing.Live, "a monitor that fell silent is a finding"),
            _ when options.ShippedRules?.Contains(alert.Name) ?? true => (Standing.Live, Measured),
            _ => options.NewRulesInShadow
                ? (Standing.Shadow, "a rule that did not ship with the platform, and alerting.shadow.new_rules is on")
                : (Standing.Live, "an operator's rule, and alerting.shadow.new_rules is off"),
        };
}
