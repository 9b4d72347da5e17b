using Observability.Model;

namespace Observability.Response.Tests;

/// <summary>The three response stages joined as the server joins them, with holds fed back to the guard.</summary>
internal sealed class Engine(ResponseOptions options, TopologyView view, IReadOnlyList<Runbook> runbooks)
{
    private readonly ChooseRunbook _choose = new(options, view, runbooks);
    private readonly Guard _guard = new(options, view);
    private readonly Execute _execute = new(options, view, runbooks);

    public List<ResponseChange> Process(IncidentChange change, DateTimeOffset now) =>
        Seen(_choose.Process(change, now).SelectMany(item => _guard.Process(item, now)).SelectMany(item => _execute.Process(item, now)));

    public List<ResponseChange> Advance(DateTimeOffset now) =>
        Seen(_guard.Advance(now).SelectMany(item => _execute.Process(item, now)).Concat(Later(() => _execute.Advance(now))));

    public List<ResponseChange> Accept(Command command, DateTimeOffset now) =>
        Seen(_choose.Accept(command, now).SelectMany(item => _guard.Process(item, now)).SelectMany(item => _execute.Process(item, now))
            .Concat(Later(() => _guard.Accept(command, now)).SelectMany(item => _execute.Process(item, now)))
            .Concat(Later(() => _execute.Accept(command, now))));

    public List<ResponseChange> Complete(StepOutcome outcome, DateTimeOffset now) => Seen(_execute.Complete(outcome, now));

    private static IEnumerable<T> Later<T>(Func<IEnumerable<T>> items)
    {
        foreach (var item in items())
            yield return item;
    }

    private List<ResponseChange> Seen(IEnumerable<ResponseChange> changes)
    {
        var seen = new List<ResponseChange>();
        foreach (var change in changes)
        {
            seen.Add(change);
            if (change.Hold is { } hold)
                _guard.Observe(hold);
        }

        return seen;
    }
}
