namespace Observability.Simulator;

/// <summary>An exporter that takes long to gather: until it is done again it gives what it gathered last, with the time of that.</summary>
/// <param name="every">How long gathering takes.</param>
internal sealed class LateAnswer(TimeSpan every)
{
    private Readings? _kept;
    private DateTimeOffset _at;

    public void Read(DateTimeOffset now, Action<IReadingSink> gather, IReadingSink sink)
    {
        if (_kept is null || now - _at >= every)
        {
            (_kept, _at) = (new Readings(), now);
            gather(_kept);
        }

        sink.Stated(_at);
        _kept.ToSink(sink);
    }
}
