using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Checks conditions one by one, each on its own: parameter <c>expr</c>, or <c>expr.000</c>, <c>expr.001</c> … with
/// <c>name.000</c> … for people. All hold, or it is "not yet" and the first that does not is named.
/// </summary>
public sealed class VerifyAction(IConditionProbe probe) : IAction
{
    /// <summary>What runbooks and the journal call it.</summary>
    public const string Verify = "verify";

    /// <inheritdoc/>
    public string Name => Verify;

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var checks = intent.Parameters.Where(pair => pair.Key == "expr" || pair.Key.StartsWith("expr.", StringComparison.Ordinal)).ToArray();
        if (checks.Length == 0)
            return (StepResult.Impossible, $"step {intent.StepId}: parameter 'expr' is missing");
        foreach (var (key, expression) in checks)
        {
            if (await probe.HoldsAsync(expression, now, cancellationToken))
                continue;
            var name = intent.Parameters["name" + key[4..]];
            return (StepResult.NotYet, $"does not hold yet: {(name.Length > 0 ? name + ": " : "")}{expression}");
        }

        return (StepResult.Succeeded, checks.Length == 1 ? "holds" : $"all {checks.Length} checks hold");
    }
}
