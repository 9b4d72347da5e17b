using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Model;

namespace Observability.Response;

/// <summary>Posts notifications as JSON, signed as Standard Webhooks says: headers webhook-id, webhook-timestamp, webhook-signature.</summary>
public sealed class WebhookChannel(string name, Uri url, string secret, HttpClient http) : IChannel
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int PerMinute => 600;

    /// <inheritdoc/>
    public Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return PostAsync(notification.Id, new { title = MessageText.Title(notification), notification }, now, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ChannelAnswer> SendDigestAsync(IReadOnlyList<Notification> notifications, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notifications);
        // The same messages folded again after a lost answer have the same identity.
        return PostAsync($"digest/{notifications[0].Id}/{notifications.Count}", new { title = MessageText.DigestTitle(notifications), notifications }, now, cancellationToken);
    }

    /// <summary><c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c>; the key is the base64 after <c>whsec_</c>.</summary>
    public static string Sign(string secret, string id, string timestamp, string body)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var key = Convert.FromBase64String(secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret[6..] : secret);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
    }

    private async Task<ChannelAnswer> PostAsync(string id, object content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(content, Json);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        if (secret.Length > 0)
            request.Headers.Add("webhook-signature", Sign(secret, id, timestamp, body));
        using var answer = await http.SendAsync(request, cancellationToken);
        // Standard Webhooks: everything but 2xx and 410 is tried again.
        return ChannelAnswer.Of(answer, await answer.Content.ReadAsStringAsync(cancellationToken), now) with { MayRetry = (int)answer.StatusCode != 410 };
    }
}
