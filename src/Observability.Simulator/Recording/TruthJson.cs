using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Simulator;

/// <summary>What is true of a run as <c>truth/truth.json</c> tells it; <c>docs/bundle.md</c> says what each field means.</summary>
public static class TruthJson
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Everything that has begun so far.</summary>
    public static string Of(Fleet fleet)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return JsonSerializer.Serialize(new { Format = FleetRecorder.Format, Faults = fleet.Truth.Select(Line), Negatives = fleet.Negatives.Select(Line) }, Json);
    }

    /// <summary>One of them, to be written as JSON.</summary>
    public static object Line(GroundTruth truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        return new
        {
            truth.Fault.Id,
            Kind = truth.Fault.Kind,
            Entity = truth.Fault.Entity.ToString(),
            At = truth.Fault.At,
            EndsAt = truth.Fault.At + truth.Fault.Duration,
            truth.FirstSymptomAt,
            truth.Kind.Classes,
            truth.Kind.IsHardware,
            truth.Kind.Action,
            Entities = truth.Entities.Select(entity => entity.ToString()),
            truth.Nodes,
            truth.Jobs,
            truth.StepSeconds,
        };
    }
}
