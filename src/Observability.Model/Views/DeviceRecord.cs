namespace Observability.Model;

/// <summary>How often a device was the culprit of a hardware incident.</summary>
/// <param name="Entity">The device, or the node with all that is in it.</param>
/// <param name="Incidents">Hardware incidents whose verdict names it.</param>
/// <param name="Expected">How many the others of its kind had on the mean.</param>
/// <param name="LemonScore">Probability that a device which fails as often as the others would have had fewer: 0.999 is one chance in a thousand.</param>
/// <param name="Last">When the last one began.</param>
public sealed record DeviceRecord(EntityId Entity, int Incidents, double Expected, double LemonScore, DateTimeOffset Last);
