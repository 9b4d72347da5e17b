using System.CommandLine;
using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary><c>observability noise report</c>: what every rule was worth, and what to change about the rules.</summary>
internal static class NoiseCommand
{
    private static readonly Option<string> Server = new("--server") { Description = "a running server", DefaultValueFactory = _ => "http://127.0.0.1:7070" };
    private static readonly Option<string> State = new("--state") { Description = "the state folder of a server that need not run, in place of --server", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Config = new("--config") { Description = "a configuration that names the state folder and alerting.shadow, in place of --server", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Json = new("--json") { Description = "print JSON, as GET /api/noise gives it" };

    public static Command Build()
    {
        var report = new Command("report", "print alerts in, incidents out, every rule's precision, duplicates and suggested changes") { Server, State, Config, Json };
        report.SetAction(RunAsync);
        return new Command("noise", "look at what alerts are worth") { report };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var report = await ReadAsync(parsed, cancellationToken);
            System.Console.WriteLine(parsed.GetValue(Json) ? JsonSerializer.Serialize(report, NoiseReading.Json) : NoiseText.Of(report));
            return 0;
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException or InvalidDataException or UriFormatException)
        {
            var fromServer = parsed.GetValue(State)!.Length + parsed.GetValue(Config)!.Length == 0;
            await System.Console.Error.WriteLineAsync(fromServer ? $"--server {parsed.GetValue(Server)}: {fault.Message}" : fault.Message);
            return 2;
        }
    }

    private static Task<Model.NoiseReport> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (state, config) = (parsed.GetValue(State)!, parsed.GetValue(Config)!);
        if (state.Length + config.Length == 0)
            return NoiseReading.FromServerAsync(new Uri(parsed.GetValue(Server)!.TrimEnd('/') + "/"), cancellationToken);
        var standings = new StandingOptions();
        if (config.Length > 0)
        {
            var (options, findings) = ConfigurationFile.Read(config);
            if (findings.Count > 0)
                throw new InvalidDataException(string.Join('\n', findings));
            standings = options.Alerting.Shadow.ToStandings();
            state = state.Length > 0 ? state : options.Server.State;
        }

        var journal = Path.Combine(state, "journal.db");
        return File.Exists(journal)
            ? NoiseReading.FromJournalAsync(journal, standings, cancellationToken)
            : throw new FileNotFoundException($"{(config.Length > 0 ? "server.state" : "--state")}: there is no {journal}");
    }
}
