using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>The training log, as Megatron-LM and PyTorch write it; expressions are those of facts on telemetry, section 16.</summary>
public sealed partial class JobLogTests
{
    private readonly SimulatedFleet _world = new();

    [Fact]
    public void Steps_OfAHealthyJob_AreLoggedOneByOneWithDurationAndThroughput()
    {
        var steps = Steps(_world.After(95).Job("llm-70b"));

        Assert.InRange(steps.Length, 14, 16);
        Assert.Equal(Enumerable.Range(1_001, steps.Length), steps.Select(step => (int)step.Number));
        Assert.All(steps, step => Assert.InRange(step.Milliseconds, 6_200 * 0.96, 6_200 * 2.1));
        Assert.All(steps, step => Assert.Equal(989 * 0.41 * 6_200 / step.Milliseconds, step.Tflops, tolerance: 0.1));
        Assert.Equal(6_200, steps.Select(step => step.Milliseconds).Order().ElementAt(steps.Length / 2), tolerance: 62);
    }

    [Fact]
    public void Steps_FieldsOfALine_AreThoseOfMegatron()
    {
        var example = File.ReadLines(Captures.File("constructed", "training-lines.txt")).First(line => line.Contains("iteration", StringComparison.Ordinal));
        var ours = _world.After(30).Job("llm-70b").Log.After(0).Text.Split('\n')[0];

        Assert.Equal(Keys(example), Keys(ours));
    }

    [Fact]
    public void Steps_OfManyHours_HaveTheJitterAndTheTailOfFactsOnFailures()
    {
        var world = new SimulatedFleet(nodes: 4);
        var (job, ratios) = (world.Job("vision-7b"), new List<double>());
        for (var step = 0; step < 40_000; step++, job.Progress++)
            ratios.Add(JobDynamics.StepSeconds(job, world.Fleet) / job.BaseStepSeconds);

        var tail = ratios.Where(ratio => ratio > 1.15).ToArray();
        Assert.Equal(0.005, tail.Length / 40_000.0, tolerance: 0.0015);
        Assert.All(tail, ratio => Assert.InRange(ratio, 1.2 * 0.96, 2 * 1.04));
        var usual = ratios.Where(ratio => ratio <= 1.15).ToArray();
        Assert.Equal(0.01, Math.Sqrt(usual.Select(ratio => Math.Pow(ratio - 1, 2)).Average()), tolerance: 0.001);
    }

    [Fact]
    public void Steps_DuringAStall_TakeTwoAndAHalfTimesAsLong()
    {
        var job = _world.Job("vision-7b");
        _world.Inject(FaultClass.DataLoaderStall, job.Id, seconds: 60);
        var before = _world.After(1).Job("vision-7b").Log.After(0).Next;

        var slow = Steps(_world.After(59).Job("vision-7b"), before);

        Assert.InRange(slow.Length, 9, 12);
        Assert.All(slow[1..], step => Assert.InRange(step.Milliseconds, 2_300 * 2.5 * 0.96, 2_300 * 2.5 * 2.1));
    }

    [Fact]
    public void Watchdog_AfterTenMinutes_SpeaksOncePerRankAndNamesNoCulprit()
    {
        var job = _world.Job("vision-7b");
        _world.Inject(FaultClass.UserCodeHang, job.Id, seconds: 2_000);
        Assert.Empty(Watchdog().Matches(_world.After(599).Job("vision-7b").Log.After(0).Text));

        var lines = Watchdog().Matches(_world.After(100).Job("vision-7b").Log.After(0).Text);

        Assert.Equal(Enumerable.Range(0, 16), lines.Select(match => int.Parse(match.Groups["rank"].Value, CultureInfo.InvariantCulture)));
        Assert.All(lines, match => Assert.Equal(("ALLREDUCE", "600000", true), (match.Groups["op"].Value, match.Groups["to"].Value, match.Groups["ran"].Value.StartsWith("600", StringComparison.Ordinal))));
        Assert.Single(lines.Select(match => match.Groups["seq"].Value).Distinct());
    }

    [Fact]
    public void Log_BeyondItsCapacity_KeepsWholeLinesAndItsOffsets()
    {
        var log = new JobLog();
        for (var i = 0; i < 40_000; i++)
            log.Write($"line {i:00000} {new string('x', 30)}");

        var (text, next) = log.After(0);
        Assert.StartsWith("line ", text, StringComparison.Ordinal);
        Assert.EndsWith($"line 39999 {new string('x', 30)}\n", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, JobLog.Capacity / 4, JobLog.Capacity);
        Assert.Equal((42L * 40_000, log.Start + text.Length), (next, next));
        Assert.Equal(("", next), log.After(next));
    }

    private static (long Number, double Milliseconds, double Tflops)[] Steps(TrainingJob job, long after = 0) =>
    [
        .. job.Log.After(after).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Iteration().Match(line)).Select(match =>
        {
            Assert.True(match.Success);
            return (long.Parse(match.Groups["it"].Value, CultureInfo.InvariantCulture),
                Number(match, "elapsed time per iteration (ms)"), Number(match, "throughput per GPU (TFLOP/s/GPU)"));
        }),
    ];

    private static double Number(Match match, string key) => double.Parse(
        match.Groups["kv"].Value.Split('|', StringSplitOptions.TrimEntries).Single(pair => pair.StartsWith(key + ":", StringComparison.Ordinal))[(key.Length + 1)..], CultureInfo.InvariantCulture);

    private static string[] Keys(string line) => [.. Iteration().Match(line).Groups["kv"].Value.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(pair => pair.Split(':')[0])];

    [GeneratedRegex(@"iteration\s+(?<it>\d+)/\s*(?<n>\d+) \|(?<kv>(?:[^|]*\|)+)")]
    private static partial Regex Iteration();

    [GeneratedRegex(@"\[Rank (?<rank>\d+)\] Watchdog caught collective operation timeout: WorkNCCL\(SeqNum=(?<seq>\d+), OpType=(?<op>\w+), NumelIn=(?<nin>\d+), NumelOut=(?<nout>\d+), Timeout\(ms\)=(?<to>\d+)\) ran for (?<ran>\d+) milliseconds")]
    private static partial Regex Watchdog();
}
