using Observability.Model;

namespace Observability.Response;

/// <summary>Checks a condition: it holds, or it does not yet.</summary>
public sealed class VerifyAction(IConditionProbe probe) : IAction
{
    /// <inheritdoc/>
    public string Name => "verify";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var expression = intent.Parameters["expr"];
        if (expression.Length == 0)
            return (StepResult.Impossible, "parameter 'expr' is missing");
        return await probe.HoldsAsync(expression, now, cancellationToken)
            ? (StepResult.Succeeded, "holds")
            : (StepResult.NotYet, $"does not hold yet: {expression}");
    }
}
