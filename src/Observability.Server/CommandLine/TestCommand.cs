using System.CommandLine;
using System.Text.Json;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability test rules FILE…</c>: unit tests of rules, in promtool's format.</summary>
internal static class TestCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "files of unit tests, as promtool test rules takes them", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Output = new("--output") { Description = "text or json", DefaultValueFactory = _ => "text" };
    private static readonly Option<bool> LeftClosed = new("--left-closed-ranges") { Description = "evaluate ranges closed on the left, as Prometheus 2.x did" };

    public static System.CommandLine.Command Build()
    {
        var rules = new System.CommandLine.Command("rules", "run unit tests of rules; exit 1 where an expectation does not hold") { Files, LeftClosed, Output };
        rules.SetAction(RunAsync);
        return new System.CommandLine.Command("test", "test what operators edit") { rules };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(Output) == "json";
        var all = new List<Finding>();
        foreach (var file in parsed.GetValue(Files)!)
        {
            var (tests, findings) = await RuleTestFiles.RunAsync(file, parsed.GetValue(LeftClosed), cancellationToken);
            all.AddRange(findings);
            if (json)
                continue;
            foreach (var finding in findings)
                System.Console.WriteLine(finding);
            System.Console.WriteLine($"{file}: {tests} tests, {(findings.Count == 0 ? "all well" : $"{findings.Count} findings")}");
        }

        if (json)
            System.Console.WriteLine(JsonSerializer.Serialize(all.Select(finding => new { file = finding.At.File, line = finding.At.Line, message = finding.Message })));
        return all.Count == 0 ? 0 : 1;
    }
}
