using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Runs a command of the node and takes what it prints, within a time and a size. Beyond either it is killed with its children; a
/// process that hangs in the kernel cannot be killed, so who calls must not start the next one before this one has ended.
/// </summary>
internal static class CommandRun
{
    private const int ErrorLength = 400;

    public static Task<CommandOutput> RunAsync(
        string path, IReadOnlyList<string> arguments, (TimeSpan Timeout, int Characters) limits, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync(new ProcessStartInfo(path, arguments), limits, time, cancellationToken);

    /// <summary>The same with an environment of its own.</summary>
    public static async Task<CommandOutput> RunAsync(
        ProcessStartInfo start, (TimeSpan Timeout, int Characters) limits, TimeProvider time, CancellationToken cancellationToken)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput, start.UseShellExecute) = (true, true, true, false);
        var path = start.FileName;
        try
        {
            using var process = Process.Start(start);
            if (process is null)
                return new CommandOutput("", $"{path} did not start");
            process.StandardInput.Close();
            return await FollowAsync(process, path, limits, time, cancellationToken);
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or InvalidOperationException)
        {
            return new CommandOutput("", $"{path} cannot be run: {fault.Message}");
        }
    }

    private static async Task<CommandOutput> FollowAsync(
        Process process, string path, (TimeSpan Timeout, int Characters) limits, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limits.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var printed = ReadAsync(process.StandardOutput, limits.Characters, either.Token);
            var complained = ReadAsync(process.StandardError, limits.Characters, either.Token);
            var (text, whole) = await printed;
            if (!whole)
            {
                Kill(process);
                return new CommandOutput("", $"{path} printed more than {limits.Characters} characters");
            }

            var (errors, _) = await complained;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? new CommandOutput(text, "")
                : new CommandOutput(text + "\n" + errors, $"{path} ended with exit code {process.ExitCode}: {Excerpt.Of((errors.Length > 0 ? errors : text).Trim(), ErrorLength)}");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Kill(process);
            return new CommandOutput("", $"{path} did not end within {limits.Timeout.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            throw;
        }
    }

    private static async Task<(string Text, bool Whole)> ReadAsync(StreamReader reader, int limit, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1_024];
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Length + count > limit)
                return (text.ToString(), false);
            text.Append(buffer, 0, count);
        }

        return (text.ToString(), true);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile, or the kernel does not let go of it: nothing more can be done from here.
            Debug.WriteLine(fault.Message);
        }
    }
}
