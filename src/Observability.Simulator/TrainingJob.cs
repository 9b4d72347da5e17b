using System.Globalization;
using Observability.Model;

namespace Observability.Simulator;

/// <summary>A simulated training job: ranks on GPUs that step together; the slowest sets the pace, a blocked one stops all.</summary>
internal sealed class TrainingJob(string name, double stepSeconds, double healthyMfu)
{
    /// <summary>Dense BF16 peak of an H100, TFLOP/s.</summary>
    public const double PeakTflops = 989;

    public const double GradientNorm = 0.312;

    private const int GlobalBatch = 2_048;

    public string Name { get; } = name;

    public EntityId Id { get; } = new(EntityKind.Job, name);

    /// <summary>Distinguishes the noise of jobs; the length of a name would not.</summary>
    public long NoiseKey { get; } = Noise.KeyOf(name);

    public List<Gpu> Ranks { get; } = [];

    public JobLog Log { get; } = new();

    public double BaseStepSeconds { get; } = stepSeconds;

    public double HealthyMfu { get; } = healthyMfu;

    /// <summary>Steps between two checkpoints: about ten minutes.</summary>
    public int CheckpointSteps { get; } = (int)Math.Ceiling(600 / stepSeconds);

    public double Progress { get; set; } = 1_000;

    public long Step => (long)Progress;

    public double Loss => 2 + (200.0 / Math.Max(1, Step));

    /// <summary>How many times as large as usual its gradients are.</summary>
    public double GradientFactor { get; set; } = 1;

    /// <summary>Ranks with more to do than the others; null while the work is even.</summary>
    public RankImbalance? Imbalance { get; set; }

    /// <summary>How much longer a step takes for want of bandwidth that nobody in particular is to blame for.</summary>
    public double FabricSlow { get; set; } = 1;

    /// <summary>How much longer a step takes for what its code does.</summary>
    public double CodeSlow { get; set; } = 1;

    /// <summary>Data and checkpoints come and go slower than usual, for everyone.</summary>
    public bool DataSlow { get; set; }

    public bool Hung { get; set; }

    public bool DataStalled { get; set; }

    /// <summary>When its next start begins; null while it runs.</summary>
    public DateTimeOffset? RestartsAt { get; set; }

    /// <summary>Until when its ranks find each other before the first step.</summary>
    public DateTimeOffset? StartingUntil { get; set; }

    /// <summary>Until when it writes a checkpoint and computes nothing.</summary>
    public DateTimeOffset? SavingUntil { get; set; }

    /// <summary>How often it has started: every start has pods of its own.</summary>
    public int Generation { get; set; } = 1;

    public DateTimeOffset? BlockedSince { get; set; }

    /// <summary>Since when some rank has not been able to take part; null while all are.</summary>
    public DateTimeOffset? HeldSince { get; set; }

    public bool TimeoutLogged { get; set; }

    public double ProductiveSeconds { get; set; }

    public double ElapsedSeconds { get; set; }

    public double Checkpoints { get; set; }

    /// <summary>True when it makes steps, or pauses only to save what it has.</summary>
    public bool IsRunning => RestartsAt is null && BlockedSince is null && StartingUntil is null;

    /// <summary>True when its GPUs compute at this moment.</summary>
    public bool IsComputing => IsRunning && SavingUntil is null;

    /// <summary>How much longer a step takes than it should; as of the last <see cref="Settle"/>.</summary>
    public double SlowFactor { get; private set; } = 1;

    /// <summary>True when no step ends; as of the last <see cref="Settle"/>.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>True when it would make steps, were it not for a fault of this kind; as of the last <see cref="Settle"/>.</summary>
    public bool IsFreeBut(FaultKind kind) => RestartsAt is null && StartingUntil is null && SavingUntil is null && !IsHeldByParts
        && (!Hung || kind.StopsJobByItself);

    /// <summary>True when some rank cannot take part; as of the last <see cref="Settle"/>.</summary>
    public bool IsHeldByParts { get; private set; }

    /// <summary>Looks at its ranks once per moment: every GPU asks for the result, and asking all ranks each time is quadratic.</summary>
    public void Settle()
    {
        var (slowest, blocked) = (1.0, false);
        foreach (var gpu in Ranks)
        {
            var nic = gpu.Node.Nics[gpu.Index];
            slowest = Math.Max(slowest, Math.Max(gpu.SlowFactor, nic.SlowFactor));
            blocked |= gpu.Blocks || gpu.Node.Down || nic.Down;
        }

        SlowFactor = (DataStalled ? 2.5 : DataSlow ? 1.06 : 1) * FabricSlow * CodeSlow * Math.Max(slowest, Imbalance?.Factor ?? 1);
        (IsHeldByParts, IsBlocked) = (blocked, Hung || blocked);
    }

    /// <summary>Stops it; it starts again at a time, with pods of its own.</summary>
    public void Stop(DateTimeOffset restartsAt) =>
        (RestartsAt, BlockedSince, HeldSince, StartingUntil, SavingUntil, TimeoutLogged) = (restartsAt, null, null, null, null, false);

    /// <summary>Logs a step as Megatron-LM does.</summary>
    public void WriteStep(DateTimeOffset at, double seconds) => Log.Write(string.Create(CultureInfo.InvariantCulture,
        $" [{at:yyyy-MM-dd HH:mm:ss}] iteration {Step,8}/ 1000000 | consumed samples: {Step * GlobalBatch,12} | elapsed time per iteration (ms): {seconds * 1000:0.0} | throughput per GPU (TFLOP/s/GPU): {PeakTflops * HealthyMfu / (seconds / BaseStepSeconds):0.0} | learning rate: 3.000000E-04 | global batch size: {GlobalBatch,5} | lm loss: {Loss:0.000000E+00} | loss scale: 1.0 | grad norm: {GradientNorm * GradientFactor:0.000} | number of skipped iterations:   0 | number of nan iterations:   0 |"));
}
