using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
                "answer_yes" => new AnswerQuestion(value, LabelAnswer.Yes) { Actor = actor, Door = "slack", At = at },
                "answer_no" => new AnswerQuestion(value, LabelAnswer.No) { Actor = actor, Door = "slack", At = at },
                "answer_unknown" => new AnswerQuestion(value, LabelAnswer.Unknown) { Actor = actor, Door = "slack", At = at },
                "annotate" => Annotate(value, actor, at),
                "silence" => Silence(value, actor, at),
                _ => null,
            };
            if (value.Length == 0)
                command = null;
            if (command is null && value.Length == 0)
                fault = $"action '{name}' carries no value";
            else if (command is null)
                fault = $"action '{name}' with value '{value}' is not one of acknowledge, approve, reject, answer_yes, answer_no, answer_unknown, annotate, silence";
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

    // "120|node=node-003,alertname=GpuXid": minutes and the labels to match, all of them. The identity follows from the
    // click, so that a click that is delivered twice silences once.
    private static CreateSilence? Silence(string value, string actor, DateTimeOffset at)
    {
        var parts = value.Split('|', 2);
        if (parts.Length < 2 || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) || minutes is not (> 0 and <= 10_080))
            return null;
        var pairs = parts[1].Split(',').Select(pair => pair.Split('=', 2)).ToArray();
        if (pairs.Any(pair => pair.Length < 2 || pair[0].Length == 0 || pair[1].Length == 0))
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{actor}|{value}|{at.ToUnixTimeSeconds()}")));
        return new CreateSilence(new Silence
        {
            Id = new Guid(hash.AsSpan(0, 16)).ToString(),
            Matchers = [.. pairs.Select(pair => new LabelMatcher(pair[0], pair[1]))],
            StartsAt = at,
            EndsAt = at.AddMinutes(minutes),
            CreatedBy = actor,
            Comment = "silenced in Slack",
        })
        {
            Actor = actor,
            Door = "slack",
            At = at,
        };
    }
}
