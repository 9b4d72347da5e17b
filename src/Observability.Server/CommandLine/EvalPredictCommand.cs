using System.CommandLine;

namespace Observability.Server;

/// <summary><c>observability eval predict</c>: answers for every case of a set, as JSON Lines, for whoever holds the labels to score.</summary>
internal static class EvalPredictCommand
{
    private static readonly Option<string> Set = new("--set") { Description = $"kind of set: {string.Join(", ", EvalSets.All.Select(set => set.Name))}", Required = true };
    private static readonly Argument<string> Folder = new("PATH") { Description = "folder of the set, or of one case" };
    private static readonly Option<string> Out = new("--out") { Description = "file to write", Required = true };

    public static Command Build()
    {
        Set.AcceptOnlyFromAmong([.. EvalSets.All.Select(set => set.Name)]);
        var command = new Command("predict", "answer every case of a set without reading a label") { Set, Folder, Out };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = parsed.GetValue(Folder)!;
        var set = EvalSets.All.First(set => set.Name == parsed.GetValue(Set));
        if (!Directory.Exists(folder) && !(set.AcceptsFile && File.Exists(folder)))
        {
            await System.Console.Error.WriteLineAsync($"{folder}: is not a folder{(set.AcceptsFile ? ", nor a file" : "")}");
            return 2;
        }

        var (answers, troubles) = (0, 0);
        await using (var file = new StreamWriter(parsed.GetValue(Out)!))
        {
            foreach (var answer in set.Answer(folder, trouble =>
            {
                troubles++;
                System.Console.Error.WriteLine(trouble);
            }))
            {
                cancellationToken.ThrowIfCancellationRequested();
                answers++;
                await file.WriteLineAsync(answer.ToJsonString().AsMemory(), cancellationToken);
            }
        }

        System.Console.WriteLine($"{answers} cases answered in {parsed.GetValue(Out)}{(troubles > 0 ? $"; {troubles} files could not be used" : "")}");
        if (answers > 0)
            return 0;
        await System.Console.Error.WriteLineAsync($"{folder}: holds no case of the set {parsed.GetValue(Set)}");
        return 1;
    }
}
