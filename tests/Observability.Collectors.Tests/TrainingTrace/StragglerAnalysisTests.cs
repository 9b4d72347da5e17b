using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors.Tests;

public sealed class StragglerAnalysisTests
{
    private static readonly (int Copies, int Stages, int Chunks)[] Shapes =
        [(4, 4, 1), (8, 2, 1), (2, 4, 2), (4, 2, 3), (16, 1, 1), (1, 8, 1), (3, 5, 1), (2, 2, 1), (6, 3, 2)];

    [Fact]
    public void Analyse_SlowWorkers_AreNamedInEveryShape() => ForEachJob((job, random) =>
    {
        var (copy, stage) = (random.Next(job.Copies), random.Next(job.Stages));
        if (job.Copies == 1)
            stage = 1 + random.Next(job.Stages - 2);
        var factor = 1.5 + random.NextDouble();
        return (job with { Worker = (c, s) => (c, s) == (copy, stage) ? factor : 1 }, $"Worker ({copy}, {stage})");
    });

    [Fact]
    public void Analyse_HeavyLastStage_IsNamedAndNoWorkerAccused() => ForEachJob((job, random) =>
    {
        if (job.Stages == 1)
            return null;
        var weight = 1.5 + (0.5 * random.NextDouble());
        return (job with { Layers = (stage, chunk) => stage == job.Stages - 1 && chunk == job.Chunks - 1 ? (job.Chunks * (weight - 1)) + 1 : 1 }, $"Stage {job.Stages - 1}");
    });

    [Fact]
    public void Analyse_UnequalSequences_AreNamedAndNoWorkerAccused() => ForEachJob((job, random) =>
    {
        if (job.Copies == 1)
            return null;
        return (job with { SequenceSpread = 0.4 + (0.3 * random.NextDouble()) }, "Sequence");
    });

    [Fact]
    public void Analyse_HealthyJob_NamesNothing() =>
        ForEachJob((job, _) => (job with { Jitter = 0.02 }, "None"));

    [Fact]
    public void Analyse_SlowTransfersOfOneWorker_AccuseNoComputation() => ForEachJob((job, random) =>
    {
        if (job.Stages == 1 || job.Copies < 3)
            return null;
        var slow = random.Next(job.Copies);
        return (job with { Transfer = (copy, _) => copy == slow ? 0.1 : 0.002 }, "None");
    }, isOverlapped: false);

    [Fact]
    public void Analyse_PassesThatVaryOnTheirOwn_AreNoUnequalSequences()
    {
        var verdict = Analyse(new MadeJob(4, 4, 1, 16, 6, 3) { Jitter = 0.4 }, transfersOnly: false);

        Assert.Equal("None", Said(verdict));
        Assert.True(verdict.Slowdown > StragglerAnalysis.Straggling);
        Assert.InRange(verdict.PassCorrelation, -0.2, 0.2);
    }

    [Fact]
    public void Analyse_WorkerOfTwoSlowOnes_NamesBothTheSlowestFirst()
    {
        var verdict = Analyse(new MadeJob(8, 4, 1, 16, 4, 5) { Worker = (copy, stage) => (copy, stage) switch { (2, 1) => 1.8, (6, 3) => 2.2, _ => 1 } }, transfersOnly: false);

        Assert.Equal("Worker (6, 3) (2, 1)", Said(verdict));
        Assert.Equal(
            ["data-parallel rank 6, stage 3 computes 2.2 times as long as its stage's other copies", "data-parallel rank 2, stage 1 computes 1.8 times as long as its stage's other copies"],
            verdict.Evidence.Skip(1).Take(2));
    }

    [Fact]
    public void Analyse_TraceWithoutPasses_IsNoStraggler() =>
        Assert.Equal(new StragglerVerdict(StragglerCause.None, 1), StragglerAnalysis.Analyse(new TrainingTrace([])));

    [Fact]
    public void Analyse_RecordedJob_GivesTheAuthorsMeasures()
    {
        var folder = World.SharedData("bytedance-straggler");
        var trace = ChromeTraceReader.ReadFile(Path.Combine(folder, "timeline-AR.json.gz"), out var error);
        Assert.Null(error);
        var verdict = StragglerAnalysis.Analyse(trace!);

        using var result = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "result-AR.json")));
        var expected = result.RootElement;
        Close(expected.GetProperty("blocking_slowdown").GetDouble(), verdict.Slowdown, 0.005);
        Same(expected.GetProperty("blocking_decompose_by_dp_rank"), verdict.ByDataParallelRank);
        Same(expected.GetProperty("blocking_decompose_by_stage"), verdict.ByStage);
        Same(expected.GetProperty("blocking_decompose_by_optype"), verdict.ByType);
        Close(Measure(folder, "mw-AR.json", "Mw"), verdict.WorstWorkersShare, 0.01);
        Close(Measure(folder, "ms-AR.json", "Ms"), verdict.LastStageShare, 0.01);
        Assert.Equal("Worker (0, 0)", Said(verdict));
    }

    private static void ForEachJob(Func<MadeJob, Random, (MadeJob Job, string Expected)?> judge, bool isOverlapped = true)
    {
        var wrong = new List<string>();
        foreach (var (at, (copies, stages, chunks)) in Shapes.Index())
        {
            for (var seed = 0; seed < 3; seed++)
            {
                var random = new Random((100 * at) + seed);
                var job = new MadeJob(copies, stages, chunks, stages * (4 + random.Next(3)), 4, (1_000 * at) + seed) { RecordsEnds = seed % 2 == 0 };
                if (judge(job, random) is not { } judged)
                    continue;
                var verdict = Analyse(judged.Job, random.Next(2) == 0);
                var (said, slowdown) = (Said(verdict), MadeTrace.Slowdown(judged.Job));
                // The made-up worker receives only while it idles; that costs nothing unless transfers are long.
                if (said != judged.Expected || (isOverlapped && Math.Abs(slowdown - verdict.Slowdown) > 0.02 * slowdown))
                    wrong.Add($"dp {copies} pp {stages} vpp {chunks} seed {seed}: {said} S={verdict.Slowdown:0.000}/{slowdown:0.000} [{string.Join(' ', verdict.Shares.Select(pair => $"{pair.Key} {pair.Value:0.00}"))}] r={verdict.PassCorrelation:0.00}, not {judged.Expected}");
            }
        }

        Assert.Empty(wrong);
    }

    private static StragglerVerdict Analyse(MadeJob job, bool transfersOnly)
    {
        var trace = ChromeTraceReader.Read(MadeTrace.Json(job, transfersOnly), "made", out var error);
        Assert.Null(error);
        return StragglerAnalysis.Analyse(trace!);
    }

    private static string Said(StragglerVerdict verdict) =>
        string.Join(' ', [verdict.Cause.ToString(), .. verdict.Workers.Select(worker => $"({worker.DataParallelRank}, {worker.Stage})"), .. verdict.Stage is { } stage ? [stage.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()]);

    private static void Same<TKey>(JsonElement expected, IReadOnlyDictionary<TKey, double> actual)
        where TKey : notnull
    {
        Assert.Equal(expected.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal), actual.Keys.Select(key => $"{key}").Order(StringComparer.Ordinal));
        foreach (var (key, value) in actual)
            Close(expected.GetProperty($"{key}").GetDouble(), value, 0.01);
    }

    private static double Measure(string folder, string file, string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
        return json.RootElement.GetProperty(name).GetDouble();
    }

    private static void Close(double expected, double actual, double tolerance) => Assert.InRange(actual, expected - tolerance, expected + tolerance);
}
