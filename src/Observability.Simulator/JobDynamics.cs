using System.Globalization;

namespace Observability.Simulator;

/// <summary>How a job moves: together, at the pace of its slowest rank.</summary>
internal static class JobDynamics
{
    private static readonly TimeSpan WatchdogTimeout = TimeSpan.FromSeconds(600);

    public static void Advance(TrainingJob job, Fleet fleet, double seconds)
    {
        job.ElapsedSeconds += seconds;
        if (job.RestartsAt is { } at)
        {
            if (at > fleet.Now)
                return;
            job.RestartsAt = null;
            job.Generation++;
            job.TimeoutLogged = false;
            // What was computed after the last checkpoint is lost.
            job.Progress = Math.Max(0, job.Progress - 20);
        }

        if (job.IsBlocked)
        {
            Block(job, fleet);
            return;
        }

        if (job.BlockedSince is { } since)
        {
            // A short stop (a flap) is waited out; after a long one the framework has given up and starts again.
            job.BlockedSince = null;
            if (fleet.Now - since > TimeSpan.FromSeconds(60))
            {
                job.RestartsAt = fleet.Now + fleet.Options.RestartDelay;
                return;
            }
        }

        var before = job.Step;
        var stepSeconds = StepSeconds(job, fleet);
        job.Progress += seconds / stepSeconds;
        job.ProductiveSeconds += seconds / job.SlowFactor;
        if (job.Step > before)
            job.WriteStep(fleet.Now, stepSeconds);
        if (job.Step / 100 > before / 100)
            job.Checkpoints++;
    }

    /// <summary>Duration of the step that ends about now, seconds.</summary>
    public static double StepSeconds(TrainingJob job, Fleet fleet) =>
        job.BaseStepSeconds * job.SlowFactor * (1 + (0.01 * Noise.Normal(fleet.Options.Seed, job.Name.Length, job.Step, 3)));

    private static void Block(TrainingJob job, Fleet fleet)
    {
        job.BlockedSince ??= fleet.Now;
        if (job.TimeoutLogged || fleet.Now - job.BlockedSince < WatchdogTimeout)
            return;
        job.TimeoutLogged = true;
        for (var rank = 0; rank < job.Ranks.Count; rank++)
        {
            job.Write(string.Create(CultureInfo.InvariantCulture,
                $"[rank{rank}]:[E{fleet.Now:MMdd HH:mm:ss}.000000000 ProcessGroupNCCL.cpp:607] [Rank {rank}] Watchdog caught collective operation timeout: WorkNCCL(SeqNum={job.Step * 40}, OpType=ALLREDUCE, NumelIn=1048576, NumelOut=1048576, Timeout(ms)=600000) ran for 600{rank % 1000:000} milliseconds before timing out."));
        }
    }
}
