namespace Observability.Collectors;

/// <summary>
/// Tells an operation's kind by its name. Megatron's timers and what is derived from them differ in separators and abbreviations, and
/// some schedules post two halves at once:
/// <code>
/// forward-compute             backward_compute            bwd-compute
/// forward-send-backward-recv  (a send and a receive)
/// forward-backward            (spans the others: not an operation)
/// tp-allreduce                (within the computation: not one of its own)
/// </code>
/// </summary>
internal static class OperationNames
{
    private static readonly (string Part, OperationKind Kind)[] Halves =
    [
        ("forward-send", OperationKind.ForwardSend), ("forward-recv", OperationKind.ForwardReceive),
        ("backward-send", OperationKind.BackwardSend), ("backward-recv", OperationKind.BackwardReceive),
    ];

    /// <summary>One spelling for what is called differently.</summary>
    public static string Normal(string name) => name.Trim().ToLowerInvariant().Replace('_', '-').Replace(' ', '-')
        .Replace("fwd", "forward", StringComparison.Ordinal).Replace("bwd", "backward", StringComparison.Ordinal)
        .Replace("receive", "recv", StringComparison.Ordinal).Replace("allgather", "all-gather", StringComparison.Ordinal)
        .Replace("allreduce", "all-reduce", StringComparison.Ordinal).Replace("reducescatter", "reduce-scatter", StringComparison.Ordinal);

    /// <summary>The kinds behind a normal name: two for a send posted with a receive, none for what is no operation of its own.</summary>
    public static IReadOnlyList<OperationKind> Kinds(string normal)
    {
        var halves = Halves.Where(half => normal.Contains(half.Part, StringComparison.Ordinal)).Select(half => half.Kind).ToList();
        if (halves.Count > 0)
            return halves;
        if (Is(normal, "forward-backward", "tp-"))
            return [];
        return [Kind(normal)];
    }

    /// <summary>True where the time is that of a transfer, which begins when all participants have come.</summary>
    public static bool IsCommunication(OperationKind kind) => kind > OperationKind.Compute;

    private static OperationKind Kind(string normal)
    {
        if (Is(normal, "forward"))
            return OperationKind.Forward;
        if (Is(normal, "backward"))
            return Has(normal, "wgrad") ? OperationKind.Compute : OperationKind.Backward;
        if (Has(normal, "clip", "grad-norm"))
            return OperationKind.GlobalCollective;
        if (!Has(normal, "all-reduce", "all-gather", "reduce-scatter"))
            return OperationKind.Compute;
        if (Has(normal, "embedding"))
            return OperationKind.EmbeddingCollective;
        if (Has(normal, "param"))
            return OperationKind.ParameterGather;
        if (Has(normal, "layernorm") || !Has(normal, "grad"))
            return OperationKind.WorkerCollective;
        return Has(normal, "reduce-scatter") ? OperationKind.GradientReduce : OperationKind.StageCollective;
    }

    private static bool Is(string name, params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
        {
            if (name.StartsWith(start, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool Has(string name, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (name.Contains(part, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
