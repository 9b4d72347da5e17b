using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability model</c>: versions of the classifier of actionability, what they were learnt from, and which is in use.</summary>
internal static class ModelCommand
{
    private static readonly Option<string> Server = new("--server") { Description = "a running server", DefaultValueFactory = _ => "http://127.0.0.1:7070" };
    private static readonly Option<string> Key = new("--key-file") { Description = "file with the secret of one of its server.api_keys, where it wants one", DefaultValueFactory = _ => "" };
    private static readonly Option<string> State = new("--state") { Description = "a state folder, in place of --server", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed of stories and trainer, for --state", DefaultValueFactory = _ => new ActionabilityTraining { Version = "" }.Seed };
    private static readonly Option<int> Stories = new("--stories") { Description = "synthetic stories beside the labels, for --state; at least 100", DefaultValueFactory = _ => new ActionabilityTraining { Version = "" }.Stories };
    private static readonly Option<bool> Json = new("--json") { Description = "print JSON" };
    private static readonly Argument<string> Version = new("version") { Description = "a version of model list, or shipped" };

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    public static System.CommandLine.Command Build()
    {
        var list = new System.CommandLine.Command("list", "print the versions, how good they are, which is in use, and how far today's alerts are from what it knows") { Server, State, Json };
        list.SetAction((parsed, cancellationToken) => GuardAsync(parsed, () => ListAsync(parsed, cancellationToken)));
        var train = new System.CommandLine.Command("train", "train a version from synthetic stories and what the on-call said; a worse one is refused") { Server, Key, State, Seed, Stories };
        train.SetAction((parsed, cancellationToken) => GuardAsync(parsed, () => TrainAsync(parsed, cancellationToken)));
        var use = new System.CommandLine.Command("use", "put a version in use on a running server, an older one to go back") { Version, Server, Key };
        use.SetAction((parsed, cancellationToken) => GuardAsync(parsed, () => PostAsync(parsed, $"api/models/{Uri.EscapeDataString(parsed.GetValue(Version)!)}/use", cancellationToken)));
        return new System.CommandLine.Command("model", "look at, train and choose what says whether an alert is worth someone's time") { list, train, use };
    }

    private static async Task<int> GuardAsync(ParseResult parsed, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException or UriFormatException or InvalidDataException or UnauthorizedAccessException)
        {
            var state = parsed.CommandResult.Command.Options.Contains(State) ? parsed.GetValue(State)! : "";
            await System.Console.Error.WriteLineAsync(state.Length > 0 ? fault.Message : $"--server {parsed.GetValue(Server)}: {fault.Message}");
            return 2;
        }
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var view = parsed.GetValue(State) is { Length: > 0 } state ? await FromStateAsync(state, cancellationToken) : await FromServerAsync(parsed.GetValue(Server)!, cancellationToken);
        System.Console.WriteLine(parsed.GetValue(Json) ? JsonSerializer.Serialize(view, Written) : ModelTable.Of(view));
        return 0;
    }

    private static async Task<LearningView> FromServerAsync(string server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.TrimEnd('/') + "/") };
        return await http.GetFromJsonAsync<LearningView>("api/models", Written, cancellationToken) ?? throw new JsonException("the answer is empty");
    }

    private static async Task<LearningView> FromStateAsync(string state, CancellationToken cancellationToken)
    {
        var shelf = ModelShelf.Open(LearningLoop.FolderOf(state));
        var stage = await JournalMemory.ReadAsync(JournalOf(state), shelf, cancellationToken);
        foreach (var (version, fault) in shelf.Faults)
            await System.Console.Error.WriteLineAsync($"{version}: cannot be used: {fault}");
        return LearningView.Empty with
        {
            InUse = stage.Version,
            Versions = [.. shelf.Versions],
            Labels = stage.Memory.Labels,
            NewLabels = Math.Max(0, stage.Memory.Labels - stage.Memory.LabelsTrained),
            Drift = MeasureDrift.Of(shelf.CardOf(stage.Version)!, stage.Memory.Data()),
        };
    }

    private static async Task<int> TrainAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(State) is not { Length: > 0 } state)
            return await PostAsync(parsed, "api/models/train", cancellationToken);
        if (parsed.GetValue(Stories) < 100)
        {
            await System.Console.Error.WriteLineAsync($"--stories: {parsed.GetValue(Stories)} is too few to learn from; give at least 100");
            return 2;
        }

        var shelf = ModelShelf.Open(LearningLoop.FolderOf(state));
        var stage = await JournalMemory.ReadAsync(JournalOf(state), shelf, cancellationToken);
        var training = new ActionabilityTraining { Version = shelf.NextVersion(), Seed = parsed.GetValue(Seed), Stories = parsed.GetValue(Stories), At = TimeProvider.System.GetUtcNow() };
        var trained = ActionabilityTrainer.Train(training, stage.Memory.Data(), shelf.Find(stage.Version));
        if (trained.Refusal.Length > 0)
        {
            await System.Console.Error.WriteLineAsync($"{training.Version}: not written: {trained.Refusal}");
            return 1;
        }

        shelf.Save(trained);
        System.Console.WriteLine(JsonSerializer.Serialize(trained.Card.Model, Written));
        System.Console.WriteLine($"{training.Version} is on the shelf; `model use {training.Version}` puts it in use on the running server");
        return 0;
    }

    private static async Task<int> PostAsync(ParseResult parsed, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(parsed.GetValue(Server)!.TrimEnd('/') + "/") };
        if (parsed.GetValue(Key) is { Length: > 0 } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(key, cancellationToken)).Trim());
        using var answer = await http.PostAsJsonAsync(path, new CommandBody(), cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            System.Console.WriteLine("taken; `model list` shows what becomes of it");
            return 0;
        }

        await System.Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}: {body}"));
        return 1;
    }

    private static string JournalOf(string state)
    {
        var journal = Path.Combine(state, "journal.db");
        return File.Exists(journal) ? journal : throw new FileNotFoundException($"--state: there is no {journal}");
    }
}
