using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;
using Microsoft.ML.Transforms;

namespace Observability.Incidents;

/// <summary>Trains the ranker: LightGBM LambdaRank over candidates grouped by incident.</summary>
public static class CauseTrainer
{
    /// <summary>
    /// Tells stories from three seeds in a row, trains on the first, calibrates on the second (a quarter as many), and reports on the
    /// third. The same seed and number give the same bytes.
    /// </summary>
    /// <param name="stories">Stories of the first part.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="before">The model that it would replace, which is asked about the third part too; null for none.</param>
    /// <param name="episodes">Judges labelled episodes with the new ranker, to calibrate it on them as well; null to calibrate on stories alone.</param>
    public static TrainedCauseModel Train(int stories, int seed, CauseModel? before = null, Func<CauseModel, JudgedEpisodes>? episodes = null)
    {
        var parts = new (SyntheticPart Part, int Stories)[] { (SyntheticPart.Train, stories), (SyntheticPart.Calibrate, stories / 4), (SyntheticPart.Test, stories / 4) };
        var data = parts.Select((part, i) => SyntheticIncidents.Generate(part.Stories, part.Part, seed + i)).ToArray();
        CauseReportPart[] told = [.. parts.Select((part, i) => new CauseReportPart(
            part.Part.ToString(), seed + i, Shapes(part.Part), part.Stories, data[i].Count, CauseReport.Digest(data[i])))];
        var model = Fit(data[0], seed);
        var scorer = CauseModel.Load(new MemoryStream(model), new CauseCalibration(1, -10, 0.5));
        (IReadOnlyList<double>, int?)[] calibrate = [.. data[1].Select(incident => (incident.Scores(scorer), incident.TrueIndex))];
        var calibration = CauseCalibration.Fit(calibrate);
        if (episodes is not null)
        {
            var judged = episodes(CauseModel.Load(new MemoryStream(model), calibration));
            calibration = CauseCalibration.Fit(calibrate, judged.Incidents);
            told = [.. told, judged.Part];
        }

        var report = CauseReport.Of(data[2], CauseModel.Load(new MemoryStream(model), calibration), told, seed);
        return new TrainedCauseModel(
            model, JsonSerializer.SerializeToUtf8Bytes(calibration), report, before is null ? null : CauseReport.Of(data[2], before, told, seed).Top1);
    }

    private static string Shapes(SyntheticPart part) => string.Join(", ", FleetShape.Of(part).Select(shape => $"{shape.Nodes}×{SyntheticFleet.Gpus}/{shape.NodesPerLeaf}/{shape.Jobs}"));

    private static byte[] Fit(IReadOnlyList<LabelledIncident> incidents, int seed)
    {
        var context = new MLContext(seed);
        // Incidents in which nobody is guilty teach an order of nobody; they are for the calibration.
        var rows = incidents.Where(incident => incident.TrueIndex is not null).SelectMany((incident, i) => incident.Rows((uint)i + 1));
        var data = context.Data.LoadFromEnumerable(rows);
        var trainer = context.Ranking.Trainers.LightGbm(new LightGbmRankingTrainer.Options
        {
            LabelColumnName = nameof(CauseFeatures.Label),
            FeatureColumnName = nameof(CauseFeatures.Values),
            RowGroupColumnName = nameof(CauseFeatures.Group),
            NumberOfIterations = 120,
            NumberOfLeaves = 15,
            MinimumExampleCountPerLeaf = 20,
            LearningRate = 0.1,
            NumberOfThreads = 1,
            Seed = seed,
            Verbose = false,
        });
        var pipeline = context.Transforms.Conversion.MapValueToKey(nameof(CauseFeatures.Label), keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Append(trainer);
        using var stream = new MemoryStream();
        // Only the ranker is needed when it is used: the key mapping is about labels.
        context.Model.Save(pipeline.Fit(data).LastTransformer, data.Schema, stream);
        return stream.ToArray();
    }
}
