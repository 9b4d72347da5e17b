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
    public async Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var colour = notification.Kind == NotificationKind.Resolved ? "green" : notification.Incident.Severity == "critical" ? "red" : "orange";
        var card = new
        {
            header = new { title = new { tag = "plain_text", content = MessageText.Title(notification) }, template = colour },
            elements = new object[] { new { tag = "div", text = new { tag = "lark_md", content = MessageText.Body(notification) } } },
        };
        object body = secret.Length > 0
            ? new { timestamp, sign = Sign(secret, timestamp), msg_type = "interactive", card }
            : new { msg_type = "interactive", card };
        using var answer = await http.PostAsJsonAsync(url, body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? Read(text) : ChannelAnswer.Of(answer, text);
    }

    /// <summary>base64 HMAC-SHA256 with the key <c>timestamp \n secret</c> over an empty message: key and message are the reverse of DingTalk's.</summary>
    public static string Sign(string secret, string timestamp) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{timestamp}\n{secret}"), ReadOnlySpan<byte>.Empty));

    // 0 ok; 9499 bad request, 19021 signature or time, 19022 address, 19024 keyword: none of them gets better by itself.
    private static ChannelAnswer Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var code = document.RootElement.TryGetProperty("code", out var stated) ? stated.GetInt32() : 0;
            return new ChannelAnswer(code == 0, code is 11_232, $"code {code}", code == 11_232 ? TimeSpan.FromSeconds(30) : null);
        }
        catch (JsonException)
        {
            return new ChannelAnswer(false, true, "the answer is not JSON");
        }
    }
}
