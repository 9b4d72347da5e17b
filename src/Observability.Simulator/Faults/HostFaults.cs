using System.Globalization;
using Observability.Model;

namespace Observability.Simulator;

/// <summary>Faults of hosts: the kernel, processors, memory and disks. Signs and timing: facts on published failures, sections 5 and 6.</summary>
internal sealed class HostFaults(Fleet fleet)
{
    private static readonly TimeSpan Requeue = TimeSpan.FromSeconds(150);

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.NodeDown: Node(fault).Down = true; return true;
            case FaultKinds.CpuContention: Contend(fault); return true;
            case FaultKinds.DiskFull: Fill(fault, 1); return true;
            case FaultKinds.OutOfMemory: Eat(fault, 1); return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        var node = fleet.Node(fault.Entity.Name);
        switch (fault.Kind)
        {
            case FaultClass.NodeDown:
                node!.Down = false;
                node.Boot(fleet.Now);
                return true;
            case FaultKinds.CpuContention:
                (node!.SlowFactor, node.Host.ExtraLoad) = (1, 0);
                return true;
            case FaultKinds.DiskFull:
                node!.Host.FreeDisk();
                return true;
            case FaultKinds.OutOfMemory:
                node!.Host.FreeMemory();
                node.Gpus[0].RankGone = false;
                return true;
            default:
                return false;
        }
    }

    // 12 % on the mean, 22 % at most.
    private void Contend(FaultSpec fault)
    {
        var node = Node(fault);
        node.SlowFactor = 1.06 + (0.16 * Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), 1, 41));
        node.Host.ExtraLoad = 240;
    }

    // Space falls evenly and is used up after seven tenths of the time; the next save fails.
    private void Fill(FaultSpec fault, int second)
    {
        var node = Node(fault);
        if (!fleet.IsActive(fault))
            return;
        var left = 1 - (second / (0.7 * fault.Duration.TotalSeconds));
        node.Host.DiskAvailable = Math.Max(0, Math.Floor(5.3e12 * left));
        if (left > 0)
        {
            fleet.Later(TimeSpan.FromSeconds(1), () => Fill(fault, second + 1));
            return;
        }

        node.Log.Write(fleet.Now, 4, "EXT4-fs warning (device nvme0n1p1): ext4_dx_add_entry:2535: No space left for index block");
        if (node.Gpus[0].Job is { RestartsAt: null } job)
            Fail(job, node, "OSError: [Errno 28] No space left on device: '/scratch/checkpoints/shard.distcp'");
    }

    private void Eat(FaultSpec fault, int second)
    {
        var node = Node(fault);
        if (!fleet.IsActive(fault))
            return;
        var left = 1 - (second / (0.5 * fault.Duration.TotalSeconds));
        node.Host.MemoryAvailable = Math.Max(2e9, Math.Floor(1.4e12 * left));
        if (left > 0)
        {
            fleet.Later(TimeSpan.FromSeconds(1), () => Eat(fault, second + 1));
            return;
        }

        node.Host.OomKills++;
        node.Gpus[0].RankGone = true;
        node.Log.Write(fleet.Now, 3, "Out of memory: Killed process 40000 (python3) total-vm:412345678kB, anon-rss:187654321kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:812345kB oom_score_adj:0");
        node.Host.FreeMemory();
    }

    /// <summary>The job ends by an exception on a rank of a node, and is queued again.</summary>
    private void Fail(TrainingJob job, SimNode node, string exception)
    {
        var rank = node.Gpus.First(gpu => gpu.Job == job).Rank;
        job.Log.Write(string.Create(CultureInfo.InvariantCulture, $"[rank{rank}]: Traceback (most recent call last):"));
        job.Log.Write(string.Create(CultureInfo.InvariantCulture, $"[rank{rank}]:   File \"/workspace/train.py\", line 412, in save"));
        job.Log.Write(string.Create(CultureInfo.InvariantCulture, $"[rank{rank}]: {exception}"));
        job.Stop(fleet.Now + Requeue);
    }

    private SimNode Node(FaultSpec fault) => fleet.Node(fault.Entity.Name)!;
}
