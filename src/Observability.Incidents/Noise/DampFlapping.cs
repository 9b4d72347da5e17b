using Observability.Model;

namespace Observability.Incidents;

/// <summary>Marks alerts that change too often. A marked alert still joins its incident, and its end is always told.</summary>
public sealed class DampFlapping(IncidentsOptions options) : IStage<AlertTransition, ScreenedAlert>
{
    private const int MaximumTracked = 100_000;
    private readonly Dictionary<ulong, Queue<DateTimeOffset>> _changes = [];

    /// <inheritdoc/>
    public string Name => "damp_flapping";

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(AlertTransition item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_changes.Count >= MaximumTracked)
            _changes.Clear();
        var key = item.Alert.Fingerprint;
        if (!_changes.TryGetValue(key, out var changes))
            _changes[key] = changes = new Queue<DateTimeOffset>();
        changes.Enqueue(now);
        while (changes.Peek() < now - options.FlapWindow || changes.Count > options.FlapChanges * 2)
            changes.Dequeue();
        var screened = new ScreenedAlert(item, []);
        return changes.Count < options.FlapChanges
            ? [screened]
            : [Reductions.Mark(screened, NoiseReason.Flapping, "flap damping", $"changed {changes.Count} times within {options.FlapWindow.TotalMinutes:0} minutes")];
    }
}
