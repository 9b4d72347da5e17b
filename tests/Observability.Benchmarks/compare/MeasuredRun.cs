using System.Diagnostics;
using System.Globalization;

namespace Observability.Benchmarks;

/// <summary>A program that ran to its end, with the CPU it took.</summary>
internal sealed record MeasuredRun(int ExitCode, double CpuSeconds, double WallSeconds, string Output)
{
    /// <summary>
    /// Runs it under the shell's <c>time</c>, since the CPU of an ended child is known to its parent alone.
    /// </summary>
    public static async Task<MeasuredRun> RunAsync(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", "TIMEFORMAT='cpu %U %S'; time \"$@\"", "time", program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var cpu = errors.Split('\n').Last(line => line.StartsWith("cpu ", StringComparison.Ordinal)).Split(' ');
        return new MeasuredRun(process.ExitCode, Number(cpu[1]) + Number(cpu[2]), wall, await output + errors);
    }

    /// <summary>The run itself where it ended well.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds what it said.</exception>
    public MeasuredRun Successful() => ExitCode == 0 ? this : throw new InvalidOperationException($"exit {ExitCode}:\n{Output}");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
