using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary><c>observability eval storm</c>: several incidents at once among noise, grouped by the platform and by three simple ways.</summary>
internal static class EvalStormCommand
{
    private static readonly Option<int> Alerts = new("--alerts") { Description = "alert messages, 100 to 1000000", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Concurrent = new("--concurrent") { Description = "faults that begin within three minutes, 1 to 8", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed of the storm, 0 or above", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Noise = new("--noise") { Description = "alerts a minute that come from no fault, 0 to 1000", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> SameJob = new("--same-job") { Description = "probability that a further fault meets the job of the first, 0 to 1", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> Unknown = new("--unknown") { Description = "share of the nodes whose cables or ranks the topology does not know, 0 to 1", DefaultValueFactory = _ => 0 };
    private static readonly Option<string> Out = new("--out") { Description = "JSON file to write, for eval compare; none without it", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Page = new("--page") { Description = "Markdown page whose section of storms is written anew; none without it", DefaultValueFactory = _ => "" };

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static Command Build()
    {
        var command = new Command("storm", "group the alerts of several incidents at once and score the groups") { Alerts, Concurrent, Seed, Noise, SameJob, Unknown, Out, Page };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var options = new SyntheticStormOptions(parsed.GetValue(Alerts), parsed.GetValue(Concurrent), parsed.GetValue(Seed))
        {
            NoisePerMinute = parsed.GetValue(Noise),
            SameJob = parsed.GetValue(SameJob),
            Unknown = parsed.GetValue(Unknown),
        };
        var refusals = Refusals(options).ToList();
        if (refusals.Count > 0)
        {
            System.Console.Error.WriteLine(string.Join('\n', refusals));
            return 2;
        }

        var asked = string.Create(
            CultureInfo.InvariantCulture, $"--alerts {options.Alerts} --concurrent {options.Concurrent} --seed {options.Seed} --noise {options.NoisePerMinute} --same-job {options.SameJob} --unknown {options.Unknown}");
        var storm = SyntheticStorm.Make(options);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var score = StormScore.Of(storm);
        process.Refresh();
        var report = new EvalReport("storm", asked, new EvalData(0, HashOf(storm)), score, storm.Faults.Count, watch.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds)
        {
            Command = $"eval storm {asked}",
        };
        System.Console.WriteLine(report.ToMarkdown());
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.WallSeconds:0.0} s wall, {report.CpuSeconds:0.0} s CPU"));
        if (parsed.GetValue(Out) is { Length: > 0 } file)
            File.WriteAllText(file, report.ToJson().ToJsonString(Json) + "\n");
        if (parsed.GetValue(Page) is { Length: > 0 } page)
            File.WriteAllText(page, PageSection.Replace(File.Exists(page) ? File.ReadAllText(page) : "", report.Set, report.ToMarkdown()));
        return 0;
    }

    private static IEnumerable<string> Refusals(SyntheticStormOptions options)
    {
        if (options.Alerts is < 100 or > 1_000_000)
            yield return $"--alerts: {options.Alerts} is outside 100 to 1000000";
        if (options.Concurrent is < 1 or > 8)
            yield return $"--concurrent: {options.Concurrent} is outside 1 to 8; the fleet has 8 jobs";
        if (options.Seed < 0)
            yield return $"--seed: {options.Seed} is below 0";
        if (options.NoisePerMinute is not (>= 0 and <= 1_000))
            yield return string.Create(CultureInfo.InvariantCulture, $"--noise: {options.NoisePerMinute} is outside 0 to 1000");
        if (options.SameJob is not (>= 0 and <= 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"--same-job: {options.SameJob} is outside 0 to 1");
        if (options.Unknown is not (>= 0 and <= 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"--unknown: {options.Unknown} is outside 0 to 1");
    }

    private static string HashOf(SyntheticStorm storm)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var one in storm.Alerts)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{one.At:O} {one.Fault} {one.Alert.Labels}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
