using System.Text.Json;
using Microsoft.ML;

namespace Observability.Incidents;

/// <summary>The trained ranker with its calibration. Not thread-safe: the prediction engine is ML.NET's.</summary>
public sealed class CauseModel
{
    // What inhibition rules do: the most causes first, and among equals the earliest. An alert more is worth more than all of the order.
    private static readonly (int Causes, int Symptoms, int Onset) Counted = (IndexOf("cause_alerts"), IndexOf("symptom_alerts"), IndexOf("onset_order"));

    private readonly Func<CauseFeatures, double> _score;
    private readonly CauseCalibration _calibration;

    private CauseModel(Func<CauseFeatures, double> score, CauseCalibration calibration) => (_score, _calibration) = (score, calibration);

    /// <summary>The model that ships with the platform.</summary>
    public static CauseModel Shipped()
    {
        using var calibration = ShippedModels.Open("root-cause.calibration.json");
        return Load(ShippedModels.Open("root-cause.zip"), JsonSerializer.Deserialize<CauseCalibration>(calibration)!);
    }

    /// <summary>Reads a model that <c>eval train</c> wrote, with the calibration beside it.</summary>
    /// <exception cref="InvalidDataException">A file is missing or is not what it should be; the message names it.</exception>
    public static CauseModel Open(string path)
    {
        var beside = Path.ChangeExtension(path, ".calibration.json");
        var reading = beside;
        try
        {
            var calibration = JsonSerializer.Deserialize<CauseCalibration>(File.ReadAllBytes(beside)) ?? throw new JsonException("it holds null");
            reading = path;
            return Load(File.OpenRead(path), calibration);
        }
        // ML.NET says that a file is no model in several ways.
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException
            or ArgumentException or InvalidDataException)
        {
            throw new InvalidDataException($"{reading}: {fault.Message}; eval train writes the model and its calibration", fault);
        }
    }

    /// <summary>Reads a model.</summary>
    public static CauseModel Load(Stream stream, CauseCalibration calibration)
    {
        var context = new MLContext(seed: 1);
        using (stream)
        {
            var engine = context.Model.CreatePredictionEngine<CauseFeatures, Ranking>(context.Model.Load(stream, out _));
            return new CauseModel(features => engine.Predict(features).Score, calibration);
        }
    }

    /// <summary>
    /// Nothing learnt, for comparison: a cause alert counts one, a symptom a tenth, a late onset costs a twentieth. Its probabilities are those
    /// of a softmax that nobody fitted.
    /// </summary>
    public static CauseModel Untrained() => new(
        features => features.Values[Counted.Causes] + (0.1 * features.Values[Counted.Symptoms]) - (0.05 * features.Values[Counted.Onset]),
        new CauseCalibration(0.5, 0, 0.4));

    /// <summary>Probability below which it had better not answer.</summary>
    public double AbstainBelow => _calibration.AbstainBelow;

    /// <summary>The ranker's score; only its order means something.</summary>
    public double Score(CauseFeatures features) => _score(features);

    /// <summary>Calibrated probabilities of the candidates of one incident, in the order of their scores.</summary>
    public IReadOnlyList<double> Probabilities(IReadOnlyList<double> scores) => _calibration.Probabilities(scores);

    private static int IndexOf(string feature) => CauseFeatures.Names.ToList().IndexOf(feature);

    private sealed class Ranking
    {
        public float Score { get; set; }
    }
}
