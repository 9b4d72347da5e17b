using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The states of a target's series, found by their labels: two spellings of one series share one. They lie in one array under numbers from 1: an
/// object and an entry of a dictionary for each cost more memory than the state, and the collector of garbage visited all of them.
/// </summary>
internal sealed class SeriesStates
{
    private const int First = 64;

    private SeriesState[] _states = new SeriesState[First];
    private int[] _buckets = new int[First];
    private int _used = 1;

    /// <summary>Highest number given.</summary>
    public int Last => _used - 1;

    /// <summary>A state by its number; the reference holds until the next is added.</summary>
    public ref SeriesState this[int number] => ref _states[number];

    /// <summary>Number of the state of a series; a new one where these labels have none.</summary>
    public int Of(SeriesShape shape, out bool isNew)
    {
        var number = Bucket(shape.Labels);
        while (number != 0 && !_states[number].Labels.Equals(shape.Labels))
            number = _states[number].Chained;
        isNew = number == 0;
        return isNew ? Add(new SeriesState(shape)) : number;
    }

    /// <summary>Takes a state whose labels have none yet.</summary>
    public int Add(SeriesState state)
    {
        if (_used == _states.Length)
            Grow();
        _states[_used] = state;
        Chain(_used);
        return _used++;
    }

    /// <summary>Forgets all and keeps room for no more than <paramref name="room"/>.</summary>
    public void Clear(int room)
    {
        if (_states.Length > room)
            (_states, _buckets) = (new SeriesState[First], new int[First]);
        else
            Array.Clear(_states, 0, _used);
        Array.Clear(_buckets);
        _used = 1;
    }

    private void Grow()
    {
        Array.Resize(ref _states, _states.Length * 2);
        _buckets = new int[_states.Length];
        for (var number = 1; number < _used; number++)
            Chain(number);
    }

    private void Chain(int number)
    {
        ref var head = ref Bucket(_states[number].Labels);
        (_states[number].Chained, head) = (head, number);
    }

    private ref int Bucket(LabelSet labels) => ref _buckets[labels.GetHashCode() & (_buckets.Length - 1)];
}
