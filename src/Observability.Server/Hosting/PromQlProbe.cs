using Observability.Metrics;
using Observability.Response;

namespace Observability.Server;

/// <summary>Answers runbooks' conditions with PromQL. What cannot be evaluated does not hold.</summary>
internal sealed class PromQlProbe(IQueryEngine queries) : IConditionProbe
{
    public async Task<bool> HoldsAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var result = await queries.QueryAsync(expression, at, cancellationToken);
        return result.Error is null && (result.Kind == QueryResultKind.Scalar
            ? result.Scalar.Value != 0
            : result.Vector.Any(sample => sample.Sample.Value != 0));
    }
}
