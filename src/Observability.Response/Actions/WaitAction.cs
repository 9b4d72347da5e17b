using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>Waits: done when the time of its parameter <c>seconds</c> has passed since its intent.</summary>
public sealed class WaitAction : IAction
{
    private readonly Dictionary<string, DateTimeOffset> _begun = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "wait";

    /// <inheritdoc/>
    public Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        if (!double.TryParse(intent.Parameters["seconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return Task.FromResult((StepResult.Impossible, $"parameter 'seconds': '{intent.Parameters["seconds"]}' is not a number"));
        var key = $"{intent.ExecutionId}/{intent.StepId}";
        if (!_begun.TryGetValue(key, out var begun))
            _begun[key] = begun = intent.At;
        var left = begun.AddSeconds(seconds) - now;
        if (left > TimeSpan.Zero)
            return Task.FromResult((StepResult.NotYet, string.Create(CultureInfo.InvariantCulture, $"{left.TotalSeconds:0} s to go")));
        _begun.Remove(key);
        return Task.FromResult((StepResult.Succeeded, "waited"));
    }
}
