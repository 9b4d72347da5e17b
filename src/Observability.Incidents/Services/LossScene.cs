namespace Observability.Incidents;

/// <summary>
/// What each node lost in each row of a window: how much worse than its normal it was, times how many requests that befell. Lost seconds and
/// failed requests pass from callee to caller nearly whole, so they can be held against each other across nodes, unlike deviations in units of
/// each node's own noise.
/// </summary>
internal sealed class LossScene
{
    private static readonly string[] Sums = ["sum", "count", "total", "samplecount"];
    private static readonly string[] Requests = ["request", "call", "invocation", "throughput", "hits"];

    private readonly MetricTable _normal;
    private readonly MetricTable _window;
    private readonly MetricColumn _target;
    private readonly LossRankingOptions _options;
    private readonly MetricColumn? _volume;
    private readonly int _worse;
    private readonly int _onset;

    public LossScene(MetricTable normal, MetricTable window, MetricColumn target, LossRankingOptions options)
    {
        (_normal, _window, _target, _options) = (normal, window, target, options);
        _volume = VolumeOf(window.Columns, target.Metric);
        var values = window[target];
        var late = values.Skip(options.OnsetRow).Where(double.IsFinite).ToArray();
        var known = Usual(target);
        var usual = known ?? Median(values.Take(options.OnsetRow).Where(double.IsFinite));
        _worse = MetricDirection.Of(target.Metric, late.Length == 0 ? 0 : late.Max(value => value - usual) + late.Min(value => value - usual));
        var margin = Margin(target, usual);
        var first = values.Select((value, row) => (value, row)).Where(one => _worse * (one.value - usual) > margin).Select(one => one.row).DefaultIfEmpty(options.OnsetRow).First();
        // Two rows are no normal to tell an earlier onset by.
        _onset = known is null ? options.OnsetRow : Math.Min(first, options.OnsetRow);
        TargetLoss = Loss(target.Node, isTarget: true) ?? [];
    }

    /// <summary>What the target lost, row by row, its noise included: it is what has to be explained.</summary>
    public IReadOnlyList<double> TargetLoss { get; }

    /// <summary>Probability that a window of normal rows holds as bad a row after its onset; null where too little is known of the target's normal.</summary>
    public double? PValue()
    {
        if (Usual(_target) is not { } usual)
            return null;
        var normal = _normal[_target];
        var worst = Worst(_window[_target], 0, usual);
        var windows = normal.Count - _window.Rows + 1;
        // So few windows cannot tell one in so many.
        if (windows * _options.Significance < 2)
            return null;
        var asBad = Enumerable.Range(0, windows).Count(from => Worst(normal, from, usual) >= worst);
        return (1.0 + asBad) / (windows + 1);
    }

    /// <summary>What a node lost, row by row, where it was worse than its noise; null where nothing is known of it.</summary>
    public double[]? Loss(string node) => Loss(node, isTarget: false);

    /// <summary>The value a node had where it was worst, with its normal one.</summary>
    public (double Worst, double Normal) Peak(string node)
    {
        var column = _target with { Node = node };
        var values = _window[column].Skip(_onset).Where(double.IsFinite).ToArray();
        return (values.Length == 0 ? double.NaN : _worse * values.Max(value => _worse * value), Usual(column) ?? double.NaN);
    }

    private double[]? Loss(string node, bool isTarget)
    {
        var column = _target with { Node = node };
        var values = _window[column];
        var before = values.Take(_onset).Where(double.IsFinite).ToArray();
        var usual = Usual(column);
        if (values.Count == 0 || (usual is null && before.Length == 0))
            return null;
        // A level that had drifted away before the trouble began is no part of it, and one that was better than normal still is.
        var level = before.Length == 0 ? usual!.Value : usual is null ? before.Average() : _worse * Math.Max(_worse * usual.Value, _worse * before.Average());
        var margin = isTarget || usual is null ? 0 : Margin(column, usual.Value);
        return [.. values.Select((value, row) => double.IsFinite(value) && _worse * (value - level) is var worse && worse > margin ? worse * Volume(node, row) : 0)];
    }

    private double Volume(string node, int row)
    {
        if (_volume is not { } volume)
            return 1;
        var column = volume with { Node = node };
        var values = _window[column];
        if (values.Count > 0 && double.IsFinite(values[row]))
            return Math.Max(0, values[row]);
        var known = values.Concat(_normal[column]).Where(double.IsFinite).ToArray();
        return known.Length == 0 ? 0 : Math.Max(0, Median(known));
    }

    private double? Usual(MetricColumn column)
    {
        var values = _normal[column].Where(double.IsFinite).ToArray();
        return values.Length < _options.FewestNormalValues ? null : Median(values);
    }

    // Quantile of how much worse than the median normal rows are: it exists where most values are alike and the MAD is 0.
    private double Margin(MetricColumn column, double usual)
    {
        var worse = _normal[column].Where(double.IsFinite).Select(value => _worse * (value - usual)).Order().ToArray();
        return worse.Length < _options.FewestNormalValues ? 0 : Math.Max(0, worse[(int)Math.Ceiling(_options.NormalShare * worse.Length) - 1]);
    }

    private double Worst(IReadOnlyList<double> values, int from, double usual)
    {
        var worst = 0.0;
        for (var row = from + _options.OnsetRow; row < Math.Min(values.Count, from + _window.Rows); row++)
            worst = Math.Max(worst, double.IsFinite(values[row]) ? _worse * (values[row] - usual) : 0);
        return worst;
    }

    // How many requests a row stands for: a summed metric, one that is named for it before any other.
    private static MetricColumn? VolumeOf(IEnumerable<MetricColumn> columns, string target) => columns
        .Where(column => column.Metric != target && IsSum(column.Statistic))
        .OrderBy(column => !IsRequests(column.Metric)).ThenBy(column => column.Metric, StringComparer.Ordinal).ThenBy(column => column.Statistic, StringComparer.Ordinal)
        .Select(column => (MetricColumn?)column).FirstOrDefault();

    private static bool IsSum(string statistic) => Sums.Contains(statistic, StringComparer.OrdinalIgnoreCase);

    private static bool IsRequests(string metric) => Requests.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
