using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The states of a target's series by their labels: two spellings of one series share one. A table of its own, since a
/// <see cref="Dictionary{TKey, TValue}"/> holds labels and hash a second time and asks a comparer for each.
/// </summary>
internal sealed class SeriesStates
{
    private const int FirstBuckets = 128;

    private SeriesState?[] _buckets = new SeriesState?[FirstBuckets];
    private int _count;

    /// <summary>The state of a series; a new one where these labels have none.</summary>
    public SeriesState Of(SeriesShape shape, out bool isNew)
    {
        var known = Bucket(shape.Labels);
        while (known is not null && !known.Labels.Equals(shape.Labels))
            known = known.Chained;
        isNew = known is null;
        if (known is not null)
            return known;
        var made = new SeriesState(shape);
        Add(made);
        return made;
    }

    /// <summary>Takes a state over from before; one that is here already, as the other spelling of a series, stays as it is.</summary>
    public void Keep(SeriesState state)
    {
        var known = Bucket(state.Labels);
        while (known is not null && known != state)
            known = known.Chained;
        if (known is null)
            Add(state);
    }

    /// <summary>Forgets all; room for more than <paramref name="room"/> series is given back.</summary>
    public void Clear(int room)
    {
        if (_buckets.Length > room)
            _buckets = new SeriesState?[FirstBuckets];
        else
            Array.Clear(_buckets);
        _count = 0;
    }

    private void Add(SeriesState state)
    {
        if (_count >= _buckets.Length * 2)
            Grow();
        ref var head = ref Bucket(state.Labels);
        (state.Chained, head) = (head, state);
        _count++;
    }

    private ref SeriesState? Bucket(LabelSet labels) => ref _buckets[labels.GetHashCode() & (_buckets.Length - 1)];

    private void Grow()
    {
        var old = _buckets;
        _buckets = new SeriesState?[old.Length * 4];
        foreach (var head in old)
        {
            for (var state = head; state is not null;)
            {
                var next = state.Chained;
                ref var bucket = ref Bucket(state.Labels);
                (state.Chained, bucket) = (bucket, state);
                state = next;
            }
        }
    }
}
