using System.Net.Http.Json;
using Observability.Model;

namespace Observability.Response;

/// <summary>Posts to a Slack incoming webhook: title, verdict, evidence, and buttons that come back signed.</summary>
public sealed class SlackChannel(string name, Uri url, string console, HttpClient http) : IChannel
{
    // Slack refuses messages whose blocks exceed about 13,200 characters in all.
    private const int MaximumText = 2_900;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int PerMinute => 60;

    /// <inheritdoc/>
    public async Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var title = MessageText.Title(notification);
        var body = MessageText.Body(notification);
        var blocks = new List<object>
        {
            new { type = "section", text = new { type = "mrkdwn", text = $"*{Escape(title)}*" } },
            new { type = "section", text = new { type = "mrkdwn", text = Escape(body.Length > MaximumText ? body[..MaximumText] + "…" : body) } },
        };
        var buttons = Buttons(notification).ToArray();
        if (buttons.Length > 0)
            blocks.Add(new { type = "actions", elements = buttons });
        using var answer = await http.PostAsJsonAsync(url, new { text = title, blocks }, cancellationToken);
        return ChannelAnswer.Of(answer, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private IEnumerable<object> Buttons(Notification notification)
    {
        if (notification.Kind == NotificationKind.Resolved)
            yield break;
        if (notification is { Kind: NotificationKind.Approval, Execution: { } execution })
        {
            yield return Button("approve", "Approve", execution.Id, "primary");
            yield return Button("reject", "Reject", execution.Id, "danger");
        }
        else
        {
            yield return Button("acknowledge", "Acknowledge", notification.Incident.Id, "primary");
        }

        yield return new { type = "button", text = new { type = "plain_text", text = "Open" }, url = $"{console.TrimEnd('/')}/incidents/{notification.Incident.Id}" };
    }

    private static object Button(string action, string text, string value, string style) =>
        new { type = "button", action_id = action, text = new { type = "plain_text", text }, value, style };

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
