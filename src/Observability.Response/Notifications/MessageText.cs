using System.Globalization;
using System.Text;
using Observability.Model;

namespace Observability.Response;

/// <summary>The words of a message, the same in every channel.</summary>
internal static class MessageText
{
    private const int MostJobs = 8;

    public static string Title(Notification notification) => notification.Kind switch
    {
        NotificationKind.Resolved => $"Resolved: {notification.Incident.Title}",
        NotificationKind.Approval => $"Approval needed: {notification.Execution!.RunbookId} for {notification.Incident.Title}",
        NotificationKind.Escalation => $"Needs a person: {notification.Execution!.RunbookId}, {notification.Execution.Reason}",
        NotificationKind.Question => $"Was it worth waking someone? {notification.Question!.AlertName}",
        NotificationKind.Updated => $"Update: {notification.Incident.Title}",
        _ => notification.Incident.Title,
    };

    public static string Body(Notification notification)
    {
        if (notification.Question is { } question)
            return Ask(question, notification.Incident);
        var incident = notification.Incident;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{incident.Id} · {incident.AlertCount} alerts on {incident.EntityCount} entities");
        if (!incident.Jobs.IsEmpty)
            text.Append(" · jobs ").AppendJoin(", ", incident.Jobs.Take(MostJobs).Select(job => job.Name)).Append(incident.Jobs.Length > MostJobs ? ", …" : "");
        if (incident.Verdict is { } verdict)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Words(verdict.Kind)}{(verdict.Confidence > 0 ? string.Create(CultureInfo.InvariantCulture, $", confidence {verdict.Confidence:P0}") : "")}: {Clip(verdict.Summary, 300)}");
            foreach (var line in verdict.Evidence.Take(3))
                text.Append("\n• ").Append(Clip(line.Text, 300));
        }

        if (notification.Execution is { } execution)
            text.Append(CultureInfo.InvariantCulture, $"\n{execution.RunbookId} on {execution.Node?.Name ?? execution.Target.Name}: {execution.State}, {Clip(execution.Reason, 1_000)}");
        return text.ToString();
    }

    private static string Ask(Question question, Incident incident) => string.Create(CultureInfo.InvariantCulture,
        $"{question.Id} · {Clip(question.Summary, 300)}\nIt fired at {question.FiredAt:yyyy-MM-dd HH:mm} UTC and belongs to {incident.Id}, {Clip(incident.Title, 200)}.\nThe model gave it {question.Probability:P0}. {Like(question.Alike)}");

    private static string Like(int alike) => alike > 1 ? $"Your answer speaks for {alike} alerts of late that look like it." : "Nothing like it came lately.";

    /// <summary>Title of a digest: <c>37 messages about 12 incidents</c>.</summary>
    public static string DigestTitle(IReadOnlyList<Notification> notifications) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(notifications.All(one => one.Kind == NotificationKind.Digest) ? "Digest, nothing to be woken for: " : "")}{notifications.Count} messages about {notifications.Select(one => one.Incident.Id).Distinct().Count()} incidents");

    /// <summary>One line per message, cut where it becomes too long for a chat.</summary>
    public static string DigestBody(IReadOnlyList<Notification> notifications)
    {
        const int mostLines = 20;
        var lines = notifications.Take(mostLines).Select(one => $"• {one.Incident.Id} {Clip(Title(one), 120)}");
        var rest = notifications.Count - mostLines;
        return string.Join('\n', rest > 0 ? lines.Append(string.Create(CultureInfo.InvariantCulture, $"… and {rest} more")) : lines);
    }

    /// <summary>The text, cut to a length with an ellipsis.</summary>
    public static string Clip(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");

    private static string Words(VerdictKind kind) => kind switch
    {
        VerdictKind.Hardware => "hardware",
        VerdictKind.NotHardware => "not hardware",
        _ => "unclear",
    };
}
