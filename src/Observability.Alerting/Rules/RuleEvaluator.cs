using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Evaluates Prometheus rule groups on their grids. Has no timer: whoever owns the clock calls
/// <see cref="EvaluateDueAsync"/>; a virtual-time runner of rule tests calls it step by step. Calls must not overlap;
/// <see cref="Groups"/> and <see cref="ActiveAlerts"/> may be read at any time from any thread.
/// </summary>
public sealed class RuleEvaluator
{
    private readonly RuleContext _context;
    private readonly List<(LoadedRule Rule, string Source)> _retired = [];
    private readonly IAlertOutput _output;
    private ImmutableArray<LoadedGroup> _groups = [];
    private bool _wasLoaded;
    private volatile IReadOnlyList<RuleGroupStatus> _status = [];

    /// <summary>An evaluator without rules.</summary>
    public RuleEvaluator(
        IQueryEngine engine, ISampleAppender appender, IAlertOutput output, RuleOptions options, ILogger<RuleEvaluator> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _output = output;
        _context = new RuleContext(engine, appender, new GroupOutput(output), options, logger);
    }

    /// <summary>Every group with its rules, health and alerts, as of the last step.</summary>
    public IReadOnlyList<RuleGroupStatus> Groups => _status;

    /// <summary>Pending and firing alerts of all rules, in the order of the rules.</summary>
    public IReadOnlyList<ActiveAlert> ActiveAlerts =>
        [.. _status.SelectMany(group => group.Rules).SelectMany(rule => rule.Alerts)];

    /// <summary>
    /// Replaces the rules. With any finding (a template that cannot be read, a group name twice in a file, an interval
    /// that is not positive) nothing changes. Rules with the same group, name and labels keep their alerts; the alerts
    /// of rules that are gone end at the next step.
    /// </summary>
    public IReadOnlyList<Finding> Reload(IEnumerable<RuleGroupSpec> groups)
    {
        var (loaded, findings) = Build(groups);
        if (findings.Count > 0)
            return findings;

        var kept = 0;
        var earlier = _groups.ToList();
        foreach (var group in loaded)
        {
            var at = earlier.FindIndex(group.IsSameAs);
            if (at < 0)
                continue;
            var (count, left) = group.TakeStateOf(earlier[at]);
            kept += count;
            _retired.AddRange(left.Select(rule => (rule, group.SampleSource)));
            earlier.RemoveAt(at);
        }

        // Only what was there before this process has an earlier state.
        if (_wasLoaded)
        {
            foreach (var group in loaded.Where(group => group.IsFirst))
                group.SetRestored();
        }

        _wasLoaded = true;
        _retired.AddRange(earlier.SelectMany(group => group.Rules.Select(rule => (rule, group.SampleSource))));
        _groups = loaded;
        Publish();
        _context.Logger.RulesReloaded(_groups.Length, _groups.Sum(group => group.Rules.Length), kept);
        return [];
    }

    /// <summary>
    /// Evaluates every group whose grid time has come, at that grid time: groups side by side, except that one which reads what an
    /// earlier one writes (or the other way round) waits for it, so that results do not depend on the machine's speed. Alerts
    /// leave in the order of the groups. A group that was not called in time evaluates once and counts what it missed.
    /// </summary>
    public async Task EvaluateDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = EndRetired(now);
        var due = new List<(LoadedGroup Group, DateTimeOffset At)>();
        foreach (var group in _groups)
        {
            if (group.Due(now, out var missed) is not { } at)
                continue;
            if (missed > 0)
            {
                AlertingMetrics.MissedIterations.Add(missed, group.Tag);
                _context.Logger.IterationsMissed(group.Spec.Name, missed);
            }

            due.Add((group, at));
        }

        if (due.Count == 1)
            await EvaluateAsync(due[0].Group, due[0].At, cancellationToken);
        else if (due.Count > 1)
            await EvaluateTogetherAsync(due, cancellationToken);
        foreach (var (group, _) in due)
            group.Output.Release();
        if (changed || due.Count > 0)
            Publish();
    }

    /// <summary>
    /// Evaluates every group at exactly this time, whatever its interval: what <c>promtool test rules</c> does at each
    /// step of <c>evaluation_interval</c>.
    /// </summary>
    public async Task EvaluateAllAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        EndRetired(at);
        foreach (var group in _groups)
        {
            // Virtual time begins here: there is no state of before.
            group.SetRestored();
            await EvaluateAsync(group, at, cancellationToken);
            group.Output.Release();
        }

        Publish();
    }

    private async Task EvaluateTogetherAsync(List<(LoadedGroup Group, DateTimeOffset At)> due, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(_context.Options.Concurrency);
        var running = new Dictionary<LoadedGroup, Task>();
        foreach (var (group, at) in due)
        {
            Task[] before = [.. group.After.Select(earlier => running.GetValueOrDefault(earlier)).OfType<Task>()];
            running.Add(group, Task.Run(() => EvaluateAfterAsync(before, room, () => EvaluateAsync(group, at, cancellationToken), cancellationToken), CancellationToken.None));
        }

        await Task.WhenAll(running.Values);
    }

    private static async Task EvaluateAfterAsync(Task[] before, SemaphoreSlim room, Func<Task> evaluate, CancellationToken cancellationToken)
    {
        await Task.WhenAll(before);
        await room.WaitAsync(cancellationToken);
        try
        {
            await evaluate();
        }
        finally
        {
            room.Release();
        }
    }

    private bool EndRetired(DateTimeOffset now)
    {
        foreach (var (rule, source) in _retired)
            rule.Retire(now, source);
        foreach (var output in _retired.Select(retired => retired.Rule.Output).Distinct())
            output.Release();
        var any = _retired.Count > 0;
        _retired.Clear();
        return any;
    }

    private async Task EvaluateAsync(LoadedGroup group, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var isFirst = group.IsFirst;
        await group.EvaluateAsync(at, cancellationToken);
        // As Prometheus: the second evaluation sees what the first scrape brought.
        if (group.IsRestored || isFirst)
            return;
        await RestoreAsync(group, at, cancellationToken);
        group.SetRestored();
    }

    private (ImmutableArray<LoadedGroup> Groups, List<Finding> Findings) Build(IEnumerable<RuleGroupSpec> specs)
    {
        var findings = new List<Finding>();
        var groups = ImmutableArray.CreateBuilder<LoadedGroup>();
        var names = new HashSet<(string, string)>();
        foreach (var spec in specs)
        {
            var interval = spec.Interval ?? _context.Options.DefaultInterval;
            if (interval <= TimeSpan.Zero)
                findings.Add(new Finding(spec.Source, $"group {spec.Name}: interval {interval} must be longer than 0s"));
            if (!names.Add((spec.Source.File, spec.Name)))
                findings.Add(new Finding(spec.Source, $"groupname: \"{spec.Name}\" is repeated in the same file; rename one"));
            var context = _context with { Output = new GroupOutput(_output), Shared = new SharedSelections(spec.Rules.Select(rule => rule.Expression)) };
            groups.Add(new LoadedGroup(spec, interval, BuildRules(spec, context, findings), context));
        }

        GroupOrder.Set(groups);
        return (groups.ToImmutable(), findings);
    }

    private static ImmutableArray<LoadedRule> BuildRules(RuleGroupSpec group, RuleContext context, List<Finding> findings)
    {
        var rules = ImmutableArray.CreateBuilder<LoadedRule>(group.Rules.Length);
        foreach (var spec in group.Rules)
        {
            try
            {
                rules.Add(spec.IsAlert ? new AlertingRule(spec, group, context) : new RecordingRule(spec, group, context));
            }
            catch (TemplateException failure)
            {
                findings.Add(new Finding(spec.Source, $"rule {spec.Name}: {failure.Message}"));
            }
        }

        return rules.ToImmutable();
    }

    // After a restart: only rules that wait long enough for it to matter ask for their earlier state.
    private async Task RestoreAsync(LoadedGroup group, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var rule in group.Rules.OfType<AlertingRule>())
        {
            if (!rule.AwaitsRestore || rule.Status().State != RuleState.Pending)
                continue;
            var window = (long)_context.Options.OutageTolerance.TotalSeconds;
            var result = await _context.Engine.QueryAsync(
                $"ALERTS_FOR_STATE{{alertname=\"{rule.Spec.Name}\"}}[{window}s]",
                at,
                cancellationToken);
            foreach (var series in result.Matrix.Where(series => series.Samples.Count > 0))
            {
                var last = series.Samples[^1];
                if (StaleMarker.Is(last.Value) || !double.IsFinite(last.Value))
                    continue;
                rule.Restore(
                    series.Labels.Without(LabelSet.MetricNameLabel),
                    DateTimeOffset.FromUnixTimeSeconds((long)last.Value),
                    DateTimeOffset.FromUnixTimeMilliseconds(last.UnixMilliseconds),
                    at);
            }
        }
    }

    private void Publish() => _status = [.. _groups.Select(group => group.Status())];
}
