using Observability.Model;

namespace Observability.Server;

/// <summary>A verdict in the report.</summary>
/// <param name="At">When it was first reached in this form.</param>
/// <param name="SecondsFromSymptom">Seconds from the incident's first alert to its first verdict.</param>
/// <param name="Entity">The culprit; null for "I don't know".</param>
/// <param name="Kind">Hardware, not hardware or unknown.</param>
/// <param name="Class">The fault's class.</param>
/// <param name="Confidence">Calibrated probability in [0, 1].</param>
/// <param name="Evidence">How many lines of evidence it has.</param>
public sealed record VerdictLine(
    DateTimeOffset At, double SecondsFromSymptom, EntityId? Entity, VerdictKind Kind, string Class, double Confidence, int Evidence);
