using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Waits: done when the time of its parameter <c>seconds</c> has passed since the step began (parameter <c>since</c>,
/// which the run writes, so that a restart does not begin the wait anew).
/// </summary>
public sealed class WaitAction : IAction
{
    /// <inheritdoc/>
    public string Name => "wait";

    /// <inheritdoc/>
    public Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var written = intent.Parameters["seconds"];
        if (!double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is < 0 or > 86_400)
            return Task.FromResult((StepResult.Impossible, $"step {intent.StepId}: parameter 'seconds': '{written}' is not a number of seconds up to a day"));
        var since = DateTimeOffset.TryParse(intent.Parameters["since"], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var begun) ? begun : intent.At;
        var left = since.AddSeconds(seconds) - now;
        return Task.FromResult(left > TimeSpan.Zero
            ? (StepResult.NotYet, string.Create(CultureInfo.InvariantCulture, $"{left.TotalSeconds:0} s to go"))
            : (StepResult.Succeeded, "waited"));
    }
}
