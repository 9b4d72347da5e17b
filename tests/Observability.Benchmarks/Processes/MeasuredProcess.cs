using System.Globalization;
using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>A child process with what it costs: CPU seconds and resident memory, read from <c>/proc</c>.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    // Linux reports CPU times in units of 1/100 s to user space on every architecture that .NET runs on.
    private const double ClockTicksPerSecond = 100;

    private readonly ChildProcess _child;

    private MeasuredProcess(ChildProcess child) => _child = child;

    /// <summary>CPU seconds so far, user and system.</summary>
    public double CpuSeconds
    {
        get
        {
            // The name, in brackets, may hold blanks; the fields after it do not.
            var stat = File.ReadAllText($"/proc/{_child.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[11]) + Number(fields[12])) / ClockTicksPerSecond;
        }
    }

    /// <summary>Resident memory in MiB, now.</summary>
    public double ResidentMiB => Status("VmRSS:");

    /// <summary>Most resident memory in MiB so far.</summary>
    public double PeakMiB => Status("VmHWM:");

    /// <summary>Starts a program and waits, at most a minute, for the line that says it is ready.</summary>
    public static async Task<(MeasuredProcess Process, string Line)> StartAsync(string program, IEnumerable<string> arguments, string folder, Func<string, bool> isReady)
    {
        var process = new MeasuredProcess(ChildProcess.Start(folder, program, arguments));
        try
        {
            return (process, await process._child.WaitForLineAsync(isReady, TimeSpan.FromMinutes(1)));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private double Status(string field) =>
        Number(File.ReadLines($"/proc/{_child.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim()) / 1024;
}
