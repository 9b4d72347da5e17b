using System.Collections.Immutable;
using System.Diagnostics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>A rule group on its grid of evaluation times: multiples of its interval since 1970.</summary>
internal sealed class LoadedGroup(RuleGroupSpec spec, TimeSpan interval, ImmutableArray<LoadedRule> rules, RuleContext context)
{
    private DateTimeOffset? _last;
    private long _missed;
    private TimeSpan _evaluationTime;

    public RuleGroupSpec Spec { get; } = spec;

    public TimeSpan Interval { get; } = interval;

    public ImmutableArray<LoadedRule> Rules { get; } = rules;

    /// <summary>Holds the group's alerts until it is its turn.</summary>
    public GroupOutput Output => context.Output;

    public bool IsFirst => _last is null;

    /// <summary>True once the state of before a restart was read, or where there is none to read.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>Earlier groups of the load that write what this one reads or read what it writes: it waits for them.</summary>
    public ImmutableArray<LoadedGroup> After { get; set; } = [];

    /// <summary>Where the group's samples come from.</summary>
    public string SampleSource { get; } = $"rules:{spec.Source.File};{spec.Name}";

    /// <summary>The group as a label of metrics, as Prometheus has it.</summary>
    public KeyValuePair<string, object?> Tag { get; } = new("rule_group", $"{spec.Source.File};{spec.Name}");

    public bool IsSameAs(LoadedGroup other) => Spec.Name == other.Spec.Name && Spec.Source.File == other.Spec.Source.File;

    /// <summary>Takes over the state of every rule that the earlier group has too; hands back the number and the rest.</summary>
    public (int Kept, List<LoadedRule> Left) TakeStateOf(LoadedGroup earlier)
    {
        (_last, _missed) = (Interval == earlier.Interval ? earlier._last : null, earlier._missed);
        var left = earlier.Rules.ToList();
        var kept = 0;
        foreach (var rule in Rules)
        {
            var at = left.FindIndex(rule.IsSameAs);
            if (at < 0)
                continue;
            rule.TakeStateOf(left[at]);
            left.RemoveAt(at);
            kept++;
        }

        if (earlier.IsRestored)
            SetRestored();
        return (kept, left);
    }

    /// <summary>From now on every rule writes its own state.</summary>
    public void SetRestored()
    {
        IsRestored = true;
        foreach (var rule in Rules.OfType<AlertingRule>())
            rule.SetRestored();
    }

    /// <summary>The evaluation time that is due, or null. Times that passed unused are counted as missed.</summary>
    public DateTimeOffset? Due(DateTimeOffset now, out long missed)
    {
        var ticks = now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var slot = DateTimeOffset.UnixEpoch.AddTicks(ticks - (ticks % Interval.Ticks));
        missed = 0;
        if (_last is { } last)
        {
            if (slot <= last)
                return null;
            missed = ((slot - last).Ticks / Interval.Ticks) - 1;
            _missed += missed;
        }

        return slot;
    }

    public async Task EvaluateAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        _last = at;
        AlertingMetrics.Iterations.Add(1, Tag);
        context.Shared.Clear();
        foreach (var rule in Rules)
        {
            await rule.EvaluateAsync(at, Interval, SampleSource, cancellationToken);
            foreach (var metric in rule.Writes)
                context.Shared.Forget(metric);
        }

        context.Shared.Clear();
        _evaluationTime = Stopwatch.GetElapsedTime(started);
    }

    public RuleGroupStatus Status() => new()
    {
        Group = Spec,
        Interval = Interval,
        LastEvaluation = _last,
        EvaluationTime = _evaluationTime,
        MissedIterations = _missed,
        Rules = [.. Rules.Select(rule => rule.Status())],
    };
}
