namespace Observability.Model;

/// <summary>What a source says about a metric family.</summary>
/// <param name="Family">Its name: of a histogram without <c>_bucket</c>, of an OpenMetrics counter without <c>_total</c>.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c>, <c>histogram</c>, <c>gaugehistogram</c>, <c>summary</c>, <c>info</c>, <c>stateset</c> or <c>unknown</c>.</param>
/// <param name="Help">Its description, or an empty string.</param>
/// <param name="Unit">Its unit, or an empty string.</param>
public sealed record MetricMetadata(string Family, string Type, string Help, string Unit)
{
    /// <summary>The type where nothing says one.</summary>
    public const string UnknownType = "unknown";
}
