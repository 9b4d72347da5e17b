namespace Observability.Collectors;

/// <summary>A family in the reading: what was said about it, and its metrics one after the other.</summary>
internal sealed class StrictFamily(string name)
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly HashSet<string> _metrics = new(StringComparer.Ordinal);
    private string? _metric;
    private double? _time;
    private bool _isTimed;
    private StrictPoint _point = new();

    public string Name => name;

    public StrictType Type { get; private set; } = StrictType.Unknown;

    /// <summary>Names that its samples may have.</summary>
    public IEnumerable<string> SampleNames => Type.Suffixes.Select(suffix => name + suffix);

    /// <summary>Takes a TYPE, HELP or UNIT line.</summary>
    public string? Describe(string keyword, string text)
    {
        if (_metrics.Count > 0)
            return $"{keyword} of {name} comes after its samples";
        if (!_said.Add(keyword))
            return $"{keyword} of {name} is told twice";
        switch (keyword)
        {
            case "TYPE" when StrictType.Find(text) is { } type:
                Type = type;
                return null;
            case "TYPE":
                return $"'{text}' is no metric type";
            case "UNIT" when text.Length > 0 && !name.EndsWith("_" + text, StringComparison.Ordinal):
                return $"the name {name} does not end with its unit, _{text}";
            case "UNIT":
                _said.Add(text.Length > 0 ? "a unit" : "no unit");
                return null;
            default:
                return null;
        }
    }

    /// <summary>Takes a sample whose name is one of this family's.</summary>
    public string? Add(StrictLine sample)
    {
        if (_metrics.Count == 0 && _said.Contains("a unit") && Type.Name is "info" or "stateset")
            return $"a {Type.Name} has no unit";
        if (Type.Fault(name, sample) is { } fault)
            return fault;
        var inner = Type.InnerLabel(name);
        var metric = string.Join('\n', sample.Labels.Where(label => label.Key != inner).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
        if (metric != _metric)
            return EndMetric() ?? Begin(metric, sample);
        if (sample.Time.HasValue != _isTimed)
            return "some samples of the metric have a time and some have none";
        if (sample.Time < _time)
            return "time goes backwards within a metric";
        if (sample.Time > _time && EndPoint() is { } unfinished)
            return unfinished;
        _time = sample.Time;
        return _point.Add(name, Type, sample);
    }

    /// <summary>Why the family may not end here; null where it may.</summary>
    public string? End() => _metrics.Count == 0 && _said.Contains("a unit") && Type.Name is "info" or "stateset" ? $"a {Type.Name} has no unit" : EndMetric();

    private string? Begin(string metric, StrictLine sample)
    {
        if (!_metrics.Add(metric))
            return "the samples of a metric stand together; this one continues an earlier metric";
        (_metric, _time, _isTimed, _point) = (metric, sample.Time, sample.Time.HasValue, new StrictPoint());
        return _point.Add(name, Type, sample);
    }

    private string? EndMetric() => _metric is null ? null : EndPoint();

    private string? EndPoint()
    {
        var fault = _point.End(Type);
        _point = new StrictPoint();
        return fault is null ? null : $"{name} before this line: {fault}";
    }
}
