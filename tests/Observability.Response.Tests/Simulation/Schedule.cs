using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

/// <summary>
/// One random life of the response side: faults, verdicts that waver, people who interfere, a cluster that refuses and
/// loses answers, silences that come and go, and a process that is killed at any point and replays its journal.
/// </summary>
internal sealed class Schedule : IConditionProbe
{
    private static readonly Runbook[] Books = [Make.Cordon(), Make.Cordon(FaultClass.ThermalThrottle)];
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly Random _random;
    private readonly TopologyView _view = Fleets.View(6, 2, ("train", 0, 6));
    private readonly ResponseOptions _options = Make.Act();
    private readonly FakeCluster _cluster = new();
    private readonly List<Func<Engine, List<ResponseChange>>> _inputs = [];
    private readonly List<string> _derived = [];
    private readonly Dictionary<string, StepIntent> _uncertain = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RunbookExecution> _runs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<EntityId, DateTimeOffset> _healsAt = [];
    private readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> _quiet = new(StringComparer.Ordinal);
    private Engine _engine;
    private EffectWorker _worker;
    private bool _isCalm;

    public Schedule(int seed)
    {
        _random = new Random(seed);
        _options.MaximumHeldNodes = 3;
        _options.MaximumHeldPerScope = 2;
        _options.ApprovalExpiry = TimeSpan.FromMinutes(25);
        for (var n = 0; n < 6; n++)
        {
            _cluster.AddNode(Fleets.Node(n), cordoned: n == 5);
            _cluster.AddPod("train", $"worker-{n}", Fleets.Node(n), job: "train");
        }

        _cluster.Before = (_, _) => !_isCalm && _random.Next(12) == 0 ? (_random.Next(3) switch { 0 => 409, 1 => 503, _ => 429 }) : null;
        _cluster.LosesAnswer = (_, _) => !_isCalm && _random.Next(12) == 0;
        (_engine, _worker) = (NewEngine(), NewWorker());
    }

    public int Kills { get; private set; }

    public int Cordons => _cluster.Writes.Count(write => write.EndsWith("cordoned", StringComparison.Ordinal));

    public Task<bool> HoldsAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        Task.FromResult(_healsAt.Any(pair => expression.Contains($"\"{pair.Key.Name}\"", StringComparison.Ordinal) && pair.Value <= at));

    public async Task RunAsync()
    {
        var plan = Plan();
        for (var now = Make.T0; now < Make.T0.AddMinutes(75); now += Step)
        {
            var at = now;
            _isCalm = now >= Make.T0.AddMinutes(20);
            foreach (var (_, input) in plan.Where(one => one.At >= at && one.At < at + Step))
                Take(engine => input(engine, at));
            Take(engine => engine.Advance(at));
            for (var round = 0; round < 40; round++)
            {
                if (!await PumpAsync(at))
                    break;
            }

            CheckBudget();
        }

        CheckEnd();
    }

    private List<(DateTimeOffset At, Func<Engine, DateTimeOffset, List<ResponseChange>> Input)> Plan()
    {
        var plan = new List<(DateTimeOffset, Func<Engine, DateTimeOffset, List<ResponseChange>>)>();
        _healsAt[Fleets.Gpu(3, 1)] = Make.T0.AddSeconds(_random.Next(900));
        for (var i = 1; i <= 4; i++)
        {
            var at = Make.T0.AddSeconds(_random.Next(300));
            var gpu = Fleets.Gpu(_random.Next(6), _random.Next(2));
            var fault = _random.Next(2) == 0 ? FaultClass.GpuOffBus : FaultClass.ThermalThrottle;
            var verdict = Make.Verdict(i, gpu, fault, _random.Next(4) == 0 ? 0.7 : 0.95, at);
            _healsAt[gpu] = at.AddSeconds(_random.Next(900));
            var run = $"{verdict.Incident.Id}/{fault.Replace('_', '-')}/1";
            plan.Add((at, (engine, now) => engine.Process(Marked(verdict, now), now)));
            if (_random.Next(3) == 0)
                plan.AddRange(Silenced(verdict, at));
            if (_random.Next(3) == 0)
                plan.Add((at.AddSeconds(_random.Next(200)), (engine, now) => engine.Process(Marked(Make.Verdict(verdict.Incident.Id[^1] - '0', Fleets.Gpu(3, 1), fault, 0.95, now), now), now)));
            // What is over is neither muted nor told again.
            if (_random.Next(2) == 0 && _quiet.GetValueOrDefault(verdict.Incident.Id).To is var told)
                plan.Add(((told > at ? told : at).AddSeconds(_random.Next(900)), (engine, now) => engine.Process(Make.Resolved(verdict, now), now)));
            Command? command = _random.Next(6) switch { 0 => Make.Abort(run), 1 => Make.Release(run), 2 => Make.Approve(run), 3 => Make.Reject(run), _ => null };
            if (command is not null)
                plan.Add((at.AddSeconds(_random.Next(400)), (engine, now) => engine.Accept(command, now)));
        }

        return [.. plan.OrderBy(one => one.Item1)];
    }

    // On the grid of steps, so that a change is marked from the very step on that mutes its incident.
    private IEnumerable<(DateTimeOffset, Func<Engine, DateTimeOffset, List<ResponseChange>>)> Silenced(IncidentChange verdict, DateTimeOffset at)
    {
        var from = Make.T0 + (((int)((at - Make.T0) / Step) + 1 + _random.Next(60)) * Step);
        var to = from + ((1 + _random.Next(120)) * Step);
        _quiet[verdict.Incident.Id] = (from, to);
        yield return (from, (engine, now) => engine.Process(Marked(verdict with { Kind = IncidentChangeKind.Muted }, now), now));
        yield return (to, (engine, now) => engine.Process(verdict with { Kind = IncidentChangeKind.Unmuted }, now));
    }

    private bool IsQuiet(string incident, DateTimeOffset now) => _quiet.TryGetValue(incident, out var quiet) && quiet.From <= now && now < quiet.To;

    private IncidentChange Marked(IncidentChange change, DateTimeOffset now) => IsQuiet(change.Incident.Id, now)
        ? change with { Incident = change.Incident with { Mute = new IncidentMute("s-1", "silenced by anna: known", now, null) } }
        : change;

    private void Take(Func<Engine, List<ResponseChange>> input)
    {
        _inputs.Add(input);
        if (MayKill())
            Restart();
        else
            Write(input(_engine));
        if (MayKill())
            Restart();
    }

    // What is derived becomes durable before anything acts on it.
    private void Write(List<ResponseChange> changes)
    {
        foreach (var change in changes)
        {
            _derived.Add(Line(change));
            if (change.Execution is { } run)
                _runs[run.Id] = run;
            if (change.Hold is { } hold)
                _ = hold.ReleasedAt is null ? (_holds[hold.Id] = hold) is not null : _holds.Remove(hold.Id);
            if (change.Intent is not { } intent)
                continue;
            Assert.True(_operations.Add(intent.OperationId), $"{intent.OperationId} was intended twice");
            var begins = intent is { Action: "kubernetes.cordon", Attempt: 1 } && IsQuiet(_runs[intent.ExecutionId].IncidentId, intent.At);
            Assert.False(begins && _runs[intent.ExecutionId].DecidedBy.Length == 0, $"{intent.OperationId} began by itself in a muted incident");
            _uncertain[intent.OperationId] = intent;
            _worker.Enqueue(intent);
        }
    }

    private async Task<bool> PumpAsync(DateTimeOffset now)
    {
        var before = _cluster.Writes.Count;
        var outcomes = await _worker.RunDueAsync(now, CancellationToken.None);
        foreach (var write in _cluster.Writes.Skip(before).Where(write => write.EndsWith("schedulable", StringComparison.Ordinal)))
            CheckUncordon(write.Split(' ')[0], outcomes);
        foreach (var outcome in outcomes)
        {
            // Killed after the effect, before its outcome was journaled.
            if (MayKill())
            {
                Restart();
                return true;
            }

            _uncertain.Remove(outcome.Intent.OperationId);
            Take(engine => engine.Complete(outcome, now));
        }

        return outcomes.Count > 0;
    }

    private void Restart()
    {
        Kills++;
        (_engine, _worker) = (NewEngine(), NewWorker());
        var again = new List<ResponseChange>();
        foreach (var input in _inputs)
            again.AddRange(input(_engine));
        Assert.Equal(_derived, again.Take(_derived.Count).Select(Line));
        foreach (var intent in _uncertain.Values)
            _worker.Enqueue(intent);
        Write([.. again.Skip(_derived.Count)]);
    }

    private void CheckUncordon(string node, IReadOnlyList<StepOutcome> outcomes)
    {
        var own = outcomes.Where(outcome => outcome.Intent.Target.Name == node && outcome.Intent.Action == "kubernetes.uncordon").Select(outcome => outcome.Intent.ExecutionId).ToHashSet(StringComparer.Ordinal);
        // A hold whose cordon has not reached the node yet cordons it right after.
        var others = _holds.Values.Where(hold => hold.Target.Name == node && !own.Contains(hold.Id) && _runs[hold.Id].Steps[0].State == StepState.Done).Select(hold => hold.Id).ToArray();
        Assert.True(others.Length == 0, $"{node} was given back while {string.Join(", ", others)} held it");
        Assert.NotEqual(Fleets.Node(5), node);
    }

    private void CheckBudget() =>
        Assert.InRange(_holds.Values.Select(hold => hold.Target).Distinct().Count(), 0, 2);

    private void CheckEnd()
    {
        Assert.Empty(_uncertain);
        var unfinished = _runs.Values.Where(run => run.State is ExecutionState.Running or ExecutionState.Verifying or ExecutionState.AwaitingApproval or ExecutionState.AwaitingBudget);
        Assert.Equal("", string.Join('\n', unfinished.Select(run => $"{run.Id} {run.Target} {run.State} {run.Reason} since {run.UpdatedAt:HH:mm:ss}")));
        for (var n = 0; n < 6; n++)
        {
            var node = Fleets.Node(n);
            var isHeld = _holds.Values.Any(hold => hold.Target.Name == node);
            // Where neither the cordon nor its undoing could be confirmed, the hold stays and people were told.
            var isUnsure = _holds.Values.Any(hold => hold.Target.Name == node && _runs[hold.Id].Reason.Contains("not undone", StringComparison.Ordinal));
            var isCordoned = _cluster.IsCordoned(node);
            Assert.True(isCordoned == (isHeld || n == 5) || (isUnsure && !isCordoned), $"{node}: cordoned {isCordoned}, held {isHeld}");
            var cordons = _cluster.Writes.Count(write => write == $"{node} cordoned");
            var returns = _cluster.Writes.Count(write => write == $"{node} schedulable");
            Assert.Equal(isCordoned && n != 5 ? 1 : 0, cordons - returns);
            var runs = _runs.Values.Count(run => run.Node?.Name == node && run.Steps[0].Attempt > 0);
            Assert.InRange(cordons, 0, runs);
        }
    }

    private bool MayKill() => !_isCalm && _random.Next(150) == 0;

    private Engine NewEngine() => new(_options, _view, Books);

    private EffectWorker NewWorker()
    {
        var kubernetes = _cluster.InProcess();
        return new EffectWorker([new CordonAction(kubernetes), new UncordonAction(kubernetes), new EvictAction(kubernetes), new VerifyAction(this)], NullLogger<EffectWorker>.Instance);
    }

    private static string Line(ResponseChange change) => change switch
    {
        { Execution: { } e } => $"{e.Id} {e.State} {e.Strategy} {e.Reason} {e.DecidedBy} {e.UpdatedAt:O} {string.Join(' ', e.Steps.Select(step => $"{step.Step.Id}={step.State}/{step.Attempt}/{step.Detail}"))}",
        { Intent: { } i } => $"{i.OperationId} {i.Action} {i.Target} {i.Parameters} {i.At:O}",
        { Hold: { } h } => h.ToString(),
        _ => change.Notification!.Id,
    };
}
