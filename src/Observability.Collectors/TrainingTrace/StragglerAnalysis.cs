using System.Collections.Immutable;
using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Says why a training job is slow from a trace of its operations, by asking what its steps would have taken without one cause at a time
/// (Lin et al., "Understanding Stragglers in Large Model Training Using What-if Analysis", OSDI 2025). A slow worker and a slow stage make
/// everybody wait; only the steps replayed without them tell how much.
/// </summary>
/// <remarks>
/// A cause is named where it explains more of the slowdown than the others. A worker is accused only where it explains half of it: taken
/// out of the job for nothing it costs more than a cause unnamed.
/// </remarks>
public static class StragglerAnalysis
{
    /// <summary>From this slowdown on a job is said to straggle; the paper's threshold, and that of a worker against its stage.</summary>
    public const double Straggling = 1.1;

    // A cause explains the slowdown where it accounts for half of it; below a quarter it is one of many.
    private const double Explains = 0.5;
    private const double TakesPart = 0.25;

    // Half of the variance of one direction is in the other one, too.
    private const double SharedVariance = 0.5;

    private const double WorstWorkers = 0.03;

    /// <summary>Analyses a trace; a trace without passes or without loss is no straggler.</summary>
    public static StragglerVerdict Analyse(TrainingTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (!trace.Operations.Any(operation => operation.Kind is OperationKind.Forward or OperationKind.Backward))
            return new StragglerVerdict(StragglerCause.None, 1);
        var whatIf = new WhatIf(trace);
        var (ranks, stages) = (Decomposed(whatIf, operation => operation.Worker.DataParallelRank), Decomposed(whatIf, operation => operation.Worker.Stage));
        var times = new PassTimes(whatIf);
        var slow = Slow(times);
        var worst = Worst(times.Workers.Keys, ranks, stages);
        var last = stages.Keys.Max();
        var verdict = new StragglerVerdict(StragglerCause.None, whatIf.Slowdown)
        {
            StepSeconds = whatIf.RealSeconds,
            IdealSeconds = whatIf.IdealSeconds,
            ByDataParallelRank = ranks,
            ByStage = stages,
            ByType = Decomposed(whatIf, TypeOf),
            WorstWorkersShare = whatIf.ShareWithout(operation => worst.Contains(operation.Worker)),
            LastStageShare = whatIf.ShareWithout(operation => operation.Worker.Stage == last),
            PassCorrelation = times.Correlation(),
        };
        return Named(verdict with { Shares = Shares(whatIf, times, slow, verdict.PassCorrelation) }, times, slow);
    }

    private static ImmutableSortedDictionary<StragglerCause, double> Shares(WhatIf whatIf, PassTimes times, HashSet<TraceWorker> slow, double correlation)
    {
        var shares = ImmutableSortedDictionary.CreateBuilder<StragglerCause, double>();
        shares[StragglerCause.Worker] = slow.Count > 0 ? whatIf.Share((at, real) => times.Levelled(at, real, slow)) : 0;
        shares[StragglerCause.Stage] = times.Stages.Count > 1 ? whatIf.Share(times.Balanced) : 0;

        // What varies in one direction only is not the work: a collection of garbage, another process on the host.
        var varied = whatIf.Share(times.Flat);
        shares[StragglerCause.Sequence] = correlation > 0 && correlation * correlation >= SharedVariance ? varied : 0;
        return shares.ToImmutable();
    }

    private static StragglerVerdict Named(StragglerVerdict verdict, PassTimes times, HashSet<TraceWorker> slow)
    {
        var (cause, share) = verdict.Shares
            .Where(pair => verdict.Slowdown >= Straggling && pair.Value >= (pair.Key == StragglerCause.Worker ? Explains : TakesPart))
            .OrderByDescending(pair => pair.Value).FirstOrDefault();
        var workers = slow.OrderByDescending(worker => times.Workers[worker]).ThenBy(worker => worker).ToImmutableArray();
        var stage = times.Stages.MaxBy(pair => pair.Value).Key;
        return verdict with
        {
            Cause = cause,
            Workers = cause == StragglerCause.Worker ? workers : [],
            Stage = cause == StragglerCause.Stage ? stage : null,
            Evidence = [.. Evidence(verdict, cause, share, times, workers, stage)],
        };
    }

    private static IEnumerable<string> Evidence(
        StragglerVerdict verdict, StragglerCause cause, double share, PassTimes times, ImmutableArray<TraceWorker> workers, int stage)
    {
        yield return Text($"a step takes {verdict.StepSeconds:0.###} s and would take {verdict.IdealSeconds:0.###} s if all did equal work: {verdict.Slowdown:0.###} times as long");
        switch (cause)
        {
            case StragglerCause.Worker:
                foreach (var worker in workers)
                    yield return Text($"data-parallel rank {worker.DataParallelRank}, stage {worker.Stage} computes {times.Workers[worker]:0.##} times as long as its stage's other copies");
                yield return Text($"as fast as their stage they would take {share:P0} of the slowdown away");
                break;
            case StragglerCause.Stage:
                yield return Text($"stage {stage} computes {times.Stages[stage]:0.##} times as long as the mean of all stages on all its copies; equal stages would take {share:P0} of the slowdown away");
                break;
            case StragglerCause.Sequence:
                yield return Text($"forward and backward times of a worker's micro-batches vary together (r = {verdict.PassCorrelation:0.##}); equal micro-batches would take {share:P0} of the slowdown away");
                break;
            default:
                if (verdict.Slowdown >= Straggling && verdict.ByType.MaxBy(pair => pair.Value) is var (type, alone))
                    yield return Text($"neither workers, stages nor micro-batches explain it; of all types {type} slows the step most, by {alone - 1:P0}");
                break;
        }
    }

    private static HashSet<TraceWorker> Slow(PassTimes times) =>
        [.. times.Workers.Where(pair => pair.Value >= Straggling).Select(pair => pair.Key)];

    // The authors' estimate of a worker: the smaller of what its data-parallel rank and its stage slow the job down.
    private static HashSet<TraceWorker> Worst(
        IEnumerable<TraceWorker> workers, ImmutableSortedDictionary<int, double> ranks, ImmutableSortedDictionary<int, double> stages)
    {
        var all = workers.OrderByDescending(worker => Math.Min(ranks[worker.DataParallelRank], stages[worker.Stage])).ThenBy(worker => worker).ToList();
        return [.. all.Take((int)Math.Ceiling(all.Count * WorstWorkers))];
    }

    private static ImmutableSortedDictionary<TKey, double> Decomposed<TKey>(WhatIf whatIf, Func<TraceOperation, TKey> of)
        where TKey : notnull =>
        whatIf.Operations.Select(of).Distinct().ToImmutableSortedDictionary(key => key, key => whatIf.Only(operation => of(operation).Equals(key)));

    private static string TypeOf(TraceOperation operation) => operation.Kind switch
    {
        OperationKind.ForwardSend or OperationKind.ForwardReceive => "forward-pp-comm",
        OperationKind.BackwardSend or OperationKind.BackwardReceive => "backward-pp-comm",
        _ => operation.Type,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
