using Observability.Model;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>Reads OpenSLO v1 SLO documents with an inline indicator. Alert policies are the rows of the SRE workbook, scaled to the window.</summary>
public static class SloFileReader
{
    // SRE workbook, table 5-8, as shares of a 30-day budget: (share, long, short, severity).
    private static readonly (double Share, TimeSpan Long, TimeSpan Short, string Severity)[] Rows =
    [
        (0.02, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), "critical"),
        (0.05, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), "critical"),
        (0.10, TimeSpan.FromDays(3), TimeSpan.FromHours(6), "warning"),
    ];

    /// <summary>Reads one file, which may hold several documents.</summary>
    public static ContentResult<SloSpec> Read(string file, string text)
    {
        var yaml = new YamlSource(file);
        var slos = new List<SloSpec>();
        foreach (var root in yaml.Roots(text))
        {
            if (yaml.Mapping(root, "document") is not { } top)
                continue;
            yaml.Known(top, "document", "apiVersion", "kind", "metadata", "spec");
            var version = yaml.Text(top, "apiVersion", "document", required: true);
            if (version != "openslo/v1")
                yaml.Fault(top, $"apiVersion: '{version}' is not read; write openslo/v1");
            var kind = yaml.Text(top, "kind", "document", required: true);
            if (kind is not "SLO")
                yaml.Fault(top, $"kind: '{kind}' is not read here; write an SLO with an inline indicator");
            else if (ReadSlo(yaml, top) is { } slo)
                slos.Add(slo);
        }

        return new ContentResult<SloSpec>(yaml.Findings.Count == 0 ? slos : [], yaml.Findings);
    }

    private static SloSpec? ReadSlo(YamlSource yaml, YamlMappingNode top)
    {
        if (yaml.Mapping(YamlSource.Get(top, "metadata"), "metadata") is not { } metadata || yaml.Mapping(YamlSource.Get(top, "spec"), "spec") is not { } spec)
        {
            yaml.Fault(top, "metadata and spec are needed");
            return null;
        }

        yaml.Known(metadata, "metadata", "name", "displayName", "labels", "annotations");
        yaml.Known(spec, "spec", "description", "service", "indicator", "timeWindow", "budgetingMethod", "objectives", "alertPolicies");
        var objectives = yaml.Items(YamlSource.Get(spec, "objectives"), "objectives").OfType<YamlMappingNode>().ToArray();
        if (objectives.Length != 1)
        {
            yaml.Fault(spec, $"objectives: exactly one is read, {objectives.Length} stand here");
            return null;
        }

        var objective = objectives[0];
        yaml.Known(objective, "objective", "displayName", "target", "targetPercent", "op", "value", "timeSliceTarget", "timeSliceWindow");
        var target = yaml.Number(objective, "target", "objective", yaml.Number(objective, "targetPercent", "objective", double.NaN) / 100);
        if (target is not (>= 0 and < 1))
            yaml.Fault(objective, $"objective.target: {target} is not in [0, 1)");
        var window = Window(yaml, spec);
        var name = yaml.Text(metadata, "name", "metadata", required: true);
        return new SloSpec
        {
            Id = name,
            DisplayName = yaml.Text(metadata, "displayName", "metadata") is { Length: > 0 } display ? display : name,
            Service = yaml.Text(spec, "service", "spec", required: true),
            Description = yaml.Text(spec, "description", "spec").Trim(),
            Indicator = Indicator(yaml, spec),
            Target = target,
            Window = window,
            Method = Method(yaml, spec),
            TimeSliceTarget = yaml.Number(objective, "timeSliceTarget", "objective", 1),
            TimeSlice = yaml.Duration(objective, "timeSliceWindow", "objective", TimeSpan.FromMinutes(1)),
            ThresholdOperator = yaml.Text(objective, "op", "objective"),
            ThresholdValue = yaml.Number(objective, "value", "objective", 0),
            BurnRates = [.. Rows.Select(row => new BurnRateWindow(row.Long, row.Short, row.Share * window / row.Long, row.Severity))],
            Source = yaml.At(top),
        };
    }

    private static TimeSpan Window(YamlSource yaml, YamlMappingNode spec)
    {
        var windows = yaml.Items(YamlSource.Get(spec, "timeWindow"), "timeWindow").OfType<YamlMappingNode>().ToArray();
        if (windows.Length != 1)
        {
            yaml.Fault(spec, "timeWindow: exactly one is needed");
            return TimeSpan.FromDays(30);
        }

        yaml.Known(windows[0], "timeWindow", "duration", "isRolling");
        if (yaml.Text(windows[0], "isRolling", "timeWindow") == "false")
            yaml.Fault(windows[0], "timeWindow.isRolling: only rolling windows are read in this version");
        return yaml.Duration(windows[0], "duration", "timeWindow", TimeSpan.FromDays(30));
    }

    private static BudgetingMethod Method(YamlSource yaml, YamlMappingNode spec)
    {
        var text = yaml.Text(spec, "budgetingMethod", "spec", required: true);
        if (Enum.TryParse<BudgetingMethod>(text, out var method) && method != BudgetingMethod.RatioTimeslices)
            return method;
        yaml.Fault(spec, $"budgetingMethod: '{text}' is not Occurrences or Timeslices");
        return BudgetingMethod.Occurrences;
    }

    private static SliSpec Indicator(YamlSource yaml, YamlMappingNode spec)
    {
        if (yaml.Mapping(YamlSource.Get(spec, "indicator"), "indicator") is not { } indicator || yaml.Mapping(YamlSource.Get(indicator, "spec"), "indicator.spec") is not { } inner)
        {
            yaml.Fault(spec, "indicator: an inline indicator with a spec is needed");
            return new SliSpec();
        }

        yaml.Known(inner, "indicator.spec", "thresholdMetric", "ratioMetric");
        if (YamlSource.Get(inner, "thresholdMetric") is YamlMappingNode threshold)
            return new SliSpec { Threshold = Query(yaml, threshold) };
        if (yaml.Mapping(YamlSource.Get(inner, "ratioMetric"), "ratioMetric") is not { } ratio)
        {
            yaml.Fault(inner, "indicator.spec: thresholdMetric or ratioMetric is needed");
            return new SliSpec();
        }

        yaml.Known(ratio, "ratioMetric", "counter", "good", "bad", "total");
        return new SliSpec
        {
            IsCounter = yaml.Text(ratio, "counter", "ratioMetric") == "true",
            Good = YamlSource.Get(ratio, "good") is YamlMappingNode good ? Query(yaml, good) : null,
            Bad = YamlSource.Get(ratio, "bad") is YamlMappingNode bad ? Query(yaml, bad) : null,
            Total = YamlSource.Get(ratio, "total") is YamlMappingNode total ? Query(yaml, total) : null,
        };
    }

    private static string Query(YamlSource yaml, YamlMappingNode metric)
    {
        if (yaml.Mapping(YamlSource.Get(metric, "metricSource"), "metricSource") is { } source
            && yaml.Mapping(YamlSource.Get(source, "spec"), "metricSource.spec") is { } spec)
        {
            return yaml.Text(spec, "query", "metricSource.spec", required: true).Trim();
        }

        yaml.Fault(metric, "metricSource.spec.query: is missing");
        return "";
    }
}
