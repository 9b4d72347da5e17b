using System.Globalization;
using System.Text;
using Observability.Model;

namespace Observability.Simulator;

/// <summary>A simulated training job: ranks on GPUs that step together; the slowest sets the pace, a blocked one stops all.</summary>
internal sealed class TrainingJob(string name, double stepSeconds, double healthyMfu)
{
    private const int LogCapacity = 1 << 20;
    private readonly StringBuilder _log = new();

    public string Name { get; } = name;

    public EntityId Id { get; } = new(EntityKind.Job, name);

    public List<Gpu> Ranks { get; } = [];

    public double BaseStepSeconds { get; } = stepSeconds;

    public double HealthyMfu { get; } = healthyMfu;

    public double Progress { get; set; } = 1_000;

    public long Step => (long)Progress;

    public bool Hung { get; set; }

    public bool DataStalled { get; set; }

    public DateTimeOffset? RestartsAt { get; set; }

    /// <summary>How often it has started: every start has pods of its own.</summary>
    public int Generation { get; set; } = 1;

    public DateTimeOffset? BlockedSince { get; set; }

    public bool TimeoutLogged { get; set; }

    public double ProductiveSeconds { get; set; }

    public double ElapsedSeconds { get; set; }

    public double Checkpoints { get; set; }

    public long LogStart { get; private set; }

    public bool IsRunning => RestartsAt is null && BlockedSince is null;

    /// <summary>How much longer a step takes than it should.</summary>
    public double SlowFactor => (DataStalled ? 2.5 : 1) * Math.Max(
        Ranks.Count == 0 ? 1 : Ranks.Max(gpu => gpu.SlowFactor),
        Ranks.Exists(gpu => gpu.Node.Nics[gpu.Index].Slow) ? 1.3 : 1);

    public bool IsBlocked => Hung || Ranks.Exists(gpu => gpu.Blocks || gpu.Node.Down || gpu.Node.Nics[gpu.Index].Down);

    public void Write(string line)
    {
        _log.Append(line).Append('\n');
        if (_log.Length <= LogCapacity)
            return;
        var cut = _log.Length - (LogCapacity / 2);
        _log.Remove(0, cut);
        LogStart += cut;
    }

    public (string Text, long Next) After(long offset)
    {
        var from = (int)Math.Clamp(offset - LogStart, 0, _log.Length);
        return (_log.ToString(from, _log.Length - from), LogStart + _log.Length);
    }

    public void WriteStep(DateTimeOffset at, double seconds) => Write(string.Create(CultureInfo.InvariantCulture,
        $" [{at:yyyy-MM-dd HH:mm:ss}] iteration {Step,8}/ 1000000 | consumed samples: {Step * 2_048,12} | elapsed time per iteration (ms): {seconds * 1000:0.0} | throughput per GPU (TFLOP/s/GPU): {989 * HealthyMfu / (seconds / BaseStepSeconds):0.0} | learning rate: 3.000000E-04 | global batch size: 2048 | lm loss: {2 + (200.0 / Step):0.000000E+00} | grad norm: 0.312 | number of skipped iterations:   0 | number of nan iterations:   0 |"));
}
