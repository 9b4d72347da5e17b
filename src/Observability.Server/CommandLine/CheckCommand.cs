using System.CommandLine;
using System.Text.Json;
using Observability.Content;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability check</c>: configuration, rules, runbooks and SLOs, with file and line for each finding.</summary>
internal static class CheckCommand
{
    private static readonly Option<string> Output = new("--output") { Description = "text or json", DefaultValueFactory = _ => "text" };

    public static System.CommandLine.Command Build()
    {
        var command = new System.CommandLine.Command("check", "check configuration, rules, runbooks and SLOs") { ConfigurationFile.Option, Output, CheckSignalsCommand.Build() };
        command.SetAction(parsed => Run(parsed.GetValue(ConfigurationFile.Option)!, parsed.GetValue(Output) == "json"));
        return command;
    }

    private static int Run(string file, bool json)
    {
        var (options, findings) = ConfigurationFile.Read(file);
        var (content, faults) = ContentCheck.Read(options.Content.Rules, options.Content.Runbooks, options.Metrics.ExperimentalFunctions);
        Finding[] all = [.. findings, .. faults];
        if (json)
            System.Console.WriteLine(JsonSerializer.Serialize(all.Select(finding => new { file = finding.At.File, line = finding.At.Line, message = finding.Message })));
        else
            Say(all, content);
        return all.Length == 0 ? 0 : 1;
    }

    private static void Say(Finding[] findings, ContentSet content)
    {
        foreach (var finding in findings)
            System.Console.WriteLine(finding);
        System.Console.WriteLine($"{content.RuleGroups.Sum(group => group.Rules.Length)} rules in {content.RuleGroups.Length} groups, {content.Faults.Length} catalogue rows, {content.Slos.Length} SLOs, {content.Runbooks.Length} runbooks: {(findings.Length == 0 ? "all well" : $"{findings.Length} findings")}");
    }
}
