using System.Globalization;

namespace Observability.Simulator;

/// <summary>What a training job says of itself: progress, efficiency, and how its ranks spend a step.</summary>
internal static class JobTelemetry
{
    // A rank computes about 70 % of a healthy step and waits for the others the rest of the time.
    private const double ComputeShare = 0.7;
    private const double TokensPerSecondAndGpu = 1_150;

    /// <summary>A job that is not there, or whose ranks have not found each other yet, says nothing.</summary>
    public static bool Speaks(TrainingJob job) => job is { RestartsAt: null, StartingUntil: null };

    public static OtlpDocument Of(TrainingJob job, Fleet fleet)
    {
        var step = JobDynamics.StepSeconds(job, fleet);
        // Efficiency is measured when a step ends: a job that stands still reports none.
        var efficiency = job.IsRunning ? job.BaseStepSeconds / step : 0;
        return new OtlpDocument(job.Name, Nanoseconds(fleet.StartedAt), Nanoseconds(fleet.Now),
        [
            Gauge("train.step", "", job.Step),
            Gauge("train.step.duration", "s", step),
            Gauge("train.mfu", "1", job.HealthyMfu * efficiency),
            Gauge("train.tflops", "", TrainingJob.PeakTflops * job.HealthyMfu * efficiency),
            Gauge("train.tokens_per_second", "", TokensPerSecondAndGpu * efficiency),
            Gauge("train.loss", "", job.Loss),
            Gauge("train.grad_norm", "", TrainingJob.GradientNorm * job.GradientFactor),
            Sum("train.productive", "s", job.ProductiveSeconds),
            Sum("train.elapsed", "s", job.ElapsedSeconds),
            Sum("train.checkpoint_saves", "", job.Checkpoints, KeyValuePair.Create("result", "ok")),
            new OtlpMetric("train.rank.compute", "s", false, [.. job.Ranks.Select(gpu => OfRank(gpu, Compute(job, gpu, fleet)))]),
            new OtlpMetric("train.data_wait", "1", false, [.. job.Ranks.Select(gpu => OfRank(gpu, DataWait(job, gpu, fleet)))]),
        ]);
    }

    private static double Compute(TrainingJob job, Gpu gpu, Fleet fleet) => job.BaseStepSeconds * ComputeShare * gpu.SlowFactor
        * (job.Imbalance?.Of(gpu.Rank, job.Ranks.Count, job.Step) ?? 1)
        * (1 + (0.008 * Noise.Normal(fleet.Options.Seed, gpu.Rank, 21, job.Step)));

    private static double DataWait(TrainingJob job, Gpu gpu, Fleet fleet) => job.DataStalled
        ? 0.62 + (0.02 * Noise.Normal(fleet.Options.Seed, gpu.Rank, 22, job.Step))
        : job.DataSlow ? 0.17 + (0.01 * Noise.Normal(fleet.Options.Seed, gpu.Rank, 22, job.Step))
        : 0.02 + (0.01 * Noise.Uniform(fleet.Options.Seed, gpu.Rank, 22, job.Step));

    private static OtlpMetric Gauge(string name, string unit, double value) => new(name, unit, false, [new OtlpPoint(value, [])]);

    private static OtlpMetric Sum(string name, string unit, double value, params KeyValuePair<string, string>[] attributes) =>
        new(name, unit, true, [new OtlpPoint(value, attributes)]);

    private static OtlpPoint OfRank(Gpu gpu, double value) => new(value,
    [
        new("rank", gpu.Rank.ToString(CultureInfo.InvariantCulture)), new("node", gpu.Node.Name),
        new("gpu", gpu.Index.ToString(CultureInfo.InvariantCulture)), new("UUID", gpu.Uuid),
    ]);

    private static long Nanoseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() * 1_000_000;
}
