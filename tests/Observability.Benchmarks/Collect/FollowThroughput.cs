using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collectors;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>How many lines of a kernel log are followed in a second of CPU: ordinary lines, and one in a hundred that tells of a fault.</summary>
internal static class FollowThroughput
{
    private const int Lines = 2_000_000;

    private static readonly string[] s_ordinary =
    [
        "audit: type=1400 audit(1772366400.123:456): apparmor=\"ALLOWED\" operation=\"open\" profile=\"containerd\" pid=4711",
        "IPv6: ADDRCONF(NETDEV_CHANGE): cali8f3b2a1c: link becomes ready",
        "nvidia-uvm: Loaded the UVM driver, major device number 509.",
        "mlx5_core 0000:18:00.0: mlx5_cmd_out_err:838:(pid 12): ACCESS_REG(0x805) op_mod(0x0) failed, status bad parameter(0x3)",
        "EXT4-fs (nvme0n1p2): mounted filesystem with ordered data mode. Quota mode: none.",
    ];

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1;
        var folder = Directory.CreateTempSubdirectory("observability-follow-");
        try
        {
            var path = Path.Combine(folder.FullName, "kern.log");
            var bytes = await WriteAsync(path, cancellationToken);
            var events = new Counted();
            var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
            var clock = new Server.SteppedTimeProvider(start.AddHours(1));
            using var http = new HttpClient();
            var follower = new KmsgFollower(
                [new FixedLogs([new LogSource(LogKind.Kernel, path, "node-000")])], events,
                new TailOptions { ReadFromStart = true, StaleAfter = TimeSpan.FromDays(1), FoldWindow = TimeSpan.Zero }, new Outside(http, clock, NullLoggerFactory.Instance));
            using var self = Process.GetCurrentProcess();
            var before = self.TotalProcessorTime;
            var steps = 0;
            long read = 0;
            while (read < bytes)
            {
                clock.MoveTo(clock.GetUtcNow().AddSeconds(1));
                await follower.RunDueAsync(clock.GetUtcNow(), cancellationToken);
                var at = follower.Positions[0].Offset;
                if (at == read && ++steps > 100)
                    throw new InvalidOperationException($"the follower stands at {at} of {bytes} bytes");
                read = at;
            }

            self.Refresh();
            var cpu = (self.TotalProcessorTime - before).TotalSeconds;
            var table = new Table($"{Lines:#,0} lines of a kernel log, {bytes / 1e6:0} MB", "what", "CPU s", "lines/s", "events");
            table.Add("follow", cpu, Lines / cpu, events.Count);
            table.Print();
            return events.Count == Lines / 100 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> WriteAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        for (var i = 0; i < Lines; i++)
        {
            var time = string.Create(CultureInfo.InvariantCulture, $"kern  :warn  : 2026-03-01T12:{i / 60 % 60:00}:{i % 60:00},{i % 1_000_000:000000}+00:00 ");
            await file.WriteAsync(time.AsMemory(), cancellationToken);
            await file.WriteAsync((i % 100 == 0
                ? string.Create(CultureInfo.InvariantCulture, $"NVRM: Xid (PCI:0000:{i / 100 % 8:x2}:00): 31, pid={i}, name=python, Ch 00000008, intr 10000000. MMU Fault")
                : s_ordinary[i % s_ordinary.Length]).AsMemory(), cancellationToken);
            await file.WriteAsync("\n".AsMemory(), cancellationToken);
        }

        await file.FlushAsync(cancellationToken);
        return file.BaseStream.Length;
    }

    private sealed class Counted : IEventSink
    {
        public int Count { get; private set; }

        public void Publish(TelemetryEvent telemetryEvent) => Count++;
    }
}
