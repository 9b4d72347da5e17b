using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>
/// What must outlive the process beside the journal, so that a killed demo goes on: how the fleet began, the faults that were
/// scheduled on it and the writes its Kubernetes API took (<c>fleet.jsonl</c>, appended), and the second that is being lived
/// (<c>fleet.clock</c>, its ticks, written in place). The fleet itself follows from these. One process at a time holds them.
/// </summary>
internal sealed class FleetHistory : IDisposable
{
    private const int ClockDigits = 20;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly FileStream _lines;
    private readonly FileStream _clock;
    private readonly List<FleetHistoryLine> _past = [];
    private readonly Lock _gate = new();

    private FleetHistory(FileStream lines, FileStream clock) => (_lines, _clock) = (lines, clock);

    /// <summary>How the fleet began; null in a new history.</summary>
    public FleetBeginning? Beginning { get; private set; }

    /// <summary>The last second that began.</summary>
    public DateTimeOffset Clock { get; private set; }

    /// <summary>Opens the history of a state folder, a new one where there is none or where no second of it was lived.</summary>
    /// <exception cref="InvalidDataException">The folder holds something else, or a line of it cannot be read.</exception>
    /// <exception cref="IOException">Another process has it open.</exception>
    public static FleetHistory Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "fleet.jsonl");
        if (!File.Exists(path) && File.Exists(Path.Combine(folder, "journal.db")))
            throw new InvalidDataException($"{folder}: holds a journal but no fleet.jsonl, so no demo ran here; name a folder of its own with --state");
        var lines = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        var history = new FleetHistory(lines, new FileStream(Path.Combine(folder, "fleet.clock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
        try
        {
            history.Load(path);
            return history;
        }
        catch
        {
            history.Dispose();
            throw;
        }
    }

    /// <summary>Begins a new history.</summary>
    public void Begin(FleetBeginning beginning)
    {
        (Beginning, Clock) = (beginning, beginning.Start);
        Append(new FleetHistoryLine(beginning.Start, Begin: beginning));
    }

    /// <summary>A second begins. Call it before anything happens in it.</summary>
    public void Tick(DateTimeOffset now)
    {
        Clock = now;
        RandomAccess.Write(_clock.SafeFileHandle, Encoding.ASCII.GetBytes(now.UtcTicks.ToString("D20", CultureInfo.InvariantCulture)), 0);
    }

    /// <summary>From here on writes down what happens to a fleet and its cluster.</summary>
    public void Follow(Fleet fleet, KubernetesCluster cluster)
    {
        fleet.Injected = fault => Append(new FleetHistoryLine(fleet.Now, Fault: fault));
        cluster.Written = write => Append(new FleetHistoryLine(write.At, Write: write));
    }

    /// <summary>
    /// Brings a fresh fleet and its cluster to <see cref="Clock"/>. Announcements of the seconds before are dropped, since those
    /// were pushed when they were made; those of the last second, which is lived again, are kept.
    /// </summary>
    public void Relive(SimulatorHost simulator)
    {
        var next = 0;
        next = Apply(simulator, next, simulator.Fleet.Now);
        while (simulator.Fleet.Now < Clock)
        {
            simulator.Fleet.TakeNotices();
            simulator.Advance(simulator.Fleet.Now + DemoRun.Tick);
            next = Apply(simulator, next, simulator.Fleet.Now);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _clock.Dispose();
    }

    private int Apply(SimulatorHost simulator, int next, DateTimeOffset until)
    {
        for (; next < _past.Count && _past[next].At <= until; next++)
        {
            if (_past[next].Fault is { } fault)
                simulator.Fleet.Inject(fault);
            if (_past[next].Write is { } write)
                simulator.Cluster.Repeat(write);
        }

        return next;
    }

    private void Load(string path)
    {
        var clock = new byte[ClockDigits];
        if (RandomAccess.Read(_clock.SafeFileHandle, clock, 0) < ClockDigits || !long.TryParse(clock, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
        {
            _lines.SetLength(0);
            return;
        }

        Clock = new DateTimeOffset(ticks, TimeSpan.Zero);
        var text = new byte[_lines.Length];
        _lines.ReadExactly(text);
        // A line without its end was never finished, and so what it tells of never answered.
        var whole = Array.LastIndexOf(text, (byte)'\n') + 1;
        _lines.SetLength(whole);
        _lines.Seek(0, SeekOrigin.End);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(text, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _past.Add(Read(line, $"{path}:{++number}"));
        Beginning = _past.Count > 0 && _past[0].Begin is { } beginning
            ? beginning
            : throw new InvalidDataException($"{path}:1: does not say how the fleet began; name another folder with --state");
    }

    private static FleetHistoryLine Read(string line, string where)
    {
        try
        {
            return JsonSerializer.Deserialize<FleetHistoryLine>(line, Json) ?? throw new InvalidDataException($"{where}: is null");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{where}: cannot be read ({fault.Message}); name another folder with --state", fault);
        }
    }

    // One write per line: what is in the file survives the process, and a line is there as a whole or not at all but for its end.
    private void Append(FleetHistoryLine line)
    {
        lock (_gate)
            _lines.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, Json), (byte)'\n']);
    }
}
