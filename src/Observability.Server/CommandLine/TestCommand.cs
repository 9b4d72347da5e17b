using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability test rules FILE…</c>: unit tests of rules, in promtool's format.</summary>
internal static class TestCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "files of unit tests, as promtool test rules takes them", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Output = new("--output") { Description = "text or json", DefaultValueFactory = _ => "text" };
    private static readonly Option<bool> LeftClosed = new("--left-closed-ranges") { Description = "evaluate ranges closed on the left, as Prometheus 2.x did" };

    private static readonly Option<bool> Experimental = new("--experimental-functions") { Description = "allow the functions and aggregators that Prometheus keeps behind a flag" };
    private static readonly Option<bool> DelayedNames = new("--delayed-name-removal") { Description = "drop metric names at the end of a query instead of at once" };
    private static readonly Option<string> Names = new("--run") { Description = "run only tests whose name matches this regular expression" };
    private static readonly Option<string> Configuration = new("--config") { Description = "configuration file whose engine switches hold here too" };

    public static System.CommandLine.Command Build()
    {
        var rules = new System.CommandLine.Command("rules", "run unit tests of rules; exit 1 where an expectation does not hold") { Files, LeftClosed, Experimental, DelayedNames, Names, Configuration, Output };
        rules.SetAction(RunAsync);
        return new System.CommandLine.Command("test", "test what operators edit") { rules };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(Output) == "json";
        var (options, faults) = OptionsOf(parsed);
        if (options is null)
        {
            foreach (var fault in faults)
                await System.Console.Error.WriteLineAsync(fault);
            return 2;
        }

        var all = new List<Finding>();
        foreach (var file in parsed.GetValue(Files)!)
        {
            var (tests, findings) = await RuleTestFiles.RunAsync(file, options, cancellationToken);
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

    // A switch on the command line switches on; the configuration says the rest.
    private static (RuleTestOptions? Options, IReadOnlyList<string> Faults) OptionsOf(ParseResult parsed)
    {
        var series = new SeriesOptions();
        if (parsed.GetValue(Configuration) is { } file)
        {
            var (options, findings) = ConfigurationFile.Read(file);
            if (findings.Count > 0)
                return (null, [.. findings.Select(finding => finding.ToString())]);
            series = options.Metrics;
        }

        series.LeftClosedRanges |= parsed.GetValue(LeftClosed);
        series.ExperimentalFunctions |= parsed.GetValue(Experimental);
        series.DelayedNameRemoval |= parsed.GetValue(DelayedNames);
        try
        {
            return (new RuleTestOptions(series.ToQueries(), parsed.GetValue(Names) is { } names ? new Regex(names, RegexOptions.CultureInvariant) : null), []);
        }
        catch (RegexParseException fault)
        {
            return (null, [$"--run: {fault.Message}"]);
        }
    }
}
