using Observability.Model;

namespace Observability.Incidents;

/// <summary>Marks alerts that a person has promised to look after.</summary>
public sealed class Silencer : IStage<ScreenedAlert, ScreenedAlert>
{
    private const int MaximumSilences = 10_000;
    private readonly SortedDictionary<string, Silence> _silences = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "silence";

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var covering = _silences.Values.FirstOrDefault(silence => silence.Covers(item.Alert.Labels, now));
        return covering is null
            ? [item]
            : [Reductions.Mark(item, NoiseReason.Silenced, covering.Id, $"silenced by {covering.CreatedBy}: {covering.Comment}")];
    }

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Accept(Command command, DateTimeOffset now)
    {
        if (command is CreateSilence create && (_silences.Count < MaximumSilences || _silences.ContainsKey(create.Silence.Id)))
            _silences[create.Silence.Id] = create.Silence;
        else if (command is ExpireSilence expire)
            _silences.Remove(expire.SilenceId);
        return [];
    }

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Advance(DateTimeOffset now)
    {
        foreach (var over in _silences.Values.Where(silence => silence.EndsAt <= now).Select(silence => silence.Id).ToArray())
            _silences.Remove(over);
        return [];
    }
}
