using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Gives each alert the probability that someone has to act, and moves improbable symptoms to the digest. It never drops
/// an alert, and never touches one that points at a fault itself or is critical. Which model it asks is a command of the journal.
/// </summary>
public sealed class ScoreNoise(IncidentsOptions options, OnCallMemory memory, IModelShelf shelf) : IStage<ScreenedAlert, ScreenedAlert>
{
    private ActionabilityModel _model = shelf.Find(ModelVersion.Shipped) ?? throw new InvalidOperationException("the shelf lacks the shipped model");

    /// <inheritdoc/>
    public string Name => "score_noise";

    /// <summary>What it remembers of alerts and of what people said.</summary>
    public OnCallMemory Memory => memory;

    /// <summary>Version in use.</summary>
    public string Version => _model.Version;

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var probability = item.Transition.Kind == AlertTransitionKind.Fired ? memory.Score(item, _model.Score, now) : memory.ScoreAgain(item, _model.Score, now);
        var scored = item with { Actionability = probability };
        return MayMove(scored.Alert) && scored.Actionability < options.DigestBelow
            ? [Reductions.Mark(scored, NoiseReason.Digest, $"actionability-{_model.Version}", $"actionability {scored.Actionability:0.00} is below {options.DigestBelow:0.00}")]
            : [scored];
    }

    /// <summary>Whether the model may move an alert to the digest: not one that is critical or points at a fault itself, nor a change, which calls nobody.</summary>
    internal static bool MayMove(Alert alert) => !alert.IsChange && alert.Labels[AlertLabel.Role] != AlertLabel.RoleCause && alert.Labels[AlertLabel.Severity] != "critical";

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Accept(Command command, DateTimeOffset now)
    {
        // A version whose files are gone was in use once; the one before it stays in use, and the reader of the shelf says so.
        if (command is UseModel use && shelf.Find(use.Version) is { } model)
            _model = model;
        else
            memory.Accept(command, now);
        return [];
    }
}
