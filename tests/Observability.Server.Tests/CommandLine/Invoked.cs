using System.CommandLine;

namespace Observability.Server.Tests;

/// <summary>A command as the shell sees it: exit code and what it printed.</summary>
internal sealed record Invoked(int Code, string Output, string Error)
{
    public static async Task<Invoked> RunAsync(Command command, params string[] arguments)
    {
        var (output, error) = (System.Console.Out, System.Console.Error);
        using var said = new StringWriter();
        using var complained = new StringWriter();
        try
        {
            System.Console.SetOut(said);
            System.Console.SetError(complained);
            var code = await command.Parse(arguments).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
            return new Invoked(code, said.ToString(), complained.ToString());
        }
        finally
        {
            System.Console.SetOut(output);
            System.Console.SetError(error);
        }
    }
}
