using System.CommandLine;
using System.Text.Json;
using Observability.Collectors;
using Observability.Content;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability check signals</c>: which logical signals an exporter gives, and which of its vendor it lacks.</summary>
internal static class CheckSignalsCommand
{
    private const long BodyLimitBytes = 256L * 1_024 * 1_024;

    private static readonly Option<string> Target = new("--target") { Description = "URL of an exporter, or a file with its answer", Required = true };
    private static readonly Option<string> File = new("--signals") { Description = "file of the signals", DefaultValueFactory = _ => "rules/signals.yaml" };
    private static readonly Option<string> Output = new("--output") { Description = "text or json", DefaultValueFactory = _ => "text" };
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static System.CommandLine.Command Build()
    {
        var command = new System.CommandLine.Command("signals", "say which signals of rules/signals.yaml an exporter gives; exit 1 where some of its vendor are missing, 2 where it gives none") { Target, File, Output };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (target, file) = (parsed.GetValue(Target)!, parsed.GetValue(File)!);
        try
        {
            var signals = SignalFileReader.Read(new ContentFile(file, await System.IO.File.ReadAllTextAsync(file, cancellationToken)));
            if (signals.Findings.Any())
                return await RefuseAsync(string.Join('\n', signals.Findings));
            var labels = LabelSet.Of(("node", "target"), ("job", "target"), ("instance", target));
            var now = TimeProvider.System.GetUtcNow();
            var (samples, refused) = ExporterSeries.Read(await LoadAsync(target, cancellationToken), labels, now);
            if (samples.Count == 0)
                return await RefuseAsync($"--target {target}: no line of it is a sample{(refused.Count > 0 ? $"; {refused[0]}" : "")}");
            var lines = await SignalCheck.RunAsync(signals.Value, samples, labels, now, cancellationToken);
            System.Console.WriteLine(parsed.GetValue(Output) == "json" ? JsonSerializer.Serialize(lines, Written) : Table(lines));
            return lines.All(line => line.State != "provided" || line.Vendor == "any") ? 2 : lines.Any(line => line.State == "missing") ? 1 : 0;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException or UriFormatException or TaskCanceledException)
        {
            return await RefuseAsync($"--target {target}: {fault.Message}");
        }
    }

    private static async Task<byte[]> LoadAsync(string target, CancellationToken cancellationToken)
    {
        if (!target.StartsWith("http://", StringComparison.Ordinal) && !target.StartsWith("https://", StringComparison.Ordinal))
            return await System.IO.File.ReadAllBytesAsync(target, cancellationToken);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = BodyLimitBytes };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/plain;version=0.0.4");
        return await http.GetByteArrayAsync(new Uri(target), cancellationToken);
    }

    internal static string Table(IReadOnlyList<SignalLine> lines)
    {
        List<string> rows = [Row("signal", "unit", "state", "vendor", "series", "expression")];
        rows.AddRange(lines.Where(line => line.State != "other").Select(line => Row(
            line.Signal, line.Unit, line.State, line.Vendor, line.Series.ToString(System.Globalization.CultureInfo.InvariantCulture), line.Expression)));
        var others = lines.Count(line => line.State == "other");
        rows.Add($"{lines.Count(line => line.State == "provided")} provided, {lines.Count(line => line.State == "missing")} missing, {others} of other exporters");
        return string.Join('\n', rows);
    }

    private static string Row(params string[] cells) => $"{cells[0],-24} {cells[1],-16} {cells[2],-9} {cells[3],-14} {cells[4],6}  {cells[5]}";

    private static async Task<int> RefuseAsync(string why)
    {
        await System.Console.Error.WriteLineAsync(why);
        return 2;
    }
}
