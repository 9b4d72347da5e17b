using Observability.Model;

namespace Observability.Simulator;

/// <summary>A kind of fault, or of something that only looks like one, and what is true of every one of its kind.</summary>
/// <param name="Name">Its name in scripts, rates and truth.</param>
/// <param name="Hits">What it happens to.</param>
/// <param name="Action">What a right answer proposes.</param>
public sealed record FaultKind(string Name, EntityKind Hits, RepairAction Action)
{
    /// <summary>
    /// Classes a right verdict may give, of <see cref="FaultClass"/>. Where the telemetry cannot tell, <c>unknown</c> is among them; a
    /// kind that only looks like a fault has none.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>True where a part is broken; false where code, load, data or planned work is the reason.</summary>
    public bool IsHardware { get; init; }

    /// <summary>True where nothing is wrong: whoever blames hardware for it has raised a false alarm.</summary>
    public bool IsNegative { get; init; }

    /// <summary>Time from the onset to the first thing that any source shows.</summary>
    public TimeSpan FirstSymptom { get; init; }

    /// <summary>The same as a share of the fault's duration, for what grows; added to <see cref="FirstSymptom"/>.</summary>
    public double FirstSymptomShare { get; init; }

    /// <summary>True for what shows in a job's steps and nowhere else: nobody can see it while the job makes none for another reason.</summary>
    public bool ShowsInSteps { get; init; }

    /// <summary>True where the code of a job stops it: it would make steps but for that.</summary>
    public bool StopsJobByItself { get; init; }

    /// <summary>When the first sign of a fault of this kind shows.</summary>
    public DateTimeOffset FirstSymptomOf(FaultSpec fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.At + FirstSymptom + (fault.Duration * FirstSymptomShare);
    }
}
