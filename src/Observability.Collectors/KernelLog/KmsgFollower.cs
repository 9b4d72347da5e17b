namespace Observability.Collectors;

/// <summary>
/// Follows kernel logs, files or HTTP, and emits XID, SXid, mlx5, AER, out-of-memory and boot events. Step-driven: it reads
/// what is due when <see cref="RunDueAsync"/> is called.
/// </summary>
public sealed class KmsgFollower(IReadOnlyList<ILogList> lists, IEventSink sink, TailOptions options, Outside outside, NodeClocks? clocks = null)
{
    private readonly LogFollower _follower = new(
        LogKind.Kernel, lists, source => new KernelLogReader(source.Owner, sink, options, clocks), options, outside);

    /// <summary>How far each log has been read; store it and give it to <see cref="Resume"/> after a restart.</summary>
    public IReadOnlyList<TailPosition> Positions => _follower.Positions;

    /// <summary>Goes on from stored positions. Call it before the first step.</summary>
    public void Resume(IEnumerable<TailPosition> positions) => _follower.Resume(positions);

    /// <summary>Reads every log that is due.</summary>
    public Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _follower.RunDueAsync(now, cancellationToken);
}
