using System.Text.Json;

namespace Observability.Collectors;

/// <summary>An event of a Chrome trace as it stands there.</summary>
internal readonly record struct RawEvent(string Phase, string Name, long Process, long Thread)
{
    /// <summary>The name that a metadata event gives.</summary>
    public string Label { get; init; } = "";

    public int? Step { get; init; }

    public int? Stage { get; init; }

    public int Chunk { get; init; }

    public int Sequence { get; init; }

    /// <summary>In microseconds.</summary>
    public double Start { get; init; }

    /// <summary>In microseconds.</summary>
    public double Duration { get; init; }

    /// <summary>Null for what is no event with a phase and a name.</summary>
    public static RawEvent? Of(JsonElement element)
    {
        if (Text(element, "ph") is not { } phase || Text(element, "name") is not { } name)
            return null;
        var args = element.TryGetProperty("args", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new RawEvent(phase, name, Whole(element, "pid") ?? 0, Whole(element, "tid") ?? 0)
        {
            Label = Text(args, "name") ?? "",
            Step = Whole(args, "step") ?? Whole(args, "iteration"),
            Stage = Whole(args, "stage") ?? Whole(args, "pp_rank"),
            Chunk = Whole(args, "model_chunk") ?? Whole(args, "mc") ?? -1,
            Sequence = Whole(args, "seq_id") ?? 0,
            Start = Number(element, "ts"),
            Duration = Number(element, "dur"),
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : 0;

    // Writers of traces give whole numbers as 3, 3.0 or not at all.
    private static int? Whole(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number) && Math.Abs(number) < int.MaxValue ? (int)number : null;
}
