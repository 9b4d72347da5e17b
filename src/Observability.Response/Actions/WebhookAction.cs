using System.Net.Http.Json;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Posts the intent to a URL. The header <c>Idempotency-Key</c> is the same for every attempt of a step, so that the other
/// side can tell a repeat after a lost answer from a second order.
/// </summary>
public sealed class WebhookAction(HttpClient http) : IAction
{
    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        if (!Uri.TryCreate(intent.Parameters["url"], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return (StepResult.Impossible, $"step {intent.StepId}: parameter 'url': '{intent.Parameters["url"]}' is not an absolute http or https URL");
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = JsonContent.Create(new
            {
                operationId = intent.OperationId,
                action = intent.Parameters["action"],
                target = intent.Target.ToString(),
                parameters = intent.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            }),
        };
        request.Headers.Add("Idempotency-Key", $"{intent.ExecutionId}/{intent.StepId}");
        using var answer = await http.SendAsync(request, cancellationToken);
        var status = (int)answer.StatusCode;
        return answer.IsSuccessStatusCode ? (StepResult.Succeeded, $"answered {status}")
            : status is >= 400 and < 500 and not 408 and not 409 and not 425 and not 429 ? (StepResult.Impossible, $"{url.Host} refused it with {status}")
            : (StepResult.Failed, $"{url.Host} answered {status}");
    }
}
