namespace Observability.Model;

/// <summary>Label names that carry meaning for the pipeline; rules, the fault catalogue and detectors set them.</summary>
public static class AlertLabel
{
    /// <summary>Name of the alert.</summary>
    public const string Name = "alertname";

    /// <summary><c>critical</c>, <c>warning</c> or <c>info</c>.</summary>
    public const string Severity = "severity";

    /// <summary>One of <see cref="Model.FaultClass"/>: which fault this alert is a sign of.</summary>
    public const string FaultClass = "fault_class";

    /// <summary><c>cause</c>: the alert points at a fault itself; <c>symptom</c>: at its consequence.</summary>
    public const string Role = "role";

    /// <summary>The entity in written form, where the alert states it.</summary>
    public const string Entity = "entity";

    /// <summary><c>shadow</c> or <c>live</c>, as a label or as an annotation: where a rule shall begin.</summary>
    public const string Standing = "standing";

    /// <summary>Value of <see cref="Role"/> for a fault itself.</summary>
    public const string RoleCause = "cause";

    /// <summary>Value of <see cref="Role"/> for a consequence.</summary>
    public const string RoleSymptom = "symptom";
}
