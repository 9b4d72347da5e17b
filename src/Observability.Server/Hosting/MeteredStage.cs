using System.Diagnostics;
using Observability.Model;

namespace Observability.Server;

/// <summary>Counts what goes into a stage and what comes out, and how long it took: one arrow of the drawing.</summary>
internal sealed class MeteredStage<TIn, TOut>(IStage<TIn, TOut> stage) : IStage<TIn, TOut>
{
    private readonly KeyValuePair<string, object?> _tag = new("stage", stage.Name);

    public string Name => stage.Name;

    public IEnumerable<TOut> Process(TIn item, DateTimeOffset now)
    {
        ServerMetrics.StageIn.Add(1, _tag);
        return Collect(() => stage.Process(item, now));
    }

    public IEnumerable<TOut> Advance(DateTimeOffset now) => Collect(() => stage.Advance(now));

    public IEnumerable<TOut> Accept(Command command, DateTimeOffset now) => Collect(() => stage.Accept(command, now));

    private List<TOut> Collect(Func<IEnumerable<TOut>> step)
    {
        var started = Stopwatch.GetTimestamp();
        var results = step().ToList();
        ServerMetrics.StageSeconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, _tag);
        if (results.Count > 0)
            ServerMetrics.StageOut.Add(results.Count, _tag);
        return results;
    }
}
