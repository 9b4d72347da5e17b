using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Remembers what each spelling of a series stands for, so that a repeated read parses no labels and allocates nothing
/// per sample. One cache serves one target.
/// </summary>
internal sealed class SeriesCache(Func<LabelSet, SeriesShape> shape)
{
    private const int SpareEntries = 1_024;
    private const int FirstBuckets = 256;
    private const int MostRoom = 65_536;

    private readonly SeriesStates _states = new();
    private readonly SpellingText _text = new();
    private CachedSeries?[] _buckets = new CachedSeries?[FirstBuckets];
    private List<SeriesState> _live = [];
    private List<SeriesState> _before = [];
    private readonly List<SeriesState> _unwelcome = [];
    private CachedSeries? _last;
    private CachedSeries? _first;
    private int _again;

    /// <summary>Spellings remembered.</summary>
    public int Count { get; private set; }

    /// <summary>True where the current read brought a series that none before it has.</summary>
    public bool HasNew { get; private set; }

    /// <summary>Number of the current read, from 1.</summary>
    public long Read { get; private set; }

    /// <summary>Series that the current read brought, in the order of the text.</summary>
    public IReadOnlyList<SeriesState> Live => _live;

    /// <summary>Series that the read before brought.</summary>
    public IReadOnlyList<SeriesState> Before => _before;

    /// <summary>Why the current read is refused for one of its series; null where it is not.</summary>
    public ScrapeFault? Fault => _unwelcome.Find(state => state.SeenAt == Read)?.Fault;

    /// <summary>Forgets everything and keeps the room, for who reads many bodies of as many targets one after the other.</summary>
    public void Clear()
    {
        // Room for one huge body is not kept for the small ones behind it.
        if (_buckets.Length > MostRoom)
        {
            _buckets = new CachedSeries?[FirstBuckets];
            (_live, _before) = ([], []);
        }

        Array.Clear(_buckets);
        _states.Clear(MostRoom);
        _text.Clear();
        _live.Clear();
        _before.Clear();
        _unwelcome.Clear();
        (_first, _last, Count) = (null, null, 0);
    }

    /// <summary>Begins a read.</summary>
    public void Begin()
    {
        if (Count > (_live.Count * 2) + SpareEntries)
            Forget();
        (_before, _live) = (_live, _before);
        _live.Clear();
        _last = null;
        _again = 0;
        HasNew = false;
        Read++;
    }

    /// <summary>Series of the read before that the current one did not bring.</summary>
    public IEnumerable<SeriesState> Vanished()
    {
        // Nearly always all of them came again.
        if (_again == _before.Count)
            yield break;
        foreach (var state in _before)
        {
            if (state.SeenAt != Read)
                yield return state;
        }
    }

    /// <summary>The entry that most likely comes next in the text.</summary>
    public CachedSeries? Expected => _last is null ? _first : _last.Follower;

    /// <summary>Marks an entry as the one just read.</summary>
    public void Advance(CachedSeries entry)
    {
        if (_last is null)
            _first = entry;
        else
            _last.Follower = entry;
        _last = entry;
    }

    /// <summary>Marks a series as brought by the current read; false where this read brought it already.</summary>
    public bool See(SeriesState state)
    {
        if (state.SeenAt == Read)
            return false;
        if (state.SeenAt == Read - 1)
            _again++;
        state.SeenAt = Read;
        _live.Add(state);
        return true;
    }

    public CachedSeries? Find(ReadOnlySpan<byte> raw, out ulong hash)
    {
        hash = TextHash.Of(raw);
        for (var entry = Bucket(hash); entry is not null; entry = entry.Chained)
        {
            if (entry.Hash == hash && raw.SequenceEqual(entry.Raw))
                return entry;
        }

        return null;
    }

    /// <summary>Remembers a spelling.</summary>
    /// <param name="raw">The spelling.</param>
    /// <param name="hash">Its hash, as <see cref="Find"/> gave it.</param>
    /// <param name="labels">What it says.</param>
    public CachedSeries Add(ReadOnlySpan<byte> raw, ulong hash, LabelSet labels)
    {
        if (Count >= _buckets.Length * 2)
            Grow();
        var state = _states.Of(shape(labels), out var isNew);
        HasNew |= isNew;
        if (isNew && state.Fault is not null)
            _unwelcome.Add(state);
        var entry = new CachedSeries(_text.Keep(raw), hash, state);
        Chain(entry);
        Count++;
        return entry;
    }

    private void Grow()
    {
        var old = _buckets;
        _buckets = new CachedSeries?[old.Length * 4];
        foreach (var head in old)
        {
            for (var entry = head; entry is not null;)
            {
                var next = entry.Chained;
                Chain(entry);
                entry = next;
            }
        }
    }

    private void Chain(CachedSeries entry)
    {
        ref var head = ref Bucket(entry.Hash);
        entry.Chained = head;
        head = entry;
    }

    // As many buckets as a power of two.
    private ref CachedSeries? Bucket(ulong hash) => ref _buckets[(int)hash & (_buckets.Length - 1)];

    // A target whose labels change with every read would fill the cache for ever: keep what the last read brought.
    private void Forget()
    {
        var kept = _buckets.SelectMany(Entries).Where(entry => entry.State.SeenAt == Read).ToList();
        _buckets = new CachedSeries?[FirstBuckets];
        _states.Clear(MostRoom);
        _text.Release();
        _unwelcome.RemoveAll(state => state.SeenAt != Read);
        Count = 0;
        _first = null;
        foreach (var entry in kept)
        {
            // Two spellings may be of one state, which keeps what it knows.
            _states.Keep(entry.State);
            if (Count >= _buckets.Length * 2)
                Grow();
            Chain(new CachedSeries(_text.Keep(entry.Raw), entry.Hash, entry.State));
            Count++;
        }
    }

    private static IEnumerable<CachedSeries> Entries(CachedSeries? head)
    {
        for (var entry = head; entry is not null; entry = entry.Chained)
            yield return entry;
    }
}
