namespace Observability.Response;

/// <summary>Answers whether a PromQL condition holds.</summary>
public interface IConditionProbe
{
    /// <summary>True where the expression gives at least one sample that is not 0.</summary>
    Task<bool> HoldsAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken);
}
