using System.Text.Json;
using Observability.Model;

namespace Observability.Response;

/// <summary>Turns a click in Slack into a command: a form field <c>payload</c> with JSON of type <c>block_actions</c>.</summary>
public static class SlackInteraction
{
    /// <summary>The command; null, with the reason, where the payload is none.</summary>
    public static Command? Parse(string payload, DateTimeOffset at, out string fault)
    {
        fault = "";
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            var action = root.GetProperty("actions")[0];
            var actor = $"slack:{root.GetProperty("user").GetProperty("id").GetString()}";
            var value = action.TryGetProperty("value", out var stated) ? stated.GetString() ?? "" : "";
            var name = action.GetProperty("action_id").GetString();
            Command? command = name switch
            {
                "acknowledge" => new AcknowledgeIncident(value) { Actor = actor, Door = "slack", At = at },
                "approve" => new ApproveExecution(value) { Actor = actor, Door = "slack", At = at },
                "reject" => new RejectExecution(value) { Actor = actor, Door = "slack", At = at },
                "annotate" => Annotate(value, actor, at),
                _ => null,
            };
            if (command is null)
                fault = $"action '{name}' is not one of acknowledge, approve, reject, annotate";
            return command;
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            fault = $"the payload is not a block action: {broken.Message}";
            return null;
        }
    }

    // "INC-000001|text"
    private static AnnotateIncident Annotate(string value, string actor, DateTimeOffset at)
    {
        var parts = value.Split('|', 2);
        return new AnnotateIncident(parts[0], parts.Length > 1 ? parts[1] : "") { Actor = actor, Door = "slack", At = at };
    }
}
