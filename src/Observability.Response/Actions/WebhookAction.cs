using System.Net.Http.Json;
using Observability.Model;

namespace Observability.Response;

/// <summary>Posts the intent to a URL; the operation id lets the other side recognise a repeat.</summary>
public sealed class WebhookAction(HttpClient http) : IAction
{
    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        if (!Uri.TryCreate(intent.Parameters["url"], UriKind.Absolute, out var url))
            return (StepResult.Impossible, $"parameter 'url': '{intent.Parameters["url"]}' is not an absolute URL");
        var body = new { operationId = intent.OperationId, action = intent.Action, target = intent.Target.ToString(), parameters = intent.Parameters };
        using var answer = await http.PostAsJsonAsync(url, body, cancellationToken);
        var status = (int)answer.StatusCode;
        return answer.IsSuccessStatusCode ? (StepResult.Succeeded, $"{status}")
            : status is >= 400 and < 500 and not 408 and not 429 ? (StepResult.Impossible, $"the other side refused it with {status}")
            : (StepResult.Failed, $"the other side answered {status}");
    }
}
