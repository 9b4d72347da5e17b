using System.Buffers;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Understands one node's kernel log: knows which GPU sits at which address, joins what the driver spreads over lines, folds
/// repeats, and never tells of an earlier boot again.
/// </summary>
internal sealed class KernelLogReader(string node, IEventSink sink, TailOptions options, NodeClocks? clocks = null) : ILineReader
{
    private const string Source = "kernel";
    private const int JoinedLines = 5;
    private const int MapLimit = 1_024;
    private const int LockupFrames = 64;

    private static readonly SearchValues<string> s_anchors = SearchValues.Create([.. NvidiaLines.Anchors, .. DeviceLines.Anchors], StringComparison.Ordinal);

    private readonly Dictionary<string, string> _uuidByPci = new(StringComparer.Ordinal);
    private readonly EventFold _fold = new(options.FoldWindow);
    private readonly JournalRecords _journal = new();
    private string _falling = "";
    private int _fallingFor;
    private int _lockupFor;
    private string _bootId = "";
    private DateTimeOffset? _bootTime;

    /// <summary>Repeats folded so far.</summary>
    public long Folded => _fold.Folded;

    /// <summary>UUIDs by PCI address.</summary>
    public IReadOnlyDictionary<string, string> Known => _uuidByPci;

    public void Recall(IReadOnlyDictionary<string, string> known)
    {
        foreach (var (pci, uuid) in known.Take(MapLimit))
            _uuidByPci[pci] = uuid;
    }

    public void Read(TailRead read, DateTimeOffset now)
    {
        _bootTime = read.BootTime ?? _bootTime;
        Enter(read.BootId);
        foreach (var line in read.Lines)
            Read(line, now);
    }

    /// <summary>Reads one line; true where it told of something, even if that was folded or stale.</summary>
    public bool Read(string text, DateTimeOffset now)
    {
        if (_journal.TryTake(text, out var record))
        {
            if (record is not { Line: var told } whole)
                return true;
            Enter(whole.BootId);
            Read(told, told.Message, now);
            return true;
        }

        // Nearly all lines tell of nothing, and one look for all that a line could tell by is a tenth of what its wrapper costs.
        if (_falling.Length == 0 && _lockupFor <= 0 && !text.AsSpan().ContainsAny(s_anchors))
            return false;
        // What a program logged may quote a kernel line; only the kernel's own word counts.
        return SyslogMessage.TryParse(text) is { } message
            ? message.IsOfKernel && Read(message.ToKernelLine(), text, now)
            : Read(KernelLine.Parse(text), text, now);
    }

    /// <summary>Reads one line whose wrapper is off; <paramref name="text"/> is kept as evidence.</summary>
    public bool Read(KernelLine line, string text, DateTimeOffset now)
    {
        if (NvidiaLines.TryMap(line.Message, out var pci, out var uuid))
        {
            if (_uuidByPci.Count < MapLimit || _uuidByPci.ContainsKey(pci))
                _uuidByPci[pci] = uuid;
            return true;
        }

        if (Find(line.Message) is not { } finding)
            return false;
        Emit(finding, line, text, now);
        return true;
    }

    // Of another boot nothing that was begun can be ended.
    private void Enter(string bootId)
    {
        if (bootId.Length == 0 || bootId == _bootId)
            return;
        _bootId = bootId;
        (_falling, _lockupFor) = ("", 0);
    }

    private KernelFinding? Find(string message)
    {
        if (NvidiaLines.Read(message) is { } found)
            return found;
        if (NvidiaLines.BeginsFall(message) is { Length: > 0 } begins)
        {
            (_falling, _fallingFor) = (begins, JoinedLines);
            return null;
        }

        if (_falling.Length > 0 && NvidiaLines.EndsFall(message))
        {
            var fallen = NvidiaLines.FallenOff(_falling);
            _falling = "";
            return fallen;
        }

        if (_falling.Length > 0 && --_fallingFor == 0)
            _falling = "";
        if (_lockupFor > 0 && --_lockupFor >= 0 && DeviceLines.IsWedgedFrame(message))
        {
            _lockupFor = 0;
            return new KernelFinding(EventSource.Mlx5, "mlx5:soft_lockup", EventSeverity.HardwareFatal)
            {
                Fields = LabelSet.Of(("message", message)),
            };
        }

        var device = DeviceLines.Read(message);
        if (device?.Code == "kernel:soft_lockup")
            _lockupFor = LockupFrames;
        return device;
    }

    private void Emit(KernelFinding finding, KernelLine line, string text, DateTimeOffset now)
    {
        var host = node.Length > 0 ? node : line.Host;
        var stated = line.TimeAt(_bootTime, now, options.LogZone);
        if (stated is { } byItsClock && clocks is not null)
            stated = clocks.Right(host, byItsClock, now, Source);
        if (EventClock.Settle(stated, now, options, Source) is not { } at)
        {
            CollectorsMetrics.Refused(Source, "stale");
            return;
        }

        var where = $"{host}|{finding.PciBusId}|{finding.Device}";
        var read = new TelemetryEvent
        {
            At = at,
            Source = finding.Source,
            Code = finding.Code,
            Raw = text,
            Severity = finding.Severity,
            Labels = LabelSet.Of(
                ("node", host), ("pci_bus_id", finding.PciBusId), ("device", finding.Device),
                ("UUID", _uuidByPci.GetValueOrDefault(finding.PciBusId, ""))),
            Fields = finding.Fields,
            BootId = _bootId,
            DedupeKey = $"{finding.Code}|{where}|{finding.Subject}",
        };
        if (finding.Opposite.Length > 0)
            _fold.Forget($"{finding.Opposite}|{where}|{finding.Subject}");
        if (!_fold.IsNew(read))
        {
            CollectorsMetrics.Folded(Source);
            return;
        }

        CollectorsMetrics.Events(Source);
        sink.Publish(read);
    }
}
