using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>Kernel and training logs as they are written: nothing of them is lost to a boot or to the end of a ring.</summary>
internal sealed class LogRecording
{
    private readonly Dictionary<string, RecordingFile> _files = new(StringComparer.Ordinal);
    private readonly Func<string, RecordingFile> _open;
    private readonly Fleet _fleet;

    public LogRecording(Fleet fleet, Func<string, RecordingFile> open)
    {
        (_fleet, _open) = (fleet, open);
        foreach (var node in fleet.SimNodes)
            node.Follow((at, priority, message) => Kernel(node, at, priority, message));
        foreach (var job in fleet.Jobs)
            job.Log.Written = line => Training(job.Name, fleet.Now, line);
    }

    /// <summary>Writes out what has gathered.</summary>
    public void Flush()
    {
        foreach (var file in _files.Values)
            file.Flush();
    }

    // kern  :err   : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid …, as `dmesg -x --time-format iso` writes it. Where clocks matter every other
    // node keeps what `journalctl -k -o export` gives. Both tell the node's own time.
    private void Kernel(SimNode node, DateTimeOffset at, int priority, string message)
    {
        var shown = node.Clock.Show(at);
        if (_fleet.Options.Telemetry.HasFlag(FleetTelemetry.Clocks) && node.Index % 2 == 1)
        {
            Append($"kmsg/{node.Name}.log", string.Create(CultureInfo.InvariantCulture,
                $"__REALTIME_TIMESTAMP={Microseconds(shown - DateTimeOffset.UnixEpoch)}\n__MONOTONIC_TIMESTAMP={Microseconds(at - node.BootedAt)}\n_BOOT_ID={node.BootId}\n_HOSTNAME={node.Name}\n_TRANSPORT=kernel\nPRIORITY={priority}\nMESSAGE={message}\n\n"));
            return;
        }

        var level = priority switch { 3 => "err   ", 4 => "warn  ", _ => "info  " };
        Append($"kmsg/{node.Name}.log", string.Create(CultureInfo.InvariantCulture, $"kern  :{level}: {shown:yyyy-MM-ddTHH:mm:ss,ffffff}+00:00 {message}\n"));
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

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
