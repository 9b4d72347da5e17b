namespace Observability.Response;

/// <summary>A rate per minute with a burst of five seconds' worth, at least one.</summary>
internal sealed class TokenBucket(int perMinute)
{
    private readonly double _capacity = Math.Max(1, perMinute / 12.0);
    private double _tokens = Math.Max(1, perMinute / 12.0);
    private DateTimeOffset _at = DateTimeOffset.MinValue;

    /// <summary>Whole messages that may leave now.</summary>
    public int Available(DateTimeOffset now)
    {
        if (_at != DateTimeOffset.MinValue && now > _at)
            _tokens = Math.Min(_capacity, _tokens + ((now - _at).TotalMinutes * perMinute));
        _at = now > _at ? now : _at;
        return (int)(_tokens + 1e-9);
    }

    public void Take() => _tokens -= 1;
}
