using System.Globalization;
using System.Text;
using Observability.Model;

namespace Observability.Response;

/// <summary>The words of a message, the same in every channel.</summary>
internal static class MessageText
{
    public static string Title(Notification notification) => notification.Kind switch
    {
        NotificationKind.Resolved => $"Resolved: {notification.Incident.Title}",
        NotificationKind.Approval => $"Approval needed: {notification.Execution!.RunbookId} for {notification.Incident.Title}",
        NotificationKind.Escalation => $"Needs a person: {notification.Execution!.RunbookId}, {notification.Execution.Reason}",
        NotificationKind.Updated => $"Update: {notification.Incident.Title}",
        _ => notification.Incident.Title,
    };

    public static string Body(Notification notification)
    {
        var incident = notification.Incident;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{incident.Id} · {incident.AlertCount} alerts on {incident.EntityCount} entities");
        if (!incident.Jobs.IsEmpty)
            text.Append(" · jobs ").AppendJoin(", ", incident.Jobs.Select(job => job.Name));
        if (incident.Verdict is { } verdict)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Words(verdict.Kind)}, confidence {verdict.Confidence:P0}");
            foreach (var line in verdict.Evidence.Take(3))
                text.Append("\n• ").Append(line.Text.Length > 300 ? line.Text[..300] + "…" : line.Text);
        }

        if (notification.Execution is { } execution)
            text.Append(CultureInfo.InvariantCulture, $"\n{execution.RunbookId} on {execution.Node?.Name ?? execution.Target.Name}: {execution.State}, {execution.Reason}");
        return text.ToString();
    }

    private static string Words(VerdictKind kind) => kind switch
    {
        VerdictKind.Hardware => "hardware",
        VerdictKind.NotHardware => "not hardware",
        _ => "unclear",
    };
}
