using System.Diagnostics;
using Observability.Collectors;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>How fast captured files are read: the largest of a folder, each on one core.</summary>
internal static class CaptureThroughput
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static int Run(string folder, int count)
    {
        if (!Directory.Exists(folder))
        {
            System.Console.Error.WriteLine($"captures: {folder} is not a folder; name one with --folder");
            return 2;
        }

        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1;
        var table = new Table($"The {count} largest captures of {folder}", "file", "KB", "MB/s once, as a recording", "MB/s again and again, as a target");
        // What no reader knows is a table or a page beside the captures, not one of them.
        var captures = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderByDescending(file => file.Length)
            .Select(file => new CaptureFile(Path.GetRelativePath(folder, file.FullName), File.ReadAllBytes(file.FullName), DateTimeOffset.UnixEpoch, LabelSet.Empty))
            .Select(capture => (Capture: capture, Reader: RecordedTelemetry.ReaderOf(capture))).Where(known => known.Reader is not null).Take(count);
        foreach (var (capture, known) in captures)
        {
            var (reader, bytes) = (known!, capture.Bytes);
            var once = Rate(bytes.Length, () => reader.Read(capture, new CaptureDigest([])));
            // A target gives the same series each time, so their labels are known from the first scrape on.
            var scraped = new ExpositionReader(new SeriesCache(labels => new SeriesShape(labels)));
            var samples = new List<SeriesSample>();
            var again = reader.Kind != "exposition" ? null : (double?)Rate(bytes.Length, () =>
            {
                samples.Clear();
                scraped.Read(bytes, new ReadSettings(ExpositionFormat.Text, 0, HonorTimestamps: false), samples);
            });
            table.Add($"{capture.Name} ({reader.Kind})", bytes.Length / 1e3, once, again);
        }

        table.Print();
        return 0;
    }

    // MB/s of CPU time: the machine may have other work.
    private static double Rate(long bytes, Action read)
    {
        // Until the last tier of the compiler has done its work, which is measured as well where it goes on beside the reading.
        using var self = Process.GetCurrentProcess();
        var begun = self.TotalProcessorTime;
        do
        {
            read();
            self.Refresh();
        }
        while (self.TotalProcessorTime - begun < WarmUp);
        var (before, times) = (self.TotalProcessorTime, 0L);
        TimeSpan spent;
        do
        {
            for (var i = 0; i < 20; i++)
                read();
            times += 20;
            self.Refresh();
            spent = self.TotalProcessorTime - before;
        }
        while (spent < Least);
        return bytes * times / 1e6 / spent.TotalSeconds;
    }
}
