using Microsoft.ML;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>The trained classifier of actionability. Not thread-safe: the prediction engine is ML.NET's.</summary>
public sealed class ActionabilityModel
{
    private readonly PredictionEngine<ActionabilityFeatures, Prediction> _engine;

    private ActionabilityModel(MLContext context, ITransformer model, string version)
    {
        _engine = context.Model.CreatePredictionEngine<ActionabilityFeatures, Prediction>(model);
        Version = version;
    }

    /// <summary>What marks name as their source.</summary>
    public string Version { get; }

    /// <summary>The model that ships with the platform.</summary>
    public static ActionabilityModel Shipped() => Load(ShippedModels.Open("actionability.zip"), "actionability-1");

    /// <summary>Reads a model.</summary>
    public static ActionabilityModel Load(Stream stream, string version)
    {
        var context = new MLContext(seed: 1);
        using (stream)
            return new ActionabilityModel(context, context.Model.Load(stream, out _), version);
    }

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
    public double Score(ScreenedAlert alert) => _engine.Predict(ActionabilityFeatures.Of(alert)).Probability;

    private sealed class Prediction
    {
        public float Probability { get; set; }
    }
}
