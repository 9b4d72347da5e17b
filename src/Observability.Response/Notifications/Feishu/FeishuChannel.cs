using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Observability.Model;

namespace Observability.Response;

/// <summary>Posts a card to a Feishu or Lark custom bot. HTTP is 200 even on failure, so the code in the body decides.</summary>
public sealed class FeishuChannel(string name, Uri url, string secret, HttpClient http) : IChannel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int PerMinute => 100;

    /// <inheritdoc/>
    public Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var colour = notification.Kind == NotificationKind.Resolved ? "green" : notification.Kind == NotificationKind.Question ? "blue" : notification.Incident.Severity == "critical" ? "red" : "orange";
        return PostAsync((MessageText.Title(notification), MessageText.Body(notification), colour), now, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ChannelAnswer> SendDigestAsync(IReadOnlyList<Notification> notifications, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notifications);
        return PostAsync((MessageText.DigestTitle(notifications), MessageText.DigestBody(notifications), "orange"), now, cancellationToken);
    }

    /// <summary>base64 HMAC-SHA256 with the key <c>timestamp \n secret</c> over an empty message: key and message are the reverse of DingTalk's.</summary>
    public static string Sign(string secret, string timestamp) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{timestamp}\n{secret}"), ReadOnlySpan<byte>.Empty));

    // A custom bot cannot receive clicks, so the card carries no buttons. A message has at most 20 KB.
    private async Task<ChannelAnswer> PostAsync((string Title, string Body, string Colour) text, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var card = new
        {
            header = new { title = new { tag = "plain_text", content = MessageText.Clip(text.Title, 500) }, template = text.Colour },
            elements = new object[] { new { tag = "div", text = new { tag = "lark_md", content = MessageText.Clip(text.Body, 4_000) } } },
        };
        object body = secret.Length > 0
            ? new { timestamp, sign = Sign(secret, timestamp), msg_type = "interactive", card }
            : new { msg_type = "interactive", card };
        using var answer = await http.PostAsJsonAsync(url, body, cancellationToken);
        var said = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? Read(said) : ChannelAnswer.Of(answer, said, now);
    }

    // 0 ok; 9499 bad request, 19021 signature or time, 19022 address, 19024 keyword: none of them gets better by itself.
    private static ChannelAnswer Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var code = document.RootElement.GetProperty("code").GetInt32();
            return new ChannelAnswer(code == 0, code is 11_232, $"code {code}", code == 11_232 ? TimeSpan.FromSeconds(30) : null);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new ChannelAnswer(false, true, "the answer is not JSON with a number 'code'");
        }
    }
}
