using Microsoft.ML;
using Microsoft.ML.Trainers;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>The trained classifier of actionability. Not thread-safe: the prediction engine is ML.NET's.</summary>
public sealed class ActionabilityModel
{
    private readonly Func<float[], double> _score;

    private ActionabilityModel(Func<float[], double> score, string version) => (_score, Version) = (score, version);

    /// <summary>What marks name as their source.</summary>
    public string Version { get; }

    /// <summary>The model that ships with the platform.</summary>
    public static ActionabilityModel Shipped() => Load(ShippedModels.Open("actionability.zip"), ModelVersion.Shipped);

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">It is no model, or one of other features.</exception>
    public static ActionabilityModel Load(Stream stream, string version)
    {
        var context = new MLContext(seed: 1);
        try
        {
            using (stream)
            {
                var engine = context.Model.CreatePredictionEngine<ActionabilityFeatures, Prediction>(context.Model.Load(stream, out _));
                return new ActionabilityModel(values => engine.Predict(new ActionabilityFeatures { Values = values }).Probability, version);
            }
        }
        // ML.NET says that a file is no model, or one of other features, in several ways.
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new InvalidDataException($"model {version}: {fault.Message}; it was trained by another version of the platform or is damaged: train anew", fault);
        }
    }

    /// <summary>Nothing learnt, for comparison: someone has to act on everything.</summary>
    public static ActionabilityModel Untrained() => new(_ => 1, "untrained");

    /// <summary>Trains a logistic regression; few features, so that its weights can be read, and one thread, so that the same examples give the same model.</summary>
    public static byte[] Train(IReadOnlyList<ActionabilityFeatures> examples, int seed)
    {
        var context = new MLContext(seed);
        var data = context.Data.LoadFromEnumerable(examples);
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = nameof(ActionabilityFeatures.Label),
            FeatureColumnName = nameof(ActionabilityFeatures.Values),
            ExampleWeightColumnName = nameof(ActionabilityFeatures.Weight),
            L2Regularization = 1,
            L1Regularization = 0,
            NumberOfThreads = 1,
        });
        using var stream = new MemoryStream();
        context.Model.Save(trainer.Fit(data), data.Schema, stream);
        return stream.ToArray();
    }

    /// <summary>Probability in [0, 1] that someone has to act.</summary>
    internal double Score(float[] features) => _score(features);

    private sealed class Prediction
    {
        public float Probability { get; set; }
    }
}
