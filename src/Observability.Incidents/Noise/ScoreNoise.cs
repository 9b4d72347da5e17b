using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Gives each alert the probability that someone has to act, and moves improbable symptoms to the digest. It never drops
/// an alert, and never touches one that points at a fault itself or is critical.
/// </summary>
public sealed class ScoreNoise(IncidentsOptions options, ActionabilityModel model) : IStage<ScreenedAlert, ScreenedAlert>
{
    /// <inheritdoc/>
    public string Name => "score_noise";

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var scored = item with { Actionability = model.Score(item) };
        var mayDigest = scored.Alert.Labels[AlertLabel.Role] != AlertLabel.RoleCause && scored.Alert.Labels[AlertLabel.Severity] != "critical";
        return mayDigest && scored.Actionability < options.DigestBelow
            ? [Reductions.Mark(scored, NoiseReason.Digest, model.Version, $"actionability {scored.Actionability:0.00} is below {options.DigestBelow:0.00}")]
            : [scored];
    }
}
