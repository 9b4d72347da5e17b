using System.Diagnostics;
using System.Globalization;

namespace Observability.Benchmarks;

/// <summary>A child process with what it costs: CPU seconds and resident memory, read from <c>/proc</c>.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    // Linux reports CPU times in units of 1/100 s to user space on every architecture that .NET runs on.
    private const double ClockTicksPerSecond = 100;

    private readonly Process _process;
    private volatile string _last = "nothing";
    private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MeasuredProcess(string program, IEnumerable<string> arguments, string folder, Func<string, bool> isReady)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Look(line.Data, isReady);
        _process.ErrorDataReceived += (_, line) => Look(line.Data, isReady);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>CPU seconds so far, user and system.</summary>
    public double CpuSeconds
    {
        get
        {
            // The name, in brackets, may hold blanks; the fields after it do not.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[11]) + Number(fields[12])) / ClockTicksPerSecond;
        }
    }

    /// <summary>Resident memory in MiB, now.</summary>
    public double ResidentMiB => Status("VmRSS:");

    /// <summary>Most resident memory in MiB so far.</summary>
    public double PeakMiB => Status("VmHWM:");

    /// <summary>Starts a program and waits for the line that says it is ready.</summary>
    public static async Task<(MeasuredProcess Process, string Line)> StartAsync(
        string program, IEnumerable<string> arguments, string folder, Func<string, bool> isReady, CancellationToken cancellationToken)
    {
        var process = new MeasuredProcess(program, arguments, folder, isReady);
        try
        {
            return (process, await process._line.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, cancellationToken));
        }
        catch (TimeoutException)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException($"{program} did not become ready within a minute");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private void Look(string? line, Func<string, bool> isReady)
    {
        if (line is null)
            _line.TrySetException(new InvalidOperationException($"{_process.StartInfo.FileName} ended before it was ready; it last said: {_last}"));
        else if (isReady(_last = line))
            _line.TrySetResult(line);
    }

    private double Status(string field) =>
        Number(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim()) / 1024;
}
