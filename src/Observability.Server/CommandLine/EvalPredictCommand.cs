using System.CommandLine;

namespace Observability.Server;

/// <summary><c>observability eval predict</c>: answers for every case of a set, as JSON Lines, for whoever holds the labels to score.</summary>
internal static class EvalPredictCommand
{
    private static readonly EvalSetOptions Chosen = new(EvalSets.All);
    private static readonly Option<string> Out = new("--out") { Description = "file to write", Required = true };

    public static Command Build()
    {
        var command = new Command("predict", "answer every case of a set without reading a label") { Chosen.Set, Chosen.Path, Out, Chosen.Content, Chosen.Without };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (set, folder, refusal) = Chosen.Read(parsed);
        if (set is null)
        {
            await System.Console.Error.WriteLineAsync(refusal);
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
        await System.Console.Error.WriteLineAsync($"{folder}: holds no case of the set {set.Name}");
        return 1;
    }
}
