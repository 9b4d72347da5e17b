using System.Text.Json.Nodes;
using Observability.Alerting;

namespace Observability.Server;

/// <summary>
/// Single series with anomaly windows, in the layout of the Numenta Anomaly Benchmark, one file a case:
/// <code>{"series":"realKnownCause/nyc_taxi.csv","scores":[0.0, …]}</code>
/// One score from 0 to 1 per row, from <see cref="SeriesAnomalyDetector"/> with its defaults; a row's score depends on earlier rows only.
/// </summary>
internal sealed class NabSet : ILabelledSet
{
    /// <inheritdoc/>
    public string Name => "nab";

    /// <inheritdoc/>
    public bool AcceptsFile => true;

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Answer(string path, Action<string> trouble)
    {
        foreach (var file in NabSeriesFile.Below(path))
        {
            NabSeriesFile? series = null;
            try
            {
                series = NabSeriesFile.Read(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                trouble($"{file}: cannot be read ({exception.Message}); it is answered without scores");
            }

            if (series is not null && !series.Values.Any(double.IsFinite))
                trouble($"{file}: no row has a number in its column \"value\" (or its second); every row scores 0");
            yield return new JsonObject
            {
                ["series"] = NabSeriesFile.NameOf(file),
                ["scores"] = series is null ? [] : Scores(series),
            };
        }
    }

    /// <inheritdoc/>
    public EvalScore Score(string path, IReadOnlyList<JsonObject> answers)
    {
        var scores = answers.ToDictionary(
            answer => answer["series"]!.GetValue<string>(),
            answer => answer["scores"]!.AsArray().Select(score => score!.GetValue<double>()).ToArray(),
            StringComparer.Ordinal);
        var labels = NabLabels.Find(path);
        return NabReport.Of([.. NabSeriesFile.Below(path).Select(NabSeriesFile.Read).Select(series => NabCase.Of(series, labels, scores.GetValueOrDefault(series.Name, [])))]);
    }

    private static JsonArray Scores(NabSeriesFile series)
    {
        var detector = new SeriesAnomalyDetector(new SeriesAnomalyOptions());
        var scores = new JsonArray();
        for (var row = 0; row < series.Values.Count; row++)
            scores.Add(Math.Round(detector.Observe(series.Times[row], series.Values[row]).Score, 6));
        return scores;
    }
}
