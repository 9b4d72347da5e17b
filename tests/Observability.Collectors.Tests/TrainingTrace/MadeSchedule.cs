namespace Observability.Collectors.Tests;

/// <summary>Which pass a worker runs when: one forward, one backward, with several chunks interleaved (Narayanan et al. 2021).</summary>
internal static class MadeSchedule
{
    public static IEnumerable<(bool Forward, int Chunk, int MicroBatch)> Of(MadeJob job, int stage)
    {
        var total = job.MicroBatches * job.Chunks;
        var ahead = job.Chunks == 1 ? job.Stages - stage - 1 : ((job.Stages - stage - 1) * 2) + ((job.Chunks - 1) * job.Stages);
        ahead = Math.Min(ahead, total);
        for (var at = 0; at < ahead; at++)
            yield return Pass(job, at, forward: true);
        for (var at = ahead; at < total; at++)
        {
            yield return Pass(job, at, forward: true);
            yield return Pass(job, at - ahead, forward: false);
        }

        for (var at = total - ahead; at < total; at++)
            yield return Pass(job, at, forward: false);
    }

    private static (bool Forward, int Chunk, int MicroBatch) Pass(MadeJob job, int at, bool forward)
    {
        var round = job.Stages * job.Chunks;
        var chunk = at % round / job.Stages;
        return (forward, forward ? chunk : job.Chunks - 1 - chunk, job.Chunks == 1 ? at : (at / round * job.Stages) + (at % job.Stages));
    }
}
