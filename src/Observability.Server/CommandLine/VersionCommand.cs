using System.CommandLine;

namespace Observability.Server;

/// <summary><c>observability version</c>.</summary>
internal static class VersionCommand
{
    public static Command Build()
    {
        var command = new Command("version", "print the version");
        command.SetAction(_ => System.Console.WriteLine(ServerVersion.Text));
        return command;
    }
}
