using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Observability.Server;

/// <summary><c>observability slo report</c>: objectives, budgets and what incidents cost.</summary>
internal static class SloCommand
{
    private static readonly Option<string> Server = new("--server") { Description = "a running server", DefaultValueFactory = _ => "http://127.0.0.1:7070" };
    private static readonly Option<string> State = new("--state") { Description = "the state folder of a server that need not run, in place of --server", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Content = new("--content") { Description = "folder with rules and runbooks, for --state", DefaultValueFactory = _ => "." };
    private static readonly Option<bool> Json = new("--json") { Description = "print JSON" };

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static System.CommandLine.Command Build()
    {
        var report = new System.CommandLine.Command("report", "print objectives, what is left of their budgets, and what incidents cost") { Server, State, Content, Json };
        report.SetAction(RunAsync);
        return new System.CommandLine.Command("slo", "look at service level objectives") { report };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await ReadAsync(parsed, cancellationToken);
            System.Console.WriteLine(parsed.GetValue(Json) ? JsonSerializer.Serialize(lines, Written) : Table(lines));
            return 0;
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or FileNotFoundException or UriFormatException)
        {
            await System.Console.Error.WriteLineAsync(parsed.GetValue(State)!.Length > 0 ? fault.Message : $"--server {parsed.GetValue(Server)}: {fault.Message}");
            return 2;
        }
    }

    private static Task<IReadOnlyList<SloReportLine>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(State) is not { Length: > 0 } state)
            return SloReport.FromServerAsync(new Uri(parsed.GetValue(Server)!.TrimEnd('/') + "/"), cancellationToken);
        var journal = Path.Combine(state, "journal.db");
        if (!File.Exists(journal))
            throw new FileNotFoundException($"--state: there is no {journal}");
        var root = parsed.GetValue(Content)!;
        return SloReport.FromJournalAsync(journal, ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks")).Content, cancellationToken);
    }

    internal static string Table(IReadOnlyList<SloReportLine> lines)
    {
        List<string> rows = [Row("slo", "objective", "window", "attained", "left", "burn rate", "burning")];
        foreach (var line in lines)
        {
            rows.Add(Row(line.Id, Share(line.Objective), line.Window, Share(line.Attainment), Share(line.Remaining),
                line.BurnRate?.ToString("0.##", CultureInfo.InvariantCulture) ?? "unknown", line.Burning.Count == 0 ? "-" : string.Join(' ', line.Burning)));
            rows.AddRange(line.Charges.Select(charge => string.Create(
                CultureInfo.InvariantCulture, $"  {charge.IncidentId} cost {charge.BudgetShare:P2} of the budget, {charge.TellLoss()}")));
        }

        return string.Join('\n', rows);
    }

    private static string Row(params string[] cells) =>
        $"{cells[0],-24} {cells[1],10} {cells[2],8} {cells[3],10} {cells[4],10} {cells[5],10}  {cells[6]}";

    private static string Share(double? share) => share?.ToString("P2", CultureInfo.InvariantCulture) ?? "unknown";
}
