namespace Observability.Collectors.Tests;

/// <summary>What is done to a rank of a made-up job.</summary>
public enum Injected
{
    /// <summary>Its program stops; what it enqueued goes on, as where the interpreter is locked or an exception is thrown.</summary>
    ProgramStops,

    /// <summary>Its device fails: it sees nothing complete any more, and its program stops a few calls later.</summary>
    DeviceFails,

    /// <summary>The process is gone, and leaves no dump.</summary>
    ProcessDies,

    /// <summary>It calls one collective with another size.</summary>
    WrongSize,
}

/// <summary>
/// A job with tensor, data and pipeline parallelism, run call by call until nothing moves any more: programs run ahead of their devices, a
/// collective ends when it is next on all its members' devices, a transfer when both halves are. Some of the ranks get a fault on the way.
/// </summary>
internal sealed class InjectedJob
{
    private const int Ahead = 8;
    private const int Steps = 6;
    private const int MicroBatches = 4;

    private readonly (int Tensor, int Data, int Pipeline) _shape;
    private readonly Injected _kind;
    private readonly int[] _culprits;
    private readonly List<Call>[] _programs;
    private readonly int[] _enqueued;
    private readonly int[] _done;
    private readonly int[] _stopAt;
    private readonly int[] _seenUntil;

    private InjectedJob((int Tensor, int Data, int Pipeline) shape, Injected kind, int[] culprits)
    {
        (_shape, _kind, _culprits) = (shape, kind, culprits);
        var ranks = shape.Tensor * shape.Data * shape.Pipeline;
        _programs = [.. Enumerable.Range(0, ranks).Select(rank => Program(rank).ToList())];
        (_enqueued, _done) = (new int[ranks], new int[ranks]);
        _stopAt = [.. _programs.Select(program => program.Count)];
        _seenUntil = [.. _stopAt];
    }

    /// <summary>The dumps that a job leaves after a fault in some ranks, some rounds after its start.</summary>
    public static IReadOnlyList<FlightRecorderDump> Dumps((int Tensor, int Data, int Pipeline) shape, Injected kind, int[] culprits, (int Rounds, bool OnlyOpen) how)
    {
        return Run(shape, kind, culprits, how.Rounds).Record(how.OnlyOpen).Dumps();
    }

    /// <summary>
    /// Whether a fault in this rank changed anything beside that in the others: a program that was stopped where another rank would have
    /// stopped it anyway leaves no trace.
    /// </summary>
    public static bool IsVisible((int Tensor, int Data, int Pipeline) shape, Injected kind, int[] culprits, (int Rank, int Rounds) what)
    {
        var (with, without) = (Run(shape, kind, culprits, what.Rounds), Run(shape, kind, [.. culprits.Where(rank => rank != what.Rank)], what.Rounds));
        return kind == Injected.ProcessDies || !with._enqueued.SequenceEqual(without._enqueued) || !with._done.SequenceEqual(without._done);
    }

    private static InjectedJob Run((int Tensor, int Data, int Pipeline) shape, Injected kind, int[] culprits, int rounds)
    {
        var job = new InjectedJob(shape, kind, culprits);
        for (var round = 0; job.Move() || round <= rounds; round++)
        {
            if (round == rounds)
                job.Inject(rounds);
        }

        return job;
    }

    private void Inject(int salt)
    {
        foreach (var rank in _culprits)
        {
            switch (_kind)
            {
                case Injected.DeviceFails:
                    (_seenUntil[rank], _stopAt[rank]) = (_done[rank], Math.Min(_stopAt[rank], _enqueued[rank] + (salt % 3)));
                    break;
                case Injected.WrongSize:
                    var next = _programs[rank].FindIndex(_enqueued[rank], call => call.Peer < 0);
                    _programs[rank][next] = _programs[rank][next] with { Size = 512 };
                    break;
                case Injected.ProcessDies:
                    (_stopAt[rank], _seenUntil[rank]) = (Math.Min(_stopAt[rank], _enqueued[rank]), 0);
                    break;
                default:
                    _stopAt[rank] = Math.Min(_stopAt[rank], _enqueued[rank]);
                    break;
            }
        }
    }

    private bool Move()
    {
        var moved = false;
        for (var rank = 0; rank < _programs.Length; rank++)
        {
            if (_enqueued[rank] < _stopAt[rank] && _enqueued[rank] - _done[rank] < Ahead)
            {
                _enqueued[rank]++;
                moved = true;
            }
        }

        for (var rank = 0; rank < _programs.Length; rank++)
        {
            if (Head(rank) is not { } call)
                continue;
            var parts = call.Peer < 0 ? call.Members : [rank, call.Peer];
            if (parts[0] != rank && call.Peer < 0 || !parts.All(part => Head(part) is { } other && other.Key == call.Key && other.Size == call.Size))
                continue;
            foreach (var part in parts)
                _done[part]++;
            moved = true;
        }

        return moved;
    }

    private Call? Head(int rank) => _done[rank] < _enqueued[rank] && !(_kind == Injected.ProcessDies && _seenUntil[rank] == 0) ? _programs[rank][_done[rank]] : null;

    private RecordedRun Record(bool onlyOpen)
    {
        var run = new RecordedRun([.. Groups()]);
        if (onlyOpen)
            run.OnlyOpen();
        if (_kind == Injected.ProcessDies)
            run.Lose(_culprits);
        for (var rank = 0; rank < _programs.Length; rank++)
        {
            for (var at = 0; at < _enqueued[rank]; at++)
            {
                var (call, state) = (_programs[rank][at], at < Math.Min(_done[rank], _seenUntil[rank]) ? "completed" : "scheduled");
                if (call.Peer >= 0)
                    run.Post(rank, call.Group, call.Number, call.What, state);
                else
                    run.Call(call.Group, call.Number, state, [rank], call.What, call.Size);
            }
        }

        return run;
    }

    private IEnumerable<(string Name, int[] Ranks)> Groups()
    {
        var ranks = Enumerable.Range(0, _programs.Length).ToArray();
        yield return ("WORLD", ranks);
        foreach (var group in ranks.GroupBy(rank => rank / _shape.Tensor))
            yield return ($"TENSOR#{group.Key}", [.. group]);
        foreach (var group in ranks.GroupBy(rank => (rank % _shape.Tensor) + (rank / (_shape.Tensor * _shape.Data) * _shape.Tensor)))
            yield return ($"DATA#{group.Key}", [.. group]);
        foreach (var group in ranks.GroupBy(rank => rank % (_shape.Tensor * _shape.Data)))
            yield return ($"PIPELINE#{group.Key}", [.. group]);
    }

    private IEnumerable<Call> Program(int rank)
    {
        var (width, stage) = (_shape.Tensor * _shape.Data, rank / (_shape.Tensor * _shape.Data));
        int[] world = [.. Enumerable.Range(0, width * _shape.Pipeline)];
        int[] tensor = [.. world.Where(other => other / _shape.Tensor == rank / _shape.Tensor)];
        int[] data = [.. world.Where(other => other % _shape.Tensor == rank % _shape.Tensor && other / width == stage)];
        var (pipeline, dataGroup) = ($"PIPELINE#{rank % width}", $"DATA#{(rank % _shape.Tensor) + (stage * _shape.Tensor)}");
        long transfers = 0, inTensor = 0;
        for (var step = 0; step < Steps; step++)
        {
            for (var pass = 0; pass < 2 * MicroBatches; pass++)
            {
                // All forward passes, then all backward passes.
                var towards = pass < MicroBatches ? 1 : -1;
                var (from, to) = (stage - towards, stage + towards);
                if (from >= 0 && from < _shape.Pipeline)
                    yield return new Call(pipeline, $"{pipeline} {step} {pass} {from}", ++transfers, $"recv {stage}<-{from}") { Peer = rank - (towards * width) };
                for (var layer = 0; layer < 3; layer++)
                    yield return new Call($"TENSOR#{rank / _shape.Tensor}", $"T {++inTensor}", inTensor, "all_reduce") { Members = tensor };
                if (to >= 0 && to < _shape.Pipeline)
                    yield return new Call(pipeline, $"{pipeline} {step} {pass} {stage}", ++transfers, $"send {stage}->{to}") { Peer = rank + (towards * width) };
            }

            yield return new Call(dataGroup, $"D {step}", step + 1, "reduce_scatter") { Members = data };
            yield return new Call("WORLD", $"W {step}", step + 1, "all_reduce") { Members = world };
        }
    }

    private sealed record Call(string Group, string Key, long Number, string What)
    {
        public int[] Members { get; init; } = [];

        public int Peer { get; init; } = -1;

        public int Size { get; init; } = 1_024;
    }
}
