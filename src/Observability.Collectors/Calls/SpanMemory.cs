namespace Observability.Collectors;

/// <summary>A bounded memory by span: past its limit the oldest makes room. Not thread-safe.</summary>
/// <typeparam name="TValue">What is remembered of a span.</typeparam>
internal sealed class SpanMemory<TValue>(int limit)
{
    private readonly Dictionary<SpanKey, TValue> _values = [];
    private readonly Queue<SpanKey> _order = new();

    /// <summary>What is remembered, or the default.</summary>
    public TValue? Find(SpanKey key) => _values.GetValueOrDefault(key);

    /// <summary>Remembers a span that is not remembered yet; how many others were forgotten for it.</summary>
    public int Add(SpanKey key, TValue value)
    {
        var forgotten = 0;
        for (; _order.Count >= limit; _order.TryDequeue(out _))
            forgotten += _values.Remove(_order.Peek()) ? 1 : 0;
        _values[key] = value;
        _order.Enqueue(key);
        return forgotten;
    }

    /// <summary>Takes a span out.</summary>
    public TValue? Take(SpanKey key) => _values.Remove(key, out var value) ? value : default;
}
