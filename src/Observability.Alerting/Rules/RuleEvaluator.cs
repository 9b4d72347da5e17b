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
    private ImmutableArray<LoadedGroup> _groups = [];
    private volatile IReadOnlyList<RuleGroupStatus> _status = [];

    /// <summary>An evaluator without rules.</summary>
    public RuleEvaluator(
        IQueryEngine engine, ISampleAppender appender, IAlertOutput output, RuleOptions options, ILogger<RuleEvaluator> logger) =>
        _context = new RuleContext(engine, appender, output, options, logger);

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

        _retired.AddRange(earlier.SelectMany(group => group.Rules.Select(rule => (rule, group.SampleSource))));
        _groups = loaded;
        Publish();
        _context.Logger.RulesReloaded(_groups.Length, _groups.Sum(group => group.Rules.Length), kept);
        return [];
    }

    /// <summary>
    /// Evaluates every group whose grid time has come, in the order of the groups, at that grid time. A group that was
    /// not called in time evaluates once and counts what it missed.
    /// </summary>
    public async Task EvaluateDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = EndRetired(now);
        foreach (var group in _groups)
        {
            if (group.Due(now, out var missed) is not { } at)
                continue;
            if (missed > 0)
            {
                AlertingMetrics.MissedIterations.Add(missed);
                _context.Logger.IterationsMissed(group.Spec.Name, missed);
            }

            await EvaluateAsync(group, at, cancellationToken);
            changed = true;
        }

        if (changed)
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
            await EvaluateAsync(group, at, cancellationToken);
        Publish();
    }

    private bool EndRetired(DateTimeOffset now)
    {
        foreach (var (rule, source) in _retired)
            rule.Retire(now, source);
        var any = _retired.Count > 0;
        _retired.Clear();
        return any;
    }

    private async Task EvaluateAsync(LoadedGroup group, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var isFirst = group.IsFirst;
        await group.EvaluateAsync(at, cancellationToken);
        if (isFirst)
            await RestoreAsync(group, at, cancellationToken);
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
            groups.Add(new LoadedGroup(spec, interval, BuildRules(spec, findings)));
        }

        return (groups.ToImmutable(), findings);
    }

    private ImmutableArray<LoadedRule> BuildRules(RuleGroupSpec group, List<Finding> findings)
    {
        var rules = ImmutableArray.CreateBuilder<LoadedRule>(group.Rules.Length);
        foreach (var spec in group.Rules)
        {
            try
            {
                rules.Add(spec.IsAlert ? new AlertingRule(spec, group, _context) : new RecordingRule(spec, group, _context));
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
            if (rule.Spec.For < _context.Options.ForGracePeriod || rule.Status().State != RuleState.Pending)
                continue;
            var window = (long)_context.Options.OutageTolerance.TotalSeconds;
            // The evaluation just before this one wrote its own sample; look only at what is older.
            var result = await _context.Engine.QueryAsync(
                $"ALERTS_FOR_STATE{{alertname=\"{rule.Spec.Name}\"}}[{window}s]",
                at - group.Spec.QueryOffset - TimeSpan.FromMilliseconds(1),
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
