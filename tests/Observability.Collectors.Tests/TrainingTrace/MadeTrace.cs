using System.Text.Json.Nodes;

namespace Observability.Collectors.Tests;

/// <summary>
/// Runs a made-up job pass by pass and records what a profiler would, waiting included. It knows nothing of graphs: each worker takes its
/// next pass when the one before ended and its input is there.
/// </summary>
internal sealed class MadeTrace
{
    private readonly MadeJob _job;
    private readonly Dictionary<(bool Forward, int Copy, int Stage, int Chunk, int MicroBatch, int Step), double> _work = [];
    private readonly JsonArray? _events;
    private readonly bool _transfersOnly;

    private MadeTrace(MadeJob job, JsonArray? events, bool transfersOnly)
    {
        (_job, _events, _transfersOnly) = (job, events, transfersOnly);
        var random = new Random(job.Seed);
        for (var step = 0; step < job.Steps; step++)
        {
            for (var copy = 0; copy < job.Copies; copy++)
            {
                for (var batch = 0; batch < job.MicroBatches; batch++)
                {
                    var weight = Math.Exp(job.SequenceSpread * Normal(random));
                    foreach (var (stage, chunk, forward) in Places())
                    {
                        _work[(forward, copy, stage, chunk, batch, step)] =
                            job.Forward * (forward ? 1 : 2) * weight * job.Layers(stage, chunk) * job.Worker(copy, stage) * Math.Exp(job.Jitter * Normal(random));
                    }
                }
            }
        }
    }

    /// <summary>The trace as JSON; with transfers only, communications begin when their last participant comes, as in written timelines.</summary>
    public static byte[] Json(MadeJob job, bool transfersOnly = false)
    {
        var events = new JsonArray();
        new MadeTrace(job, events, transfersOnly).MeanStep();
        if (job.Seed % 2 == 0)
            Number(events);
        for (var copy = 0; copy < job.Copies; copy++)
        {
            events.Add(new JsonObject { ["name"] = "process_name", ["ph"] = "M", ["pid"] = copy, ["args"] = new JsonObject { ["name"] = $"DP rank [{copy}]" } });
            for (var stage = 0; stage < job.Stages; stage++)
                events.Add(new JsonObject { ["name"] = "thread_name", ["ph"] = "M", ["pid"] = copy, ["tid"] = stage, ["args"] = new JsonObject { ["name"] = $"PP rank {stage}, TP rank 0, compute" } });
        }

        return System.Text.Encoding.UTF8.GetBytes(events.ToJsonString());
    }

    /// <summary>How many times as long the job's steps take as if all passes took the mean time of their kind.</summary>
    public static double Slowdown(MadeJob job)
    {
        var real = new MadeTrace(job, null, false);
        var ideal = new MadeTrace(job with { Transfer = (_, _) => 0.002 }, null, false);
        foreach (var kind in ideal._work.GroupBy(pair => pair.Key.Forward).Select(group => (group.Select(pair => pair.Key).ToList(), group.Average(pair => pair.Value))).ToList())
        {
            foreach (var key in kind.Item1)
                ideal._work[key] = kind.Item2;
        }

        return real.MeanStep() / ideal.MeanStep();
    }

    private double MeanStep() => Enumerable.Range(0, _job.Steps).Average(Step);

    private double Step(int step)
    {
        var free = new double[_job.Copies, _job.Stages];
        for (var copy = 0; copy < _job.Copies; copy++)
            Passes(step, copy, free);
        var done = 0.0;
        for (var stage = 0; stage < _job.Stages; stage++)
        {
            var last = Enumerable.Range(0, _job.Copies).Max(copy => free[copy, stage]);
            for (var copy = 0; copy < _job.Copies; copy++)
            {
                Record("grads-reduce-scatter", copy, stage, step, 0, _transfersOnly ? last : free[copy, stage], last + _job.Reduce);
                free[copy, stage] = last + _job.Reduce;
            }

            done = Math.Max(done, last + _job.Reduce);
        }

        for (var copy = 0; copy < _job.Copies; copy++)
        {
            for (var stage = 0; stage < _job.Stages; stage++)
            {
                Record("optimizer-clip-main-grad", copy, stage, step, 0, _transfersOnly ? done : free[copy, stage], done + 0.01);
                Record("optimizer", copy, stage, step, 0, done + 0.01, done + 0.03);
            }
        }

        return done + 0.03;
    }

    private void Passes(int step, int copy, double[,] free)
    {
        var next = Enumerable.Range(0, _job.Stages).Select(stage => new Queue<(bool Forward, int Chunk, int MicroBatch)>(MadeSchedule.Of(_job, stage))).ToArray();
        var sent = new Dictionary<(bool, int Chunk, int MicroBatch), double>();
        for (var moved = true; moved;)
        {
            moved = false;
            for (var stage = 0; stage < _job.Stages; stage++)
            {
                while (next[stage].TryPeek(out var pass) && Run(pass, stage))
                {
                    next[stage].Dequeue();
                    moved = true;
                }
            }
        }

        Assert.All(next, queue => Assert.Empty(queue));

        bool Run((bool Forward, int Chunk, int MicroBatch) pass, int stage)
        {
            var (global, last) = ((pass.Chunk * _job.Stages) + stage, (_job.Chunks * _job.Stages) - 1);
            var (name, from, end) = pass.Forward ? ("forward", global - 1, global == 0) : ("backward", global + 1, global == last);
            var begins = free[copy, stage];
            if (!end)
            {
                if (!sent.TryGetValue((pass.Forward, from, pass.MicroBatch), out var left))
                    return false;
                var (met, transfer) = (Math.Max(left, begins), _job.Transfer(copy, stage));
                Halves(name, stage, (left, begins, met), (pass.Forward, from), transfer);
                begins = met + transfer;
            }
            else if (_job.RecordsEnds && _job.Chunks > 1)
            {
                Record($"{name}-recv", copy, stage, step, 0, begins, begins);
            }

            var ends = begins + _work[(pass.Forward, copy, stage, pass.Chunk, pass.MicroBatch, step)];
            Record($"{name}-compute", copy, stage, step, pass.Chunk, begins, ends);
            free[copy, stage] = ends;
            sent[(pass.Forward, global, pass.MicroBatch)] = ends;
            if (_job.RecordsEnds && _job.Chunks > 1 && global == (pass.Forward ? last : 0))
                Record($"{name}-send", copy, stage, step, 0, ends, ends);
            return true;
        }

        void Halves(string name, int stage, (double Sent, double Posted, double Met) times, (bool Forward, int Chunk) from, double transfer)
        {
            var sender = from.Chunk % _job.Stages;
            Record($"{name}-send", copy, sender, step, 0, _transfersOnly ? times.Met : times.Sent, times.Met + transfer);
            Record($"{name}-recv", copy, stage, step, 0, _transfersOnly ? times.Met : times.Posted, times.Met + transfer);
        }
    }

    private void Record(string name, int copy, int stage, int step, int chunk, double start, double end) => _events?.Add(new JsonObject
    {
        ["name"] = name,
        ["ph"] = "X",
        ["pid"] = copy,
        ["tid"] = stage,
        ["ts"] = ((step * 1_000) + start) * 1e6,
        ["dur"] = (end - start) * 1e6,
        ["args"] = new JsonObject { ["step"] = step, ["model_chunk"] = name.Contains("compute", StringComparison.Ordinal) || name.StartsWith("grads", StringComparison.Ordinal) ? chunk : -1, ["seq_id"] = null },
    });

    // Some writers number the operations of a type, others do not.
    private static void Number(JsonArray events)
    {
        foreach (var stream in events.OfType<JsonObject>().GroupBy(one => $"{one["pid"]} {one["tid"]} {one["args"]!["step"]} {one["name"]}").ToList())
        {
            foreach (var (number, one) in stream.OrderBy(one => (double)one["ts"]! + (double)one["dur"]!).ToList().Index())
                one["args"]!["seq_id"] = number;
        }
    }

    private IEnumerable<(int Stage, int Chunk, bool Forward)> Places() =>
        from stage in Enumerable.Range(0, _job.Stages)
        from chunk in Enumerable.Range(0, _job.Chunks)
        from forward in new[] { true, false }
        select (stage, chunk, forward);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
