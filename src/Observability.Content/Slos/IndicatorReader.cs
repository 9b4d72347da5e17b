using Observability.Model;

namespace Observability.Content;

/// <summary>Reads the indicator of an SLO: a ratio of two queries, a ratio that is there already, or a gauge to compare.</summary>
internal static class IndicatorReader
{
    public static SliSpec Read(OpenSloObject sli)
    {
        var spec = sli.Spec;
        spec.Ignore("description");
        var threshold = spec.Map("thresholdMetric");
        var ratio = spec.Map("ratioMetric");
        spec.Close();
        if (threshold is null == ratio is null)
            spec.Fault(threshold is null ? "ratioMetric" : "thresholdMetric", "or the other: an indicator has exactly one of thresholdMetric and ratioMetric");
        if (threshold is not null)
            return new SliSpec { Threshold = ReadQuery(threshold, sli.IsDraft) };
        return ratio is null ? new SliSpec() : ReadRatio(ratio, sli.IsDraft);
    }

    private static SliSpec ReadRatio(YamlMap ratio, bool isDraft)
    {
        var isSuccess = ratio.OneOf("rawType", "success", "failure") == "success";
        var indicator = new SliSpec
        {
            IsCounter = ratio.Flag("counter") ?? false,
            Good = Query(ratio, "good", isDraft),
            Bad = Query(ratio, "bad", isDraft),
            Total = Query(ratio, "total", isDraft),
        };
        var raw = Query(ratio, "raw", isDraft);
        indicator = indicator with { RawSuccess = isSuccess ? raw : null, RawFailure = isSuccess ? null : raw };
        ratio.Close();
        if (raw is not null)
        {
            if (!ratio.Has("rawType"))
                ratio.Fault("rawType", "is missing; say whether raw is a ratio of success or of failure");
            if (indicator.Good is not null || indicator.Bad is not null || indicator.Total is not null)
                ratio.Fault("raw", "is a whole ratio; remove good, bad and total");
        }
        else if (indicator.Total is null || indicator.Good is null == indicator.Bad is null)
        {
            ratio.Fault("total", "and exactly one of good and bad are needed, or raw");
        }

        return indicator;
    }

    private static string? Query(YamlMap ratio, string key, bool isDraft) =>
        ratio.Map(key) is { } metric ? ReadQuery(metric, isDraft) : null;

    // v1: {metricSource: {metricSourceRef, type, spec: {query}}}; v2alpha: {dataSourceRef | dataSourceSpec, spec: {query}}.
    private static string ReadQuery(YamlMap metric, bool isDraft)
    {
        var source = metric;
        if (isDraft)
        {
            metric.Ignore("dataSourceRef", "dataSourceSpec");
        }
        else
        {
            if (metric.Map("metricSource") is not { } inner)
            {
                if (!metric.Has("metricSource"))
                    metric.Fault("metricSource", "is missing");
                metric.Close();
                return "";
            }

            metric.Close();
            source = inner;
            source.Ignore("metricSourceRef", "type");
        }

        var spec = source.Map("spec");
        source.Close();
        if (spec is null)
        {
            source.Fault("spec", "is missing; write the PromQL under spec.query");
            return "";
        }

        // Other keys of a source's spec belong to the source.
        return spec.Required("query");
    }
}
