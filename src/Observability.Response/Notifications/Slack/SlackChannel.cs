using System.Net.Http.Json;
using Observability.Model;

namespace Observability.Response;

/// <summary>Posts to a Slack incoming webhook: title, verdict, evidence, and buttons that come back signed.</summary>
public sealed class SlackChannel(string name, Uri url, string console, HttpClient http) : IChannel
{
    // Slack takes 3,000 characters per section, and refuses messages whose blocks exceed about 13,200 in all.
    private const int MostTitle = 500;
    private const int MostBody = 2_900;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int PerMinute => 60;

    /// <inheritdoc/>
    public Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return PostAsync((MessageText.Title(notification), MessageText.Body(notification)), [.. Buttons(notification)], now, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ChannelAnswer> SendDigestAsync(IReadOnlyList<Notification> notifications, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notifications);
        return PostAsync((MessageText.DigestTitle(notifications), MessageText.DigestBody(notifications)), [Link("Open", "incidents")], now, cancellationToken);
    }

    private async Task<ChannelAnswer> PostAsync((string Title, string Body) text, object[] buttons, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var title = MessageText.Clip(Escape(text.Title), MostTitle);
        List<object> blocks = [Section($"*{title}*"), Section(MessageText.Clip(Escape(text.Body), MostBody)), new { type = "actions", elements = buttons }];
        if (buttons.Length == 0)
            blocks.RemoveAt(2);
        using var answer = await http.PostAsJsonAsync(url, new { text = title, blocks }, cancellationToken);
        return ChannelAnswer.Of(answer, await answer.Content.ReadAsStringAsync(cancellationToken), now);
    }

    private IEnumerable<object> Buttons(Notification notification)
    {
        if (notification.Kind == NotificationKind.Resolved)
            yield break;
        if (notification is { Kind: NotificationKind.Question, Question: { } question })
        {
            yield return Button("answer_yes", "Yes", question.Id, "primary");
            yield return Button("answer_no", "No", question.Id, "danger");
            yield return Plain("answer_unknown", "I don't know", question.Id);
        }
        else if (notification is { Kind: NotificationKind.Approval, Execution: { } execution })
        {
            yield return Button("approve", "Approve", execution.Id, "primary");
            yield return Button("reject", "Reject", execution.Id, "danger");
        }
        else
        {
            yield return Button("acknowledge", "Acknowledge", notification.Incident.Id, "primary");
        }

        yield return Link("Open", $"incidents/{notification.Incident.Id}");
    }

    private object Link(string text, string path) => new { type = "button", action_id = "open", text = new { type = "plain_text", text }, url = $"{console.TrimEnd('/')}/{path}" };

    private static object Section(string text) => new { type = "section", text = new { type = "mrkdwn", text } };

    private static object Button(string action, string text, string value, string style) =>
        new { type = "button", action_id = action, text = new { type = "plain_text", text }, value, style };

    // Slack knows the styles primary and danger only; a button of neither has none.
    private static object Plain(string action, string text, string value) =>
        new { type = "button", action_id = action, text = new { type = "plain_text", text }, value };

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
