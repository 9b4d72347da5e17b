using Microsoft.ML;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>The trained classifier of actionability. Not thread-safe: the prediction engine is ML.NET's.</summary>
public sealed class ActionabilityModel
{
    private readonly Func<ActionabilityFeatures, double> _score;

    private ActionabilityModel(Func<ActionabilityFeatures, double> score, string version) => (_score, Version) = (score, version);

    /// <summary>What marks name as their source.</summary>
    public string Version { get; }

    /// <summary>The model that ships with the platform.</summary>
    public static ActionabilityModel Shipped() => Load(ShippedModels.Open("actionability.zip"), "actionability-1");

    /// <summary>Reads a model.</summary>
    public static ActionabilityModel Load(Stream stream, string version)
    {
        var context = new MLContext(seed: 1);
        using (stream)
        {
            var engine = context.Model.CreatePredictionEngine<ActionabilityFeatures, Prediction>(context.Model.Load(stream, out _));
            return new ActionabilityModel(features => engine.Predict(features).Probability, version);
        }
    }

    /// <summary>Nothing learnt, for comparison: someone has to act on everything.</summary>
    public static ActionabilityModel Untrained() => new(_ => 1, "untrained");

    /// <summary>Trains a logistic regression; few features, so that its weights can be read.</summary>
    public static byte[] Train(IReadOnlyList<ActionabilityFeatures> examples, int seed)
    {
        var context = new MLContext(seed);
        var data = context.Data.LoadFromEnumerable(examples);
        var pipeline = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            labelColumnName: nameof(ActionabilityFeatures.Label), featureColumnName: nameof(ActionabilityFeatures.Values), l2Regularization: 1);
        using var stream = new MemoryStream();
        context.Model.Save(pipeline.Fit(data), data.Schema, stream);
        return stream.ToArray();
    }

    /// <summary>Probability in [0, 1] that someone has to act.</summary>
    public double Score(ScreenedAlert alert) => _score(ActionabilityFeatures.Of(alert));

    private sealed class Prediction
    {
        public float Probability { get; set; }
    }
}
