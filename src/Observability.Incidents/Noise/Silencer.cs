using Observability.Model;

namespace Observability.Incidents;

/// <summary>Marks alerts that a person has promised to look after.</summary>
public sealed class Silencer : IStage<ScreenedAlert, ScreenedAlert>
{
    /// <inheritdoc/>
    public string Name => "silence";

    /// <summary>What is silenced, for the steps after this one.</summary>
    public Silences Silences { get; } = new();

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Silences.Covering(item.Alert.Labels, now) is { } covering
            ? [Reductions.Mark(item, NoiseReason.Silenced, covering.Id, WordsOf(covering))]
            : [item];
    }

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Accept(Command command, DateTimeOffset now)
    {
        Silences.Accept(command, now);
        return [];
    }

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Advance(DateTimeOffset now)
    {
        Silences.Advance(now);
        return [];
    }

    /// <summary>Who asked for a silence, and why.</summary>
    internal static string WordsOf(Silence silence) => $"silenced by {silence.CreatedBy}: {silence.Comment}";
}
