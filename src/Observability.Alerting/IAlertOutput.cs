using Observability.Model;

namespace Observability.Alerting;

/// <summary>Takes alerts from rules, events and detectors: the inlet of the pipeline.</summary>
public interface IAlertOutput
{
    /// <summary>
    /// Hands an alert over. A firing alert comes again while it lasts, with a later <see cref="Alert.EndsAt"/>;
    /// its end comes once, as <see cref="AlertState.Resolved"/>. Must not block.
    /// </summary>
    void Post(Alert alert);
}
