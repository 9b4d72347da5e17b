using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability rules standing</c>: which rules are live and which in shadow, and a person's word on one of them.</summary>
internal static class RulesCommand
{
    private static readonly Argument<string> Rule = new("rule") { Description = "origin/name, for example detector/OpticFades; left out, all are listed", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Server = new("--server") { Description = "a running server", DefaultValueFactory = _ => "http://127.0.0.1:7070" };
    private static readonly Option<string> To = new("--to") { Description = "shadow or live: where the rule shall stand", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Pin = new("--pin") { Description = "keep it there whatever is measured" };
    private static readonly Option<string> Reason = new("--reason") { Description = "why; it is journaled", DefaultValueFactory = _ => "" };
    private static readonly Option<string> KeyFile = new("--key-file") { Description = "a file with one of the server's server.api_keys secrets", DefaultValueFactory = _ => "" };

    public static System.CommandLine.Command Build()
    {
        var standing = new System.CommandLine.Command("standing", "list where rules and detectors stand, or promote, demote or pin one") { Rule, Server, To, Pin, Reason, KeyFile };
        standing.SetAction(RunAsync);
        return new System.CommandLine.Command("rules", "look after rules and detectors") { standing };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(parsed.GetValue(Server)!.TrimEnd('/') + "/") };
            return parsed.GetValue(To)!.Length == 0 ? await ListAsync(http, parsed.GetValue(Rule)!, cancellationToken) : await SetAsync(http, parsed, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException or UriFormatException)
        {
            await System.Console.Error.WriteLineAsync($"--server {parsed.GetValue(Server)}: {fault.Message}");
            return 2;
        }
    }

    private static async Task<int> ListAsync(HttpClient http, string rule, CancellationToken cancellationToken)
    {
        var standings = await http.GetFromJsonAsync<RuleStanding[]>("api/standings", NoiseReading.Json, cancellationToken) ?? [];
        foreach (var standing in standings.Where(one => rule.Length == 0 || one.Rule.ToString() == rule))
        {
            System.Console.WriteLine($"{standing.Rule,-42} {(standing.Standing == Standing.Live ? "live" : "shadow"),-7}{(standing.Last.IsPinned ? "pinned " : "")}since {standing.Last.At:u} by {standing.Last.By}: {standing.Last.Reason}");
            if (standing.Proposal is { } proposal)
                System.Console.WriteLine($"{"",-42} asked since {proposal.At:u}: {proposal.Reason}");
        }

        return 0;
    }

    private static async Task<int> SetAsync(HttpClient http, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (rule, to) = (parsed.GetValue(Rule)!, parsed.GetValue(To)!);
        if (!RuleId.TryParse(rule, out var id) || to is not ("shadow" or "live"))
        {
            await System.Console.Error.WriteLineAsync(id == default ? $"'{rule}' is not a rule; write origin/name, for example detector/OpticFades" : $"--to: '{to}' is neither shadow nor live");
            return 2;
        }

        if (parsed.GetValue(KeyFile) is { Length: > 0 } file)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancellationToken)).Trim());
        using var answer = await http.PostAsJsonAsync(
            $"api/standings/{id.ToString().Split('/')[0]}/{Uri.EscapeDataString(id.Name)}", new { to, pin = parsed.GetValue(Pin), reason = parsed.GetValue(Reason) }, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return 0;
        await System.Console.Error.WriteLineAsync($"refused: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return 1;
    }
}
