using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Runs the pipeline: takes inputs in order, journals them, sends them through the stages, journals what the stages
/// derived, and only then lets readers, effects and the outbox see it. State after a restart is the replay of the
/// journal's inputs on the same grid of ticks.
/// </summary>
public sealed class StageHost(PipelineInlet inlet, IJournal journal, Pipeline pipeline, IReadOnlyList<IJournalReader> readers) : IDisposable
{
    // One transaction holds at most this many inputs: large enough to spread the cost of the disk in a storm, small
    // enough that a verdict does not wait for the whole storm.
    private const int BatchSize = 512;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private DateTimeOffset _ticked = DateTimeOffset.MinValue;

    /// <summary>
    /// Rebuilds every stage from the journal and journals that this run begins. Call once, before the first <see cref="PumpAsync"/>. No tick falls
    /// into the time between two runs, neither now nor when this is read back: one, at the start, stands for all of it.
    /// </summary>
    public async Task StartAsync(EngineStarted started, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await ReplayAsync(cancellationToken);
        await journal.AppendAsync([started], now, cancellationToken);
        _ticked = DateTimeOffset.MinValue;
        await CommitAsync([.. AdvanceTo(now)], now, cancellationToken);
    }

    /// <summary>Handles everything that waits, and all ticks up to now.</summary>
    public async Task PumpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await CommitAsync([.. AdvanceTo(now)], now, cancellationToken);
            await HandleAsync([.. pipeline.Expire(now)], now, cancellationToken);
            while (await PumpBatchAsync(now, cancellationToken))
            {
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        var expected = new Queue<JournalEntry>();
        await foreach (var record in journal.ReadAsync(0, cancellationToken))
        {
            if (record.Entry is EngineStarted)
                _ticked = DateTimeOffset.MinValue;
            foreach (var entry in AdvanceTo(record.At))
                expected.Enqueue(entry);
            pipeline.Restore(record.Entry);
            foreach (var entry in pipeline.Process(record.Entry, record.At))
                expected.Enqueue(entry);
            if (Pipeline.IsDerived(record.Entry))
                Compare(expected, record.Entry);
            foreach (var reader in readers)
                reader.Read(record, isReplay: true);
        }

        // Whatever was derived but not yet written when the process died is written now, before anything else.
        if (expected.Count > 0)
            await CommitAsync([.. expected], _ticked, cancellationToken);
    }

    private async Task<bool> PumpBatchAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = 0;
        var inputs = new List<JournalEntry>();
        // A batch of its own: a change of the topology must be in force before an alert is admitted, which is when it is located.
        for (; taken < BatchSize && inlet.TryTakeShape(out var change); taken++)
            inputs.Add(new TopologyChanged(change));
        if (taken == 0)
        {
            for (; taken < BatchSize && inlet.TryTake(out var input); taken++)
                inputs.AddRange(pipeline.Admit(input, now));
        }

        await HandleAsync(inputs, now, cancellationToken);
        return taken > 0;
    }

    private async Task HandleAsync(IReadOnlyList<JournalEntry> inputs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await CommitAsync(inputs, now, cancellationToken);
        var derived = new List<JournalEntry>();
        foreach (var entry in inputs)
            derived.AddRange(pipeline.Process(entry, now));
        await CommitAsync(derived, now, cancellationToken);
    }

    // Ticks lie on whole seconds, so that a replay, which knows only the times of records, ticks at the same moments.
    private IEnumerable<JournalEntry> AdvanceTo(DateTimeOffset now)
    {
        var grid = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Tick.Ticks), TimeSpan.Zero);
        if (_ticked == DateTimeOffset.MinValue)
            _ticked = grid - Tick;
        while (_ticked < grid)
        {
            _ticked += Tick;
            foreach (var entry in pipeline.Advance(_ticked))
                yield return entry;
        }
    }

    private async Task CommitAsync(IReadOnlyList<JournalEntry> entries, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return;
        foreach (var record in await journal.AppendAsync(entries, at, cancellationToken))
        {
            foreach (var reader in readers)
                reader.Read(record, isReplay: false);
        }
    }

    // A newer version may judge differently; what was journaled stays the truth for effects, and the difference is counted.
    private static void Compare(Queue<JournalEntry> expected, JournalEntry recorded)
    {
        if (expected.TryPeek(out var next) && next.GetType() == recorded.GetType())
            expected.Dequeue();
        else
            ServerMetrics.ReplayDivergence.Add(1);
    }
}
