using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Observability.Simulator;

/// <summary>
/// Writes a fleet's telemetry to a folder as <c>replay</c> reads it, with the truth beside it. Series of all moments of an
/// exporter lie in one file, each line with its time.
/// <code>
/// scrape/dcgm/node-000.prom   scrape/node/node-000.prom   kmsg/node-000.log   training/llm-70b.log
/// otlp/000042.json            topology.json               truth/truth.json
/// </code>
/// </summary>
public sealed class FleetRecorder(Fleet fleet, string folder)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly List<string> _documents = [];
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Appends what the exporters say, every ten seconds of the fleet's time.</summary>
    public void RecordDue()
    {
        if (fleet.Now < _due)
            return;
        _due = fleet.Now + Interval;
        lock (fleet.Gate)
        {
            foreach (var node in fleet.SimNodes.Where(node => !node.Down))
            {
                foreach (var exporter in ((string[])["dcgm", "node"]).Except(node.SilentExporters))
                    Append(exporter, node.Name, exporter == "dcgm" ? DcgmExporter.Render(node, fleet) : NodeExporter.Render(node, fleet));
            }
            _documents.AddRange(fleet.Jobs.Where(JobTelemetry.Speaks).Select(job => OtlpJson.Of(JobTelemetry.Of(job, fleet)).ToJsonString()));
        }
    }

    /// <summary>Writes what is told as a whole: logs, OTLP, topology and truth.</summary>
    public void Complete()
    {
        for (var i = 0; i < _documents.Count; i++)
            Write(string.Create(CultureInfo.InvariantCulture, $"otlp/{i:000000}.json"), _documents[i]);
        Write("topology.json", FleetEndpoints.TopologyJson(fleet));
        lock (fleet.Gate)
        {
            foreach (var node in fleet.SimNodes)
                Write($"kmsg/{node.Name}.log", Dmesg(node));
            foreach (var job in fleet.Jobs)
                Write($"training/{job.Name}.log", job.Log.After(0).Text);
        }

        Write("truth/truth.json", JsonSerializer.Serialize(fleet.Truth.Select(truth => new
        {
            kind = truth.Fault.Kind,
            entity = truth.Fault.Entity.ToString(),
            at = truth.Fault.At,
            entities = truth.Entities.Select(entity => entity.ToString()),
            nodes = truth.Nodes,
            jobs = truth.Jobs,
        })));
    }

    private void Append(string job, string node, string text)
    {
        var at = fleet.Now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var timed = new StringBuilder(text.Length * 2);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > 0 && line[0] != '#')
                timed.Append(line).Append(' ').Append(at).Append('\n');
        }

        var path = Path.Combine(folder, "scrape", job, node + ".prom");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, timed.ToString());
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    // 4,17,93000000,-;NVRM: Xid …  becomes  kern  :warn  : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid …, as `dmesg -x --time-format iso` writes it.
    private static string Dmesg(SimNode node)
    {
        var text = new StringBuilder();
        foreach (var line in node.Log.After(-1).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = line.IndexOf(';', StringComparison.Ordinal);
            var head = line[..cut].Split(',');
            var at = node.BootedAt.AddMicroseconds(double.Parse(head[2], CultureInfo.InvariantCulture));
            var level = head[0] switch { "3" => "err   ", "4" => "warn  ", _ => "info  " };
            text.Append(CultureInfo.InvariantCulture, $"kern  :{level}: {at:yyyy-MM-ddTHH:mm:ss,ffffff}+00:00 {line[(cut + 1)..]}\n");
        }

        return text.ToString();
    }
}
