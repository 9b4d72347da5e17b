using System.CommandLine;

namespace Observability.Server;

/// <summary><c>observability backup FILE</c> and <c>restore FILE</c>: the state folder of the configuration as one file, and back.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> Target = new("FILE") { Description = "the backup to write; it is replaced" };
    private static readonly Argument<string> Origin = new("FILE") { Description = "a backup written by observability backup" };

    public static Command BuildBackup()
    {
        var command = new Command("backup", "copy series and journal to one file while the server runs") { Target, ConfigurationFile.Option };
        command.SetAction(parsed => Run(parsed.GetValue(ConfigurationFile.Option)!, state => BackupArchive.Write(state, parsed.GetValue(Target)!), parsed.GetValue(Target)!));
        return command;
    }

    public static Command BuildRestore()
    {
        var command = new Command("restore", "put a backup into the empty state folder of a server that is stopped") { Origin, ConfigurationFile.Option };
        command.SetAction(parsed => Run(parsed.GetValue(ConfigurationFile.Option)!, state => BackupArchive.Restore(parsed.GetValue(Origin)!, state), parsed.GetValue(Origin)!));
        return command;
    }

    private static int Run(string configuration, Func<string, IReadOnlyList<string>> work, string file)
    {
        var (options, findings) = ConfigurationFile.Read(configuration);
        foreach (var finding in findings)
            System.Console.Error.WriteLine(finding);
        if (findings.Count > 0)
            return 2;
        if (options.Server.State.Length == 0)
        {
            System.Console.Error.WriteLine("server.state: is empty; everything is in memory and there is nothing to copy");
            return 2;
        }

        try
        {
            System.Console.WriteLine($"{file}: {string.Join(", ", work(options.Server.State))}");
            return 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            System.Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }
}
