using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Remembers what each spelling of a series stands for, so that a repeated read parses no labels and allocates nothing
/// per sample. One cache serves one target.
/// </summary>
internal sealed class SeriesCache(Func<LabelSet, SeriesShape> shape)
{
    private const int SpareEntries = 1_024;
    private const int MostRoom = 65_536;

    private SpellingTable _spellings = new();
    private SeriesStates _states = new();

    // Numbers of states.
    private List<int> _live = [];
    private List<int> _before = [];
    private readonly List<int> _unwelcome = [];
    private int _last;
    private int _again;

    /// <summary>Spellings remembered.</summary>
    public int Count => _spellings.Count;

    /// <summary>True where the current read brought a series that the one before did not: a driver that is taken back has the labels it had earlier.</summary>
    public bool HasNew { get; private set; }

    /// <summary>Number of the current read, from 1.</summary>
    public long Read { get; private set; }

    /// <summary>Series that the current read brought.</summary>
    public int LiveCount => _live.Count;

    /// <summary>Series that the read before brought.</summary>
    public int BeforeCount => _before.Count;

    /// <summary>Series that the current read brought, in the order of the text.</summary>
    public IEnumerable<LabelSet> Live => _live.Select(series => _states[series].Labels);

    /// <summary>Series that the read before brought.</summary>
    public IEnumerable<LabelSet> Before => _before.Select(series => _states[series].Labels);

    /// <summary>Why the current read is refused for one of its series; null where it is not.</summary>
    public ScrapeFault? Fault => _unwelcome.Find(series => _states[series].SeenAt == Read) is > 0 and var found ? _states[found].Fault : null;

    /// <summary>Forgets everything and keeps the room, for who reads many bodies of as many targets one after the other.</summary>
    public void Clear()
    {
        // Room for one huge body is not kept for the small ones behind it.
        if (_live.Capacity > MostRoom || _before.Capacity > MostRoom)
            (_live, _before) = ([], []);
        _spellings.Clear(MostRoom);
        _states.Clear(MostRoom);
        _live.Clear();
        _before.Clear();
        _unwelcome.Clear();
        _last = 0;
    }

    /// <summary>Begins a read.</summary>
    public void Begin()
    {
        if (Count > (_live.Count * 2) + SpareEntries)
            Forget();
        (_before, _live) = (_live, _before);
        _live.Clear();
        _last = 0;
        _again = 0;
        HasNew = false;
        Read++;
    }

    /// <summary>Series of the read before that the current one did not bring.</summary>
    public IEnumerable<LabelSet> Vanished()
    {
        // Nearly always all of them came again.
        if (_again == _before.Count)
            yield break;
        foreach (var series in _before)
        {
            if (_states[series].SeenAt != Read)
                yield return _states[series].Labels;
        }
    }

    /// <summary>The entry that most likely comes next in the text; 0 for none.</summary>
    public int Expected => _spellings[_last].Follower;

    /// <summary>The bytes of an entry.</summary>
    public ReadOnlySpan<byte> Raw(int entry) => _spellings.Raw(entry);

    /// <summary>The series of an entry.</summary>
    public ref SeriesState State(int entry) => ref _states[_spellings[entry].Series];

    /// <summary>Marks an entry as the one just read.</summary>
    public void Advance(int entry)
    {
        _spellings[_last].Follower = entry;
        _last = entry;
    }

    /// <summary>Marks the series of an entry as brought by the current read; false where this read brought it already.</summary>
    public bool See(int entry)
    {
        var series = _spellings[entry].Series;
        ref var state = ref _states[series];
        if (state.SeenAt == Read)
            return false;
        if (state.SeenAt == Read - 1)
            _again++;
        else
            HasNew = true;
        state.SeenAt = Read;
        _live.Add(series);
        return true;
    }

    /// <summary>The entry of a spelling; 0 where it is not known.</summary>
    public int Find(ReadOnlySpan<byte> raw, out int hash) => _spellings.Find(raw, out hash);

    /// <summary>Remembers a spelling.</summary>
    /// <param name="raw">The spelling.</param>
    /// <param name="hash">Its hash, as <see cref="Find"/> gave it.</param>
    /// <param name="labels">What it says.</param>
    public int Add(ReadOnlySpan<byte> raw, int hash, LabelSet labels)
    {
        var series = _states.Of(shape(labels), out var isNew);
        if (isNew && _states[series].Fault is not null)
            _unwelcome.Add(series);
        return _spellings.Add(raw, hash, series);
    }

    // A target whose labels change with every read would fill the cache for ever: keep what the last read brought.
    private void Forget()
    {
        var (spellings, states) = (_spellings, _states);
        (_spellings, _states) = (new SpellingTable(), new SeriesStates());
        var moved = new int[states.Last + 1];
        for (var entry = 1; entry <= spellings.Count; entry++)
        {
            var (series, hash) = (spellings[entry].Series, spellings[entry].Hash);
            if (states[series].SeenAt != Read)
                continue;
            if (moved[series] == 0)
                moved[series] = _states.Add(states[series]);
            _spellings.Add(spellings.Raw(entry), hash, moved[series]);
        }

        Move(_live, moved);
        Move(_unwelcome, moved);
    }

    private static void Move(List<int> numbers, int[] moved)
    {
        var kept = numbers.Select(number => moved[number]).Where(number => number != 0).ToList();
        numbers.Clear();
        numbers.AddRange(kept);
    }
}
