using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// All API objects under one resourceVersion that only grows, with a bounded history per kind for watches. An object is never changed
/// once stored: writers store a copy, so readers may hold what they got without the lock. Writers hold the cluster's gate.
/// </summary>
internal sealed class ObjectStore(int historyLimit)
{
    private sealed class Shelf
    {
        public SortedDictionary<string, JsonObject> Objects { get; } = new(StringComparer.Ordinal);

        public List<StoreChange> History { get; } = [];

        public long Compacted { get; set; }
    }

    private readonly Dictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Version of the newest change.</summary>
    public long Version { get; private set; } = 1000;

    /// <summary>Completes at the next change.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public JsonObject? Get(ResourceKind kind, string ns, string name) => ShelfOf(kind).Objects.GetValueOrDefault(Key(ns, name));

    public int Count(ResourceKind kind) => ShelfOf(kind).Objects.Count;

    /// <summary>Objects in order of namespace and name; all namespaces when <paramref name="ns"/> is empty.</summary>
    public List<JsonObject> List(ResourceKind kind, string ns = "")
    {
        var objects = ShelfOf(kind).Objects;
        return ns.Length == 0 ? [.. objects.Values] : [.. objects.Where(pair => pair.Key.StartsWith(ns + "/", StringComparison.Ordinal)).Select(pair => pair.Value)];
    }

    /// <summary>Stores the object, which the store owns from here on, with its new resourceVersion.</summary>
    public JsonObject Put(ResourceKind kind, JsonObject value)
    {
        var shelf = ShelfOf(kind);
        var key = Key(value.Namespace(), value.Name());
        var before = shelf.Objects.GetValueOrDefault(key);
        Stamp(value);
        shelf.Objects[key] = value;
        Record(shelf, before, value);
        return value;
    }

    /// <summary>Removes the object; watchers see its last state under the version of the removal, as the real server sends it.</summary>
    public JsonObject? Remove(ResourceKind kind, string ns, string name)
    {
        var shelf = ShelfOf(kind);
        if (!shelf.Objects.Remove(Key(ns, name), out var before))
            return null;
        var last = before.Copy();
        Stamp(last);
        Record(shelf, last, null);
        return last;
    }

    /// <summary>Changes after a version; null when some of them are no longer kept.</summary>
    public IReadOnlyList<StoreChange>? Since(ResourceKind kind, long version)
    {
        var shelf = ShelfOf(kind);
        if (version < shelf.Compacted)
            return null;
        var first = shelf.History.Count;
        while (first > 0 && shelf.History[first - 1].Version > version)
            first--;
        return shelf.History.GetRange(first, shelf.History.Count - first);
    }

    /// <summary>Version of the newest change no longer kept.</summary>
    public long Compacted(ResourceKind kind) => ShelfOf(kind).Compacted;

    private void Stamp(JsonObject value) =>
        value.Metadata()["resourceVersion"] = (++Version).ToString(CultureInfo.InvariantCulture);

    private void Record(Shelf shelf, JsonObject? before, JsonObject? after)
    {
        shelf.History.Add(new StoreChange(Version, before, after));
        if (shelf.History.Count > historyLimit)
        {
            shelf.Compacted = shelf.History[0].Version;
            shelf.History.RemoveAt(0);
        }

        var done = Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        done.SetResult();
    }

    private Shelf ShelfOf(ResourceKind kind)
    {
        if (!_shelves.TryGetValue(kind.Storage, out var shelf))
            _shelves[kind.Storage] = shelf = new Shelf();
        return shelf;
    }

    private static string Key(string ns, string name) => $"{ns}/{name}";
}
