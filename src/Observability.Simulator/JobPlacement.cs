namespace Observability.Simulator;

/// <summary>Which job has which GPUs: whole nodes side by side, as a rail-optimised network wants it.</summary>
internal static class JobPlacement
{
    public static IReadOnlyList<TrainingJob> Of(IReadOnlyList<SimNode> nodes, IReadOnlyList<JobShape> shapes)
    {
        var jobs = new List<TrainingJob>();
        var next = 0;
        foreach (var (name, share, step, mfu) in shapes)
        {
            var job = new TrainingJob(name, step, mfu);
            var count = Math.Max(1, (int)(nodes.Count * share));
            foreach (var gpu in nodes.Skip(next).Take(count).SelectMany(node => node.Gpus))
            {
                (gpu.Job, gpu.Rank) = (job, job.Ranks.Count);
                job.Ranks.Add(gpu);
            }

            job.Settle();
            next += count;
            jobs.Add(job);
        }

        return jobs;
    }

    /// <summary>Moves a job's ranks from a node to a spare one; without a spare it waits for the node.</summary>
    public static void MoveAway(TrainingJob job, SimNode from, IReadOnlyList<SimNode> nodes)
    {
        var spare = nodes.FirstOrDefault(node => node != from && node is { Schedulable: true, Down: false }
            && node.Gpus.All(gpu => gpu.Job is null && !gpu.Blocks));
        if (spare is null)
            return;
        for (var rank = 0; rank < job.Ranks.Count; rank++)
        {
            var old = job.Ranks[rank];
            if (old.Node != from)
                continue;
            var to = spare.Gpus[old.Index];
            (old.Job, to.Job, to.Rank) = (null, job, rank);
            job.Ranks[rank] = to;
        }
    }
}
