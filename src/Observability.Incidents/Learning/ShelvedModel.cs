namespace Observability.Incidents;

/// <summary>A version on the shelf: its card, and its bytes to make an engine from.</summary>
internal sealed record ShelvedModel(ModelCard Card, byte[] Bytes);
