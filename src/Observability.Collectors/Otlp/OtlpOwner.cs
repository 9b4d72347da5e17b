namespace Observability.Collectors;

/// <summary>Whose telemetry a resource or record says it is, under the names that senders use.</summary>
internal static class OtlpOwner
{
    /// <summary>The job; Megatron-LM names its run <c>nemo.run.id</c>.</summary>
    public static string Job(params ReadOnlySpan<IReadOnlyList<KeyValuePair<string, string>>> attributes) =>
        First(attributes, "job_name", "training.job.name", "nemo.run.id", "k8s.job.name", "slurm.job.name");

    /// <summary>The node.</summary>
    public static string Node(params ReadOnlySpan<IReadOnlyList<KeyValuePair<string, string>>> attributes) =>
        First(attributes, "node", "k8s.node.name", "host.name");

    /// <summary>The rank.</summary>
    public static string Rank(params ReadOnlySpan<IReadOnlyList<KeyValuePair<string, string>>> attributes) =>
        First(attributes, "rank", "global_rank", "torch.rank", "megatron.rank");

    /// <summary>The first of the keys that any of the lists holds, lists in their order; empty where none does.</summary>
    public static string First(ReadOnlySpan<IReadOnlyList<KeyValuePair<string, string>>> attributes, params ReadOnlySpan<string> keys)
    {
        foreach (var list in attributes)
        {
            foreach (var key in keys)
            {
                foreach (var pair in list)
                {
                    if (pair.Key == key && pair.Value.Length > 0)
                        return pair.Value;
                }
            }
        }

        return "";
    }
}
