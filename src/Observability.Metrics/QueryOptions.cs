namespace Observability.Metrics;

/// <summary>How the embedded engine evaluates.</summary>
public sealed class QueryOptions
{
    /// <summary>How far back an instant selector looks for its newest sample.</summary>
    public TimeSpan Lookback { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Step of a subquery that names none.</summary>
    public TimeSpan DefaultSubqueryStep { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most samples one query may touch.</summary>
    public long MaxSamples { get; set; } = 50_000_000;

    /// <summary>Most steps of a range query, as Prometheus allows.</summary>
    public int MaxSteps { get; set; } = 11_000;

    /// <summary>
    /// True evaluates as Prometheus 2.x did: ranges and lookback are closed on the left, and a counter's line is cut at zero before it
    /// is asked whether the series starts inside the window.
    /// </summary>
    public bool LeftClosedRanges { get; set; }

    /// <summary>True drops metric names at the end of the query instead of at once (a Prometheus feature flag).</summary>
    public bool DelayedNameRemoval { get; set; }

    /// <summary>True allows the functions and aggregators that Prometheus keeps behind a feature flag.</summary>
    public bool ExperimentalFunctions { get; set; }

    /// <summary>Longest evaluation; beyond it the query fails with <c>timeout</c>. Zero lets nothing through.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Most threads that one query uses; 1 keeps it on its own.</summary>
    public int MaxThreads { get; set; } = Environment.ProcessorCount;

    /// <summary>The same with another step for subqueries that name none.</summary>
    public QueryOptions WithSubqueryStep(TimeSpan step)
    {
        var own = (QueryOptions)MemberwiseClone();
        own.DefaultSubqueryStep = step;
        return own;
    }

    /// <summary>The same with what one query asks for.</summary>
    internal QueryOptions For(QueryDemand demand)
    {
        if (demand == QueryDemand.None)
            return this;
        var own = (QueryOptions)MemberwiseClone();
        own.Lookback = demand.Lookback ?? Lookback;
        own.Timeout = demand.Timeout is { } asked && asked < Timeout ? asked : Timeout;
        return own;
    }
}
