using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace Observability.Incidents;

/// <summary>Trains the ranker: LightGBM LambdaRank over candidates grouped by incident.</summary>
public static class CauseTrainer
{
    /// <summary>Trains on some incidents, calibrates on others, and reports on a third set that neither has seen.</summary>
    public static TrainedCauseModel Train(IReadOnlyList<LabelledIncident> train, IReadOnlyList<LabelledIncident> calibrate, IReadOnlyList<LabelledIncident> test, int seed)
    {
        var context = new MLContext(seed);
        var data = context.Data.LoadFromEnumerable(train.SelectMany((incident, i) => incident.Rows((uint)i + 1)));
        var trainer = context.Ranking.Trainers.LightGbm(new LightGbmRankingTrainer.Options
        {
            LabelColumnName = nameof(CauseFeatures.Label),
            FeatureColumnName = nameof(CauseFeatures.Values),
            RowGroupColumnName = nameof(CauseFeatures.Group),
            NumberOfIterations = 80,
            NumberOfLeaves = 15,
            MinimumExampleCountPerLeaf = 5,
            LearningRate = 0.1,
            NumberOfThreads = 1,
            Seed = seed,
            Verbose = false,
        });
        var pipeline = context.Transforms.Conversion.MapValueToKey(nameof(CauseFeatures.Label), keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Append(trainer);
        using var stream = new MemoryStream();
        var fitted = pipeline.Fit(data);
        // Only the ranker is needed when it is used: the key mapping is about labels.
        context.Model.Save(fitted.LastTransformer, data.Schema, stream);
        var bytes = stream.ToArray();
        var scorer = CauseModel.Load(new MemoryStream(bytes), new CauseCalibration(1, -10));
        var calibration = CauseCalibration.Fit([.. calibrate.Select(incident => (incident.Scores(scorer), incident.TrueIndex))]);
        var report = CauseReport.Of(test, CauseModel.Load(new MemoryStream(bytes), calibration), train.Count, calibrate.Count, seed);
        return new TrainedCauseModel(bytes, JsonSerializer.SerializeToUtf8Bytes(calibration), report);
    }
}
