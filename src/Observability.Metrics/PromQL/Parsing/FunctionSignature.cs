namespace Observability.Metrics;

/// <summary>The argument and result types of a function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Type of each argument; the last one repeats where the function is variadic.</param>
/// <param name="Optional">How many of the last arguments may be missing; -1 where the last one may repeat without limit.</param>
/// <param name="Returns">Type of the result.</param>
internal sealed record FunctionSignature(string Name, PromQlType[] Arguments, int Optional, PromQlType Returns)
{
    public int Least => Optional < 0 ? Arguments.Length - 1 : Arguments.Length - Optional;

    public bool HasNoUpperBound => Optional < 0;
}
