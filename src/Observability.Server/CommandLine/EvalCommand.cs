using System.CommandLine;
using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary><c>observability eval train</c>: trains the shipped models from synthetic incidents and says how good they are.</summary>
internal static class EvalCommand
{
    private static readonly Option<string> Folder = new("--folder") { Description = "where to write the models", DefaultValueFactory = _ => "src/Observability.Incidents/Models" };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed; the parts use seed, seed + 1 and seed + 2", DefaultValueFactory = _ => 20_260_301 };
    private static readonly Option<int> Count = new("--incidents") { Description = "incidents of the training part; the others have a quarter", DefaultValueFactory = _ => 8_000 };

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static Command Build()
    {
        var train = new Command("train", "train root-cause ranker and actionability classifier") { Folder, Seed, Count };
        train.SetAction(parsed => Train(parsed.GetValue(Folder)!, parsed.GetValue(Seed), parsed.GetValue(Count)));
        return new Command("eval", "train and score models") { train };
    }

    private static int Train(string folder, int seed, int count)
    {
        Directory.CreateDirectory(folder);
        var trained = CauseTrainer.Train(
            SyntheticIncidents.Generate(count, seed), SyntheticIncidents.Generate(count / 4, seed + 1), SyntheticIncidents.Generate(count / 4, seed + 2), seed);
        File.WriteAllBytes(Path.Combine(folder, "root-cause.zip"), trained.Model);
        File.WriteAllBytes(Path.Combine(folder, "root-cause.calibration.json"), trained.Calibration);
        var report = JsonSerializer.Serialize(trained.Report, Json);
        File.WriteAllText(Path.Combine(folder, "root-cause.report.json"), report + "\n");
        File.WriteAllBytes(Path.Combine(folder, "actionability.zip"), ActionabilityModel.Train(SyntheticIncidents.Alerts(count / 4, seed), seed));
        System.Console.WriteLine(report);
        return 0;
    }
}
