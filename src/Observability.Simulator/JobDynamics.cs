using System.Globalization;

namespace Observability.Simulator;

/// <summary>How a job moves: together, at the pace of its slowest rank. Numbers: facts on published failures, sections 5 and 9.</summary>
internal static class JobDynamics
{
    private const int LostSteps = 20;
    private static readonly TimeSpan WatchdogTimeout = TimeSpan.FromSeconds(600);

    // Ranks find each other: 17 s at 16,384 GPUs.
    private static readonly TimeSpan Initialisation = TimeSpan.FromSeconds(17);

    // A short stop (a flap) is waited out; after a long one the framework has given up and starts again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public static void Advance(TrainingJob job, Fleet fleet, double seconds)
    {
        job.ElapsedSeconds += seconds;
        if (job.RestartsAt is { } at)
        {
            if (at > fleet.Now)
                return;
            Start(job, fleet);
        }

        if (job.StartingUntil is { } ready)
        {
            if (ready > fleet.Now)
                return;
            job.StartingUntil = null;
        }

        // What a part has held up for long is started again once it can be, whatever its code does meanwhile.
        var held = job.HeldSince;
        job.HeldSince = job.IsHeldByParts ? held ?? fleet.Now : null;
        if (!job.IsHeldByParts && fleet.Now - held > LongestWait)
        {
            job.Stop(fleet.Now + fleet.Options.RestartDelay);
            return;
        }

        if (job.IsBlocked)
        {
            Block(job, fleet);
            return;
        }

        if (job.BlockedSince is { } since)
        {
            job.BlockedSince = null;
            if (fleet.Now - since > LongestWait)
            {
                job.Stop(fleet.Now + fleet.Options.RestartDelay);
                return;
            }
        }

        if (job.SavingUntil is { } saved)
        {
            if (saved > fleet.Now)
                return;
            job.SavingUntil = null;
            job.Checkpoints++;
        }

        Step(job, fleet, seconds);
    }

    /// <summary>Duration of the step that is under way, seconds: 1 % jitter, and one in two hundred is 20 to 100 % longer.</summary>
    public static double StepSeconds(TrainingJob job, Fleet fleet)
    {
        var seed = fleet.Options.Seed;
        var tail = Noise.Uniform(seed, job.NoiseKey, job.Step, 5) < 0.005 ? 1.2 + (0.8 * Noise.Uniform(seed, job.NoiseKey, job.Step, 6)) : 1;
        return job.BaseStepSeconds * job.SlowFactor * tail * (1 + (0.01 * Noise.Normal(seed, job.NoiseKey, job.Step, 3)));
    }

    private static void Start(TrainingJob job, Fleet fleet)
    {
        job.RestartsAt = null;
        job.StartingUntil = fleet.Now + Initialisation;
        job.Generation++;
        // What was computed after the last checkpoint is lost.
        job.Progress = Math.Max(0, job.Progress - LostSteps);
    }

    private static void Step(TrainingJob job, Fleet fleet, double seconds)
    {
        var before = job.Step;
        var stepSeconds = StepSeconds(job, fleet);
        job.Progress += seconds / stepSeconds;
        job.ProductiveSeconds += seconds / job.SlowFactor;
        if (job.Step > before)
            job.WriteStep(fleet.Now, stepSeconds);
        // A blocking save takes 7 to 13 s.
        if (job.Step / job.CheckpointSteps > before / job.CheckpointSteps)
            job.SavingUntil = fleet.Now + TimeSpan.FromSeconds((7 + (int)(Noise.Uniform(fleet.Options.Seed, job.NoiseKey, job.Step, 8) * 7)) * (job.DataSlow ? 3 : 1));
    }

    private static void Block(TrainingJob job, Fleet fleet)
    {
        job.BlockedSince ??= fleet.Now;
        job.SavingUntil = null;
        if (job.TimeoutLogged || fleet.Now - job.BlockedSince < WatchdogTimeout)
            return;
        job.TimeoutLogged = true;
        for (var rank = 0; rank < job.Ranks.Count; rank++)
        {
            job.Log.Write(string.Create(CultureInfo.InvariantCulture,
                $"[rank{rank}]:[E{fleet.Now:MMdd HH:mm:ss}.000000000 ProcessGroupNCCL.cpp:607] [Rank {rank}] Watchdog caught collective operation timeout: WorkNCCL(SeqNum={job.Step * 40}, OpType=ALLREDUCE, NumelIn=1048576, NumelOut=1048576, Timeout(ms)=600000) ran for {600_000 + (rank % 1_000)} milliseconds before timing out."));
        }
    }
}
