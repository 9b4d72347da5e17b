using System.Diagnostics;

namespace Observability.Testing;

/// <summary>A process of a test: its lines are kept as they come, and it is killed by its id when the test is over.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private TaskCompletionSource _news = NewSignal();

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>What it said on both streams so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>All it said, for an assertion's message.</summary>
    public string Text => string.Join('\n', Lines);

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var child = new ChildProcess(start);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits until a line that meets a condition was said, also before the call.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> isIt, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        while (true)
        {
            var news = Volatile.Read(ref _news).Task;
            if (Lines.FirstOrDefault(isIt) is { } line)
                return line;
            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode} before it said so:\n{Text}");
            try
            {
                await news.WaitAsync(TimeSpan.FromMilliseconds(200), deadline.Token);
            }
            catch (TimeoutException)
            {
                // Look again whether it has ended.
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{_process.StartInfo.FileName} did not say so in {limit}:\n{Text}");
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end in {limit}:\n{Text}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL: it gets no chance to tidy up.</summary>
    public Task<int> KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        return WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>SIGINT, as Ctrl+C sends it.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("/bin/kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
        Interlocked.Exchange(ref _news, NewSignal()).SetResult();
    }
}
