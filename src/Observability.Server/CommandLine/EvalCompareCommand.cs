using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary><c>observability eval compare</c>: two runs of one set side by side, and which differences are more than noise.</summary>
internal static class EvalCompareCommand
{
    private static readonly Argument<string> First = new("A") { Description = "JSON file that eval run --out or eval storm --out wrote" };
    private static readonly Argument<string> Second = new("B") { Description = "another one of the same set" };

    public static Command Build()
    {
        var command = new Command("compare", "show two runs side by side") { First, Second };
        command.SetAction(parsed => Run(parsed.GetValue(First)!, parsed.GetValue(Second)!));
        return command;
    }

    private static int Run(string first, string second)
    {
        var (a, b) = (Read(first, out var error), Read(second, out var other));
        var table = a is null || b is null ? null : EvalComparison.Of((first, a), (second, b), out error);
        if (table is null)
        {
            System.Console.Error.WriteLine(string.Join('\n', new[] { error, other }.Where(line => line.Length > 0)));
            return 2;
        }

        System.Console.WriteLine(table);
        return 0;
    }

    private static JsonObject? Read(string path, out string error)
    {
        error = "";
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is JsonObject run)
                return run;
            error = $"{path}: is no JSON object; give the file that eval run --out wrote";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            error = $"{path}: {fault.Message}";
        }

        return null;
    }
}
