using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>An alert transition with what the noise steps said of it. A marked alert is never lost: it still joins its incident.</summary>
/// <param name="Transition">The change as it arrived.</param>
/// <param name="Marks">Reductions, in the order of the steps; empty where nothing reduced it.</param>
/// <param name="Actionability">Probability in [0, 1] that someone has to act; 1 until the classifier has spoken.</param>
public sealed record ScreenedAlert(AlertTransition Transition, ImmutableArray<NoiseMark> Marks, double Actionability = 1)
{
    /// <summary>The alert after the change.</summary>
    public Alert Alert => Transition.Alert;

    /// <summary>True where no step reduced it.</summary>
    public bool IsLoud => Marks.IsEmpty;

    /// <summary>True where its rule or detector is in shadow: it may be listed with an incident, and is nothing more than listed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsShadow { get; init; }

    /// <summary>A copy with one more mark.</summary>
    public ScreenedAlert Mark(NoiseMark mark) => this with { Marks = Marks.Add(mark) };
}
