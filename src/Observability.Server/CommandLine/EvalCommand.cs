using System.CommandLine;
using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary><c>observability eval train</c>: trains the shipped models from synthetic incidents and says how good they are.</summary>
internal static class EvalCommand
{
    private static readonly Option<string> Folder = new("--folder") { Description = "where to write the models", DefaultValueFactory = _ => "src/Observability.Incidents/Models" };
    private static readonly Option<string> Page = new("--page") { Description = "Markdown page to write the report to; none without it", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed; the parts use seed, seed + 1 and seed + 2", DefaultValueFactory = _ => 20_261_127 };
    private static readonly Option<int> Stories = new("--stories") { Description = "stories of the training part, at least 400; the other parts have a quarter", DefaultValueFactory = _ => 12_000 };

    private static readonly Option<string> Episodes = new("--episodes")
    {
        Description = "folder of eval generate, to calibrate on its validation part as well; stories alone without it",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string> Content = new("--content") { Description = "folder with rules and runbooks, for the episodes", DefaultValueFactory = _ => "." };
    private static readonly Option<bool> Replace = new("--replace") { Description = "replace the model in the folder even where the new one is worse" };

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static Command Build()
    {
        Stories.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 400)
                result.AddError($"--stories: {result.GetValueOrDefault<int>()} is too few to learn from; give at least 400");
        });
        var train = new Command("train", "train root-cause ranker and actionability classifier") { Folder, Page, Seed, Stories, Episodes, Content, Replace };
        train.SetAction(parsed => Train(
            parsed.GetValue(Folder)!, parsed.GetValue(Page)!, (parsed.GetValue(Seed), parsed.GetValue(Stories)),
            parsed.GetValue(Episodes) is { Length: > 0 } file ? new EpisodeJudge(file, parsed.GetValue(Content)!) : null, parsed.GetValue(Replace)));
        return new Command("eval", "train and score models") { train, EvalGenerateCommand.Build(), EvalPredictCommand.Build(), EvalRunCommand.Build(), EvalCompareCommand.Build(), EvalStormCommand.Build() };
    }

    private static int Train(string folder, string page, (int Seed, int Stories) data, EpisodeJudge? episodes, bool replace)
    {
        var (seed, stories) = data;
        Directory.CreateDirectory(folder);
        TrainedCauseModel trained;
        try
        {
            trained = CauseTrainer.Train(stories, seed, Before(Path.Combine(folder, "root-cause.zip")), episodes is null ? null : episodes.Judge);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            System.Console.Error.WriteLine($"nothing is written: {fault.Message}");
            return 1;
        }

        if (trained.Refusal.Length > 0 && !replace)
        {
            System.Console.Error.WriteLine($"{folder}: not written: {trained.Refusal}; --replace writes it nevertheless");
            return 1;
        }

        File.WriteAllBytes(Path.Combine(folder, "root-cause.zip"), trained.Model);
        File.WriteAllBytes(Path.Combine(folder, "root-cause.calibration.json"), trained.Calibration);
        var report = JsonSerializer.Serialize(trained.Report, Json);
        File.WriteAllText(Path.Combine(folder, "root-cause.report.json"), report + "\n");
        File.WriteAllBytes(Path.Combine(folder, "actionability.zip"), ActionabilityModel.Train(SyntheticIncidents.Alerts(stories / 4, SyntheticPart.Train, seed), seed));
        if (page.Length > 0)
        {
            var measured = File.Exists(page) ? PageSection.AllOf(File.ReadAllText(page)) : "";
            File.WriteAllText(page, AccuracyPage.Of(trained.Report) + (measured.Length > 0 ? $"\n{measured}" : ""));
        }

        System.Console.WriteLine(report);
        return 0;
    }

    // A model of other features, from before they changed, cannot be asked and so cannot stand in the way.
    private static CauseModel? Before(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            return CauseModel.Open(file);
        }
        catch (InvalidDataException fault)
        {
            System.Console.Error.WriteLine($"{file}: is not compared with: {fault.Message}");
            return null;
        }
    }
}
