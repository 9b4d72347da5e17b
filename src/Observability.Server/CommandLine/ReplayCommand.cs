using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability replay FOLDER</c>: recorded telemetry through the whole pipeline, faster than real time.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "folder of exposition files, kernel and training logs, OTLP JSON, topology.json" };
    private static readonly Option<string> Content = new("--content") { Description = "folder with rules and runbooks", DefaultValueFactory = _ => "." };
    private static readonly Option<double> Gap = new("--gap") { Description = "minutes of silence that end a stretch; what follows is a run of its own", DefaultValueFactory = _ => 30 };
    private static readonly Option<string[]> Labels = new("--label") { Description = "NAME=VALUE for what names no target itself, such as node=gpu-17 for captures of one node; may stand several times" };
    private static readonly Option<string> Output = new("--output") { Description = "text or json", DefaultValueFactory = _ => "text" };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static System.CommandLine.Command Build()
    {
        var command = new System.CommandLine.Command("replay", "feed recorded telemetry through the pipeline and print the incidents") { Folder, Content, Gap, Labels, Output };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var gap = parsed.GetValue(Gap);
        if (gap is not (> 0 and <= 1_440))
            return await RefuseAsync($"--gap: {gap} is outside 0 to 1440 minutes");
        var labels = (parsed.GetValue(Labels) ?? []).Select(label => label.Split('=', 2)).ToArray();
        if (Array.Find(labels, label => label.Length < 2 || label[0].Length == 0) is { } odd)
            return await RefuseAsync($"--label: '{string.Join('=', odd)}' is not NAME=VALUE");
        var root = parsed.GetValue(Content)!;
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        if (findings.Count > 0)
            return await RefuseAsync(string.Join('\n', findings));
        var options = new ReplayOptions { Folder = parsed.GetValue(Folder)!, Content = root, Gap = TimeSpan.FromMinutes(gap), Labels = LabelSet.Of([.. labels.Select(label => (label[0], label[1]))]) };
        try
        {
            var report = await ReplayRun.RunAsync(options, content, cancellationToken);
            if (parsed.GetValue(Output) == "json")
                System.Console.WriteLine(JsonSerializer.Serialize(report, Json));
            else
                Say(report);
            return 0;
        }
        catch (DirectoryNotFoundException fault)
        {
            return await RefuseAsync(fault.Message);
        }
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await System.Console.Error.WriteLineAsync(message);
        return 2;
    }

    private static void Say(ReplayReport report)
    {
        foreach (var file in report.Files.Where(file => file.Kind != "skipped"))
        {
            Line($"{file.Kind,-10} {file.Lines,7} lines {file.Samples,7} samples {file.Events,5} events {file.Refused,5} refused  {file.Path}");
            foreach (var reason in file.Reasons)
                Line($"           refused: {reason}");
        }

        foreach (var why in report.Files.Where(file => file.Kind == "skipped").GroupBy(file => file.Reasons[0]).OrderByDescending(group => group.Count()))
            Line($"skipped    {why.Count()} files: {why.Key}");
        var read = report.Files.Where(file => file.Kind != "skipped").ToArray();
        Line($"{read.Length} files, {read.Sum(file => file.Lines)} lines read, {read.Sum(file => file.Refused)} refused; {report.Files.Count - read.Length} files skipped");
        if (report.Corrected > 0)
            Line($"{report.Corrected} kernel events set right by what the clocks of their nodes showed");
        foreach (var stretch in report.Stretches)
            Say(stretch);
        Line($"{report.Stretches.Count} stretches, {report.Stretches.Sum(stretch => stretch.Alerts)} alerts, {report.Stretches.Sum(stretch => stretch.Incidents.Count)} incidents");
    }

    private static void Say(ReplayStretch stretch)
    {
        Line($"");
        Line($"{stretch.From:yyyy-MM-dd HH:mm:ss} to {stretch.To:yyyy-MM-dd HH:mm:ss}: {stretch.Samples} samples, {stretch.Events} events, {stretch.Alerts} alerts, {stretch.Incidents.Count} incidents {stretch.Refusal}");
        foreach (var incident in stretch.Incidents)
        {
            Line($"  {incident.Id} {incident.StartedAt:HH:mm:ss} {incident.AlertCount} alerts: {Answer(incident)}{(incident.Mute is { } mute ? $"; told nobody, {mute.Reason}" : "")}");
            foreach (var evidence in incident.Verdict?.Evidence ?? [])
                Line($"      {evidence.Text}");
            foreach (var execution in stretch.Executions.Where(execution => execution.IncidentId == incident.Id))
                Line($"      {execution.RunbookId}: {execution.State}, {execution.Reason}");
        }
    }

    private static string Answer(Incident incident) => incident.Verdict is { } verdict
        ? string.Create(CultureInfo.InvariantCulture, $"{verdict.Kind} {verdict.Summary}{(verdict.Confidence > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({verdict.Confidence:P0})") : "")}")
        : incident.Title + " (no verdict)";

    private static void Line(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
