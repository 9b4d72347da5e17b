using System.CommandLine;
using System.Net.Sockets;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary><c>observability import FILE…</c>: backfills the series of a stopped server from text with times.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Files = new("FILE") { Description = "OpenMetrics (seconds, # EOF) or Prometheus text (milliseconds)", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<bool> Strict = new("--strict") { Description = "refuse a file that breaks any rule of OpenMetrics 1.0, before anything is imported" };

    public static System.CommandLine.Command Build()
    {
        var command = new System.CommandLine.Command("import", "backfill series from OpenMetrics or Prometheus text") { Files, Strict, ConfigurationFile.Option };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(Files)!, parsed.GetValue(Strict), parsed.GetValue(ConfigurationFile.Option)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] files, bool strict, string configuration, CancellationToken cancellationToken)
    {
        var (options, findings) = ConfigurationFile.Read(configuration);
        string[] faults =
        [
            .. findings.Select(finding => finding.ToString()),
            .. options.Server.State.Length == 0 ? ["server.state: is empty; there is no file to import into"] : Array.Empty<string>(),
            .. files.Where(file => !File.Exists(file)).Select(file => $"{file}: does not exist"),
            .. strict ? files.Where(File.Exists).SelectMany(FaultsOf) : [],
            .. await AnswersAsync(options.Server.Listen, cancellationToken) ? [$"server.listen: something answers on {options.Server.Listen}; stop the server first, it would not see what is imported"] : Array.Empty<string>(),
        ];
        foreach (var fault in faults)
            await System.Console.Error.WriteLineAsync(fault);
        return faults.Length > 0 ? 2 : await ImportAsync(files, options, cancellationToken);
    }

    private static IEnumerable<string> FaultsOf(string file) => OpenMetricsCheck.Faults(File.ReadAllBytes(file)).Select(fault => $"{file}: {fault}");

    private static async Task<int> ImportAsync(string[] files, ObservabilityOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Server.State);
        var settings = options.Metrics.ToStore(options.Server.State);
        // Old samples go in front of newer ones of the same series.
        settings.OutOfOrderWindow = options.Metrics.Retention;
        SeriesStore store;
        try
        {
            store = new SeriesStore(settings);
        }
        catch (IOException fault)
        {
            await System.Console.Error.WriteLineAsync($"server.state: {fault.Message}");
            return 2;
        }

        await using var closed = store;
        var clean = true;
        foreach (var file in files)
        {
            try
            {
                clean &= await ImportAsync(store, file, cancellationToken);
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                await System.Console.Error.WriteLineAsync($"{file}: {fault.Message}");
                return 2;
            }
        }

        return clean && !store.IsDegraded ? 0 : 1;
    }

    // Prometheus's own tools tell the formats apart by the end mark too.
    private static async Task<bool> ImportAsync(SeriesStore store, string file, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var format = EndsWithMark(file) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        long stored = 0, refused = 0, lines = 0;
        await using var stream = File.OpenRead(file);
        foreach (var (samples, result) in ExpositionText.ReadBlocks(stream, format, now))
        {
            var report = store.Take(new SampleBatch(file, now, samples) { Metadata = result.Metadata, Exemplars = result.Exemplars });
            foreach (var line in result.Refused.Take(AppendReport.FirstKept))
                await System.Console.Error.WriteLineAsync($"{file}: {line}");
            foreach (var sample in report.First)
                await System.Console.Error.WriteLineAsync($"{file}: {sample}");
            (stored, refused, lines) = (stored + report.Stored, refused + report.Refused, lines + result.RefusedCount);
            await store.FlushAsync(now, cancellationToken);
        }

        System.Console.WriteLine($"{file}: {stored} samples stored, {refused} refused, {lines} lines refused");
        return refused + lines == 0;
    }

    private static bool EndsWithMark(string file)
    {
        using var stream = File.OpenRead(file);
        stream.Seek(-Math.Min(16, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd().EndsWith("# EOF", StringComparison.Ordinal);
    }

    private static async Task<bool> AnswersAsync(string listen, CancellationToken cancellationToken)
    {
        if (!ListenAddress.TryParse(listen, out var address) || address.Port == 0)
            return false;
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.IsLoopback ? address.Address : System.Net.IPAddress.Loopback, address.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
