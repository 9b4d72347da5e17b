using Observability.Model;

namespace Observability.Response;

/// <summary>Something the platform can do to the outside. Doing it twice has the effect of doing it once.</summary>
public interface IAction
{
    /// <summary>As runbooks name it: <c>kubernetes.cordon</c>.</summary>
    string Name { get; }

    /// <summary>Brings the effect about and confirms it. A failure is an outcome, except for what the action did not expect.</summary>
    Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken);
}
