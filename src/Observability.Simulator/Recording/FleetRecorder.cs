using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Simulator;

/// <summary>
/// Writes a fleet's telemetry to a folder as <c>replay</c> reads it, with the truth beside it. Series of all moments of an
/// exporter lie in one file, each line with its time. <c>docs/bundle.md</c> describes the whole.
/// <code>
/// scrape/dcgm/node-000.prom   scrape/node/node-000.prom   scrape/switch/leaf-0-r0.prom   kmsg/node-000.log   training/llm-70b.log
/// otlp/000042.json   changes/changes.json   topology.json   truth/truth.json   bundle.json
/// </code>
/// </summary>
public sealed class FleetRecorder
{
    /// <summary>What <c>bundle.json</c> and <c>truth.json</c> say of their format.</summary>
    public const int Format = 1;

    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Fleet _fleet;
    private readonly string _folder;
    private readonly RecordingForm _form;
    private readonly Dictionary<(string Exporter, string Node), (TargetRecording Target, RecordingFile File)> _targets = [];
    private readonly LogRecording _logs;
    private readonly JobRecording _jobs;
    private readonly List<ChangeNotice> _notices = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Begins a recording; logs are followed from now on.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="folder">A folder of the recording's own.</param>
    /// <param name="form">How much to keep.</param>
    public FleetRecorder(Fleet fleet, string folder, RecordingForm form = RecordingForm.Full)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        (_fleet, _folder, _form, _start) = (fleet, folder, form, fleet.Now);
        lock (fleet.Gate)
        {
            _logs = new LogRecording(fleet, Open);
            _jobs = new JobRecording(fleet, form, Open);
            fleet.Announced = _notices.Add;
        }
    }

    /// <summary>Appends what the exporters say, every ten seconds of the fleet's time.</summary>
    public void RecordDue()
    {
        if (_fleet.Now < _due)
            return;
        _due = _fleet.Now + Interval;
        lock (_fleet.Gate)
        {
            foreach (var node in _fleet.SimNodes)
            {
                foreach (var exporter in Exporters.OfNodes(_fleet))
                    Scrape(node, exporter);
            }

            foreach (var one in _fleet.Switches)
                Scrape(one);

            _jobs.Record();
        }
    }

    /// <summary>Writes what is told as a whole: changes, topology and truth.</summary>
    public void Complete()
    {
        lock (_fleet.Gate)
        {
            foreach (var (_, file) in _targets.Values)
                file.Flush();
            _logs.Flush();
            _jobs.Flush();
            Write("changes/changes.json", JsonSerializer.Serialize(_notices.Select(notice => new
            {
                kind = notice.Kind,
                at = notice.At.ToString("O", CultureInfo.InvariantCulture),
                labels = new Dictionary<string, string> { [notice.Label] = notice.Of.Name },
                text = notice.Text,
            })));
        }

        Write("topology.json", FleetEndpoints.TopologyJson(_fleet));
        Write("truth/truth.json", TruthJson.Of(_fleet));
        Write("bundle.json", JsonSerializer.Serialize(new
        {
            format = Format,
            form = _form == RecordingForm.Full ? "full" : "compact",
            nodes = _fleet.Options.Nodes,
            gpus = _fleet.Options.Nodes * FleetOptions.GpusPerNode,
            seed = _fleet.Options.Seed,
            start = _start,
            end = _fleet.Now,
            scrape_interval_seconds = Interval.TotalSeconds,
            jobs = _fleet.Jobs.Select(job => job.Name),
            telemetry = _fleet.Options.Telemetry == FleetTelemetry.None ? null : TelemetryOf(_fleet.Options.Telemetry),
            faults = _fleet.Truth.Count,
            negatives = _fleet.Negatives.Count,
        }, WithoutNulls));
    }

    private void Scrape(SimNode node, string exporter) => Scrape(exporter, node.Name, node.Answers(exporter), sink => Exporters.Read(node, exporter, _fleet, sink));

    private void Scrape(SimSwitch one) => Scrape(Exporters.Switch, one.Name, !one.Down, sink => SwitchExporter.Read(one, _fleet, sink));

    private void Scrape(string exporter, string name, bool answers, Action<IReadingSink> read)
    {
        if (!_targets.TryGetValue((exporter, name), out var known))
        {
            var file = Open($"scrape/{exporter}/{name}.prom");
            _targets[(exporter, name)] = known = (new TargetRecording(file, _form), file);
        }

        known.Target.BeginScrape(_fleet.Now, answers);
        if (answers)
            read(known.Target);
        known.Target.EndScrape();
    }

    private static string[] TelemetryOf(FleetTelemetry told) => [.. Enum.GetValues<FleetTelemetry>().Where(one => one != FleetTelemetry.None && told.HasFlag(one)).Select(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()))];

    private RecordingFile Open(string name) => new(Path.Combine(_folder, name), _form == RecordingForm.Compact);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
