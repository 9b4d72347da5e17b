namespace Observability.Collectors;

/// <summary>
/// Follows training logs and emits watchdog, exception and traceback events. With a sample sink progress lines become <c>train_*</c> samples: all of
/// them only where the job does not send OTLP, see <see cref="TailOptions.StepsOnly"/>.
/// <paramref name="models"/> holds the shapes of the models by job, where MFU is to be worked out.
/// </summary>
public sealed class TrainingLogFollower(
    IReadOnlyList<ILogList> lists, IEventSink events, ISampleSink? samples, TailOptions options, Outside outside,
    IReadOnlyDictionary<string, ModelShape>? models = null)
{
    private readonly LogFollower _follower = new(
        LogKind.Training, lists,
        source => new TrainingLogReader(source, events, samples, options) { Configured = models?.GetValueOrDefault(source.Owner) ?? new ModelShape() },
        options, outside);

    /// <summary>How far each log has been read; store it and give it to <see cref="Resume"/> after a restart.</summary>
    public IReadOnlyList<TailPosition> Positions => _follower.Positions;

    /// <summary>Goes on from stored positions. Call it before the first step.</summary>
    public void Resume(IEnumerable<TailPosition> positions) => _follower.Resume(positions);

    /// <summary>Reads every log that is due.</summary>
    public Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _follower.RunDueAsync(now, cancellationToken);
}
