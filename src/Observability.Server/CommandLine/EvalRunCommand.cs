using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace Observability.Server;

/// <summary><c>observability eval run</c>: answers every case of a set, then reads the labels and says how good the answers are.</summary>
internal static class EvalRunCommand
{
    private static readonly EvalSetOptions Chosen = new(EvalSets.Labelled);
    private static readonly Option<string> Out = new("--out") { Description = "JSON file to write, for eval compare; none without it", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Page = new("--page") { Description = "Markdown page whose section of this set is written anew; none without it", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Ablations = new("--ablations") { Description = "for bundle: answer the cases again without each part of the platform, and say what that costs" };

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static Command Build()
    {
        var command = new Command("run", "answer every case of a set and score the answers against its labels") { Chosen.Set, Chosen.Path, Out, Page, Chosen.Content, Chosen.Without, Ablations };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var (chosen, folder, refusal) = Chosen.Read(parsed);
        if (chosen is not ILabelledSet set)
        {
            System.Console.Error.WriteLine(refusal);
            return 2;
        }

        var data = EvalData.Of(folder);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var answers = set.Answer(folder, System.Console.Error.WriteLine).ToList();
        watch.Stop();
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        if (answers.Count == 0)
        {
            System.Console.Error.WriteLine($"{folder}: holds no case of the set {set.Name}");
            return 1;
        }

        var score = set.Score(folder, answers);
        if (parsed.GetValue(Ablations) && set is IPlatformSet platform)
            score = score with { Tables = [.. score.Tables, Ablation.Of(platform, parsed.GetValue(Chosen.Content)!, folder, score)] };
        var report = new EvalReport(set.Name, folder, data, score, answers.Count, watch.Elapsed.TotalSeconds, cpu.TotalSeconds);
        System.Console.WriteLine(report.ToMarkdown());
        System.Console.WriteLine($"{report.WallSeconds:0.0} s wall, {report.CpuSeconds:0.0} s CPU");
        if (parsed.GetValue(Out) is { Length: > 0 } file)
            File.WriteAllText(file, report.ToJson().ToJsonString(Json) + "\n");
        if (parsed.GetValue(Page) is { Length: > 0 } page)
            File.WriteAllText(page, PageSection.Replace(File.Exists(page) ? File.ReadAllText(page) : "", SectionOf(set, parsed), report.ToMarkdown()));
        return 0;
    }

    // What was measured without a part does not stand where the whole stood.
    private static string SectionOf(ILabelledSet set, ParseResult parsed) =>
        parsed.GetValue(Chosen.Without) is { Length: > 0 } parts ? $"{set.Name} without {string.Join(", ", parts.Order(StringComparer.Ordinal))}" : set.Name;
}
