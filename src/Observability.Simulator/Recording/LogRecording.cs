using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>Kernel and training logs as they are written: nothing of them is lost to a boot or to the end of a ring.</summary>
internal sealed class LogRecording
{
    private readonly Dictionary<string, RecordingFile> _files = new(StringComparer.Ordinal);
    private readonly Func<string, RecordingFile> _open;

    public LogRecording(Fleet fleet, Func<string, RecordingFile> open)
    {
        _open = open;
        foreach (var node in fleet.SimNodes)
            node.Follow((at, priority, message) => Kernel(node.Name, at, priority, message));
        foreach (var job in fleet.Jobs)
            job.Log.Written = line => Training(job.Name, fleet.Now, line);
    }

    /// <summary>Writes out what has gathered.</summary>
    public void Flush()
    {
        foreach (var file in _files.Values)
            file.Flush();
    }

    // kern  :err   : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid …, as `dmesg -x --time-format iso` writes it.
    private void Kernel(string node, DateTimeOffset at, int priority, string message)
    {
        var level = priority switch { 3 => "err   ", 4 => "warn  ", _ => "info  " };
        Append($"kmsg/{node}.log", string.Create(CultureInfo.InvariantCulture, $"kern  :{level}: {at:yyyy-MM-ddTHH:mm:ss,ffffff}+00:00 {message}\n"));
    }

    // 2026-03-01T12:00:01.000Z [rank3]: Traceback …, as `kubectl logs --timestamps` writes it: half of the lines tell no time themselves.
    private void Training(string job, DateTimeOffset at, string line) =>
        Append($"training/{job}.log", string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z {line}\n"));

    private void Append(string name, string line)
    {
        if (!_files.TryGetValue(name, out var file))
            _files[name] = file = _open(name);
        Encoding.UTF8.GetBytes(line, file.Text);
        file.Settle();
    }
}
